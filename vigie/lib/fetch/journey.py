"""`fetch`: from hop to hop, until there is an answer or a reason why there is none."""

import socket
from contextlib import closing
from dataclasses import dataclass

import h11

from vigie.lib.containers import called_video
from vigie.lib.fetch.connect import connect, secure
from vigie.lib.fetch.decoding import codings_of, decoded
from vigie.lib.fetch.egress import Egress
from vigie.lib.fetch.exchange import Exchange
from vigie.lib.fetch.location import Location
from vigie.lib.fetch.meter import Meter
from vigie.lib.fetch.names import checked_addresses
from vigie.lib.fetch.results import Fetched, FetchFailed, Hop, Limits, Outcome

DEFAULT_LIMITS = Limits()
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_CONTENT_TYPE = 255


def fetch(
    url: str,
    egress: Egress,
    limits: Limits = DEFAULT_LIMITS,
    *,
    accept: str = "*/*",
    verify_tls: bool = False,
    follow: bool = True,
    video: Limits | None = None,
) -> Fetched:
    """GET an address; never raises for anything that the address or the far side does.

    Redirects are followed by hand, each one read, resolved and checked like the first; their
    bodies are not read. With `follow=False` a redirect is an answer like any other. `video`: how
    many bytes may be read of what is called a video (its time is that of `limits`).
    """
    journey = _Journey(egress, Meter(limits), accept, verify_tls, follow, video)
    try:
        return journey.ended(url, Outcome.OK, journey.travel(url))
    except FetchFailed as failed:
        return journey.ended(url, failed.outcome, b"")


@dataclass
class _Stop:
    """A hop while it happens."""

    location: Location
    ip: str | None = None
    status: int | None = None
    content_type: str = ""
    tls_verified: bool | None = None


class _Journey:
    def __init__(
        self,
        egress: Egress,
        meter: Meter,
        accept: str,
        verify_tls: bool,
        follow: bool,
        video: Limits | None,
    ) -> None:
        self._egress = egress
        self._meter = meter
        self._accept = accept
        self._verify_tls = verify_tls
        self._follow = follow
        self._video = video
        self._stops: list[_Stop] = []

    def travel(self, url: str) -> bytes:
        """The body at the end of the road; raises FetchFailed."""
        location = Location.read(url)
        for _ in range(self._meter.limits.redirects + 1):
            stop = _Stop(location)
            self._stops.append(stop)
            with closing(self._reach(stop)) as sock:
                exchange = Exchange(sock, self._meter)
                exchange.ask(location, self._accept)
                answer = exchange.head()
                stop.status = answer.status_code
                onward = self._onward(answer, location)
                if onward is None:
                    stop.content_type = _content_type(answer)
                    if self._video and called_video(stop.content_type, location.url):
                        self._meter.limits = self._video
                    codings = codings_of(_values(answer, b"content-encoding"))
                    return decoded(exchange.body(), codings, self._meter.limits.body_bytes)
            location = onward
        raise FetchFailed(Outcome.TOO_MANY_REDIRECTS)

    def _reach(self, stop: _Stop) -> socket.socket:
        """Resolve, check, connect: nothing is sent before every address has been looked at."""
        place = stop.location
        addresses = checked_addresses(place, self._egress, self._meter.deadline)
        sock, stop.ip = connect(addresses, place.port, self._egress, self._meter)
        if not place.secure:
            return sock
        stop.tls_verified = False if self._verify_tls else None
        try:
            sock = secure(sock, place.host, self._verify_tls, self._meter)
        except FetchFailed:
            sock.close()
            raise
        stop.tls_verified = True if self._verify_tls else None
        return sock

    def _onward(self, answer: h11.Response, here: Location) -> Location | None:
        """Where a redirect leads; None if this is the answer. Raises `redirect_loop`."""
        pointers = _values(answer, b"location")
        if not (self._follow and answer.status_code in REDIRECTS and pointers):
            return None
        location = Location.read(_text(pointers[0]), here)
        if any(stop.location.url == location.url for stop in self._stops):
            raise FetchFailed(Outcome.REDIRECT_LOOP)
        return location

    def ended(self, url: str, outcome: Outcome, body: bytes) -> Fetched:
        last = self._stops[-1] if self._stops else None
        return Fetched(
            outcome=outcome,
            url=last.location.url if last else url,
            status=last.status if last else None,
            content_type=last.content_type if last else "",
            body=body,
            ip=last.ip if last else None,
            hops=tuple(Hop(stop.location.url, stop.ip, stop.status) for stop in self._stops),
            raw_bytes=self._meter.raw_bytes,
            seconds=self._meter.seconds(),
            tls_verified=last.tls_verified if last else None,
        )


def _values(answer: h11.Response, name: bytes) -> list[bytes]:
    return [value for header, value in answer.headers if header == name]


def _content_type(answer: h11.Response) -> str:
    values = _values(answer, b"content-type")
    return values[0].decode("ascii", "replace")[:MAX_CONTENT_TYPE] if values else ""


def _text(pointer: bytes) -> str:
    """Browsers read a Location as UTF-8 where they can, and byte by byte where they cannot."""
    try:
        return pointer.decode("utf-8")
    except UnicodeDecodeError:
        return pointer.decode("latin-1")
