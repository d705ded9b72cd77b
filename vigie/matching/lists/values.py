"""What a hash value looks like, in each of the spellings that lists use. No Django.

Hexadecimal in lower case is how a value is kept. PhotoDNA (144 bytes, proprietary: carried and
compared as given, never computed) also comes in base64; so does PDQ (32 bytes).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

BYTES = {"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32, "photodna": 144}
CRYPTOGRAPHIC = frozenset({"md5", "sha1", "sha256"})
# Kinds that also come in base64. The others could then be read in two ways, or are never sent so.
BASE64 = frozenset({"pdq", "photodna"})
# What every file without a byte has: on a list it would recognise whatever failed to arrive.
EMPTY = frozenset({hashlib.new(kind, usedforsecurity=False).hexdigest() for kind in CRYPTOGRAPHIC})
HEX = re.compile("[0-9a-f]+")


class BadRow(Exception):
    """A row that is no entry; ``reason`` in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Entry:
    """An entry as its owner has it now: values by kind, and what they say of it.

    Without an ``external_id`` each value is an entry of its own. ``at`` is the owner's time.
    ``whole``: what this version lacks, the entry has no longer. Not so in files, whose numbers
    may begin anew in each.
    """

    values: tuple[tuple[str, str], ...]
    external_id: str = ""
    member: str = ""
    given: str = ""
    at: datetime | None = None
    withdrawn: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Bad:
    """A row set aside. ``ends``: nothing after it could be read either."""

    reason: str
    ends: bool = False


Row = tuple[int, Entry | Bad]  # numbered from 1, as a person counts lines
Rows = Iterator[Row]


def canonical(kind: str, text: str) -> str:
    """The value as it is kept. Raises `BadRow`."""
    length, lower = BYTES[kind], text.strip().lower()
    if len(lower) == 2 * length and HEX.fullmatch(lower):
        return lower
    if kind in BASE64:
        try:
            data = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise BadRow("not a value") from None
        if len(data) == length:
            return data.hex()
    raise BadRow("not a value")


def to_keep(kind: str, text: str) -> str:
    """As `canonical`, of a value that may stand on a list. Raises `BadRow`."""
    found = canonical(kind, text)
    if found in EMPTY:
        raise BadRow("of an empty file")
    return found


def moment(text: object) -> datetime | None:
    """A time without a zone is read as UTC; what is no time says nothing.

    Raises `BadRow` for one that no calendar of ours has: in UTC it lies before the year 1, or
    after 9999.
    """
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    try:
        return found and (found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
    except OverflowError:
        raise BadRow("time out of range") from None


def plain(text: object, length: int) -> str:
    """A short text that any database can keep: printable, no half characters, not too long."""
    if not isinstance(text, str | int | float):
        return ""
    kept = "".join(c for c in str(text)[: 4 * length] if c.isprintable())
    return kept.strip()[:length]


def name(text: object, length: int) -> str:
    """An owner's id for something, which must not be cut: two would become one. Raises `BadRow`."""
    kept = plain(text, length + 1)
    whole = str(text).strip() if isinstance(text, str | int | float) else ""
    if len(kept) > length or kept != whole:
        raise BadRow("id too long")
    return kept
