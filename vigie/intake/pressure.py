"""How many reports come from one direction: what looks like a flood takes the slow lane.

Nothing is refused and nobody is asked to prove anything: a report of a flood is written as durably
as any other, opened after the others, and grouped on the desk.

A *direction* is where a request comes from, coarsely: the /24 of an IPv4 address, the /48 of an
IPv6 one, one circuit of an onion service that tells its circuits apart. It is hashed with a salt
that lives for one window in this process's memory, before any other code sees the request; no
address and no hash is ever written, and from a hash of an earlier window nothing leads back.

Who comes from this very machine (an onion service that does not tell circuits apart, a proxy that
names nobody) has no direction: one address stands for all of them, and nobody is to pay for
another. Their reports are measured by the site they name.
"""

import hashlib
import ipaddress
import re
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest

from vigie.lib import suffixes

WINDOW = 600.0  # seconds
FROM_ONE_DIRECTION = 30  # pages a window that are nobody's flood: a school, a town's phones
OF_ONE_SITE = 60
MOST_KEPT = 50_000
SCRIPT, CROWD = 4, 5  # a flood's number says, in its version, by what it was measured
# Tor's own numbering of circuits (HiddenServiceExportCircuitID haproxy).
CIRCUITS = ipaddress.IPv6Network("fc00:dead:beef:4dad::/64")
# From the start of a word only, and labels as long as they can be: or a long text takes a second.
SITE = re.compile(r"(?<![\w.-])(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}")
START = 10_000  # characters of a report in which its first site is looked for


class Direction(NamedTuple):
    """A direction as hashed in the present window and in the one before."""

    now: bytes
    before: bytes


@dataclass
class _Stream:
    count: int = 0
    flood: uuid.UUID | None = None


class Pressure:
    """Counts by salted hash, for this window and the one before. Safe with threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._salts = secrets.token_bytes(32), secrets.token_bytes(32)
        self._now: dict[bytes, _Stream] = {}
        self._before: dict[bytes, _Stream] = {}
        self._since = clock()

    def direction_of(self, address: str) -> Direction | None:
        """Of an IP address; None where that tells nothing of who sends."""
        prefix = _prefix(address)
        return self._hashed(prefix) if prefix else None

    def flood_of(self, direction: Direction | None, text: str) -> uuid.UUID | None:
        """Count a report; the flood that it seems to be part of, if any."""
        if direction is not None:
            return self._count(direction, FROM_ONE_DIRECTION)
        found = SITE.search(text[:START].casefold())
        if not found:
            return None
        return self._count(self._hashed(suffixes.registered(found[0])), OF_ONE_SITE, CROWD)

    def _hashed(self, what: str) -> Direction:
        with self._lock:
            self._turn()
            now, before = self._salts
        data = what.encode("utf-8", "replace")
        return Direction(
            *(hashlib.blake2b(data, key=s, digest_size=16).digest() for s in (now, before))
        )

    def _count(self, direction: Direction, most: int, kind: int = SCRIPT) -> uuid.UUID | None:
        with self._lock:
            self._turn()
            stream = self._now.get(direction.now)
            if stream is None:
                earlier = self._before.get(direction.before)
                goes_on = earlier is not None and earlier.count > most
                stream = _Stream(flood=earlier.flood if earlier and goes_on else None)
                if len(self._now) >= MOST_KEPT:  # the oldest: memory stays bounded
                    del self._now[next(iter(self._now))]
                self._now[direction.now] = stream
            stream.count += 1
            if stream.count > most and stream.flood is None:
                stream.flood = uuid.UUID(bytes=secrets.token_bytes(16), version=kind)
            return stream.flood

    def _turn(self) -> None:
        """A new window, a new salt. Call it with the lock."""
        passed = self._clock() - self._since
        if passed < WINDOW:
            return
        self._before = self._now if passed < 2 * WINDOW else {}
        self._now = {}
        self._salts = secrets.token_bytes(32), self._salts[0]
        self._since = self._clock()


def _prefix(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found in CIRCUITS:
            return str(found)
        found = found.ipv4_mapped or found
    if not found.is_global:
        return ""
    length = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network((found, length), strict=False))


def is_crowd(flood: uuid.UUID) -> bool:
    """Was it measured by the site alone? Then several people may be in it."""
    return flood.version == CROWD


PRESSURE = Pressure()


def flood_of(request: HttpRequest, text: str = "") -> uuid.UUID | None:
    """Count what this request sends; the flood that it seems to be part of, if any."""
    return PRESSURE.flood_of(request.META.get("vigie.direction"), text)
