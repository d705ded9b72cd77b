"""A form with parts (multipart/form-data), read as it comes, and as forgivingly as possible.

No part is refused: lines may end as they like, the last mark may be missing, there may be any
number of parts. What a part holds is handed on in pieces, so that nobody has to keep a file.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.http import parse_header_parameters

LONGEST_HEAD = 16_384
_blank = re.compile(rb"\r?\n\r?\n")
_first = re.compile(rb"\s*--([^\r\n]{1,200}?)[ \t]*\r?\n")


@dataclass(frozen=True)
class Part:
    """The head of a part. ``name``: '' if it has none."""

    head: bytes
    name: str = ""
    is_file: bool = False
    is_base64: bool = False


def boundary_of(content_type: str, start: bytes = b"") -> bytes:
    """As stated, or else as the body's first line has it; b'' if neither."""
    stated = _parameters(content_type).get("boundary", "")
    if stated:
        return stated.encode("latin-1", "replace")
    found = _first.match(start)
    return found[1] if found else b""


def part_of(head: bytes) -> Part:
    """What a head says; one that says nothing that can be read is a nameless part."""
    text, said = head.decode("utf-8", "replace"), dict[str, str]()
    for line in re.sub(r"\r?\n[ \t]+", " ", text).splitlines():
        name, _, value = line.partition(":")
        said.setdefault(name.strip().lower(), value.strip())
    about = _parameters(said.get("content-disposition", ""))
    base64 = said.get("content-transfer-encoding", "").lower() == "base64"
    return Part(head, about.get("name", ""), "filename" in about, base64)


def from_base64(data: bytes) -> bytes:
    """As it stands, if it is none."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        return data


def _parameters(header: str) -> dict[str, str]:
    try:
        return dict(parse_header_parameters(header)[1])
    except (ValueError, LookupError):  # a charset that does not exist, among others
        return {}


class Parts:
    """Give it what comes with `feed`, and at the end `end`."""

    def __init__(self, boundary: bytes) -> None:
        self._mark = b"--" + boundary
        # In front of the first mark there is, for once, no line before it.
        self._buffer, self._step = b"\n", self._before
        self._begun = False  # has any of this part's content been handed on?

    def feed(self, data: bytes) -> Iterator[Part | bytes]:
        """Each part as it begins, then its bytes in pieces."""
        self._buffer += data
        while (found := self._step()) is not None:
            yield from found

    def end(self) -> Iterator[Part | bytes]:
        """What was still held back, in case more came. A mark that is torn off is no content."""
        yield from self.feed(b"\n  ")
        if self._step == self._body:
            rest = self._buffer[:-3]
            line = rest.rfind(b"\n")
            if line >= 0 and self._mark.startswith(rest[line + 1 :].rstrip(b"-\r")):
                rest = rest[:line].removesuffix(b"\r")
            if rest := rest[0 if self._begun else 1 :]:
                yield rest
        self._buffer = b""

    def _before(self) -> list[Part | bytes] | None:
        at, length = self._next_mark()
        if at < 0:
            self._buffer = self._buffer[-length:]
            return None
        return self._after_mark(at)

    def _after_mark(self, at: int) -> list[Part | bytes] | None:
        rest = self._buffer[at + 1 + len(self._mark) :]
        if rest.startswith(b"--"):
            self._buffer, self._step = b"", self._over
        else:
            self._buffer, self._step = rest, self._head
        return []

    def _head(self) -> list[Part | bytes] | None:
        """From the end of the mark's line to an empty one."""
        blank = _blank.search(self._buffer)
        if blank:
            head = self._buffer[: blank.start()].strip()
            # The line break stays: an empty part has nothing else in front of the next mark.
            self._buffer = self._buffer[blank.end() :]
        elif len(self._buffer) > LONGEST_HEAD:
            head = b""
        else:
            return None
        self._buffer, self._step, self._begun = b"\n" + self._buffer, self._body, False
        return [part_of(head)]

    def _body(self) -> list[Part | bytes] | None:
        at, length = self._next_mark()
        skip = 0 if self._begun else 1  # the line break that we put there ourselves
        if at >= 0:
            piece = self._buffer[skip:at].removesuffix(b"\r") if at else b""
            self._after_mark(at)
            return [piece] if piece else []
        if len(self._buffer) <= length:
            return None
        piece, self._buffer = self._buffer[skip:-length], self._buffer[-length:]
        self._begun = True
        return [piece] if piece else []

    def _over(self) -> list[Part | bytes] | None:
        self._buffer = b""
        return None

    def _next_mark(self) -> tuple[int, int]:
        """Where the line break before the next mark stands (-1: nowhere yet), and how much of the
        end may still become one."""
        at = -1
        while (at := self._buffer.find(b"\n" + self._mark, at + 1)) >= 0:
            after = self._buffer[at + 1 + len(self._mark) :][:2]
            if len(after) < 2:
                at = -1
                break
            if after[:1] in b"\r\n \t" or after == b"--":
                break
        return at, len(self._mark) + 8
