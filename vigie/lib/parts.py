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


def boundary_of(content_type: str, start: bytes) -> bytes:
    """What parts a body that starts so: as stated, or as its first line has it; b'': it has none.

    The body has the last word: a header may be wrong, twice there, or of another kind.
    """
    stated = _parameters(content_type).get("boundary", "").encode("latin-1", "replace")
    if stated and b"--" + stated in start:
        return stated
    found = _first.match(start)
    return found[1] if found and b"content-disposition" in start.lower() else b""


def part_of(head: bytes) -> Part:
    """What a head says; one that says nothing that can be read is a nameless part."""
    if not head:
        return Part(head)
    text, said = head.decode("utf-8", "replace"), dict[str, str]()
    for line in re.sub(r"\r?\n[ \t]+", " ", text).splitlines():
        name, _, value = line.partition(":")
        said.setdefault(name.strip().lower(), value.strip())
    about = _parameters(said.get("content-disposition", ""))
    base64 = said.get("content-transfer-encoding", "").lower() == "base64"
    name = about.get("name") or about.get("name*", "")
    return Part(head, name, "filename" in about, base64)


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
    """Give it what comes with `feed`, and at the end `end`. Its work is linear in what comes."""

    def __init__(self, boundary: bytes) -> None:
        self._mark = b"--" + boundary
        self._marks = re.compile(rb"\n%s(?:[\r\n \t]|--)" % re.escape(self._mark))
        self._held = len(self._mark) + 8  # so much of an end may still become a mark
        # In front of the first mark there is, for once, no line before it.
        self._buffer, self._at, self._step = b"\n", 0, self._before
        self._skip = 0  # the line break in front of a part's content, which is none of it

    def feed(self, data: bytes) -> Iterator[Part | bytes]:
        """Each part as it begins, then its bytes in pieces."""
        self._buffer, self._at = self._buffer[self._at :] + data, 0
        while (found := self._step()) is not None:
            yield from found

    def end(self) -> Iterator[Part | bytes]:
        """What was still held back, in case more came. A mark that is torn off is no content."""
        yield from self.feed(b"\n  ")
        if self._step == self._body:
            rest = self._buffer[self._at : -3]
            line = rest.rfind(b"\n")
            if line >= 0 and self._mark.startswith(rest[line + 1 :].rstrip(b"-\r")):
                rest = rest[:line].removesuffix(b"\r")
            if rest := rest[self._skip :]:
                yield rest
        self._buffer, self._at = b"", 0

    def _before(self) -> list[Part | bytes] | None:
        mark = self._next_mark()
        if mark < 0:
            self._at = max(len(self._buffer) - self._held, self._at)
            return None
        return self._after(mark)

    def _after(self, mark: int) -> list[Part | bytes]:
        self._at = mark + 1 + len(self._mark)
        self._step = self._over if self._buffer.startswith(b"--", self._at) else self._head
        return []

    def _head(self) -> list[Part | bytes] | None:
        """From the end of the mark's line to an empty one."""
        blank = _blank.search(self._buffer, self._at)
        if blank:
            head = self._buffer[self._at : blank.start()].strip()
            # Its line break stays: an empty part has nothing else in front of the next mark.
            self._at, self._skip = blank.end() - 1, 1
        elif len(self._buffer) - self._at > LONGEST_HEAD:
            head, self._skip = b"", 0
        else:
            return None
        self._step = self._body
        return [part_of(head)]

    def _body(self) -> list[Part | bytes] | None:
        mark, start = self._next_mark(), self._at + self._skip
        if mark >= 0:
            piece = self._buffer[start:mark].removesuffix(b"\r")
            self._after(mark)
        elif len(self._buffer) - self._at <= self._held:
            return None
        else:
            piece = self._buffer[start : -self._held]
            self._at, self._skip = len(self._buffer) - self._held, 0
        return [piece] if piece else []

    def _over(self) -> list[Part | bytes] | None:
        self._at = len(self._buffer)
        return None

    def _next_mark(self) -> int:
        """Where the line break before the next mark stands; -1: nowhere, or not yet."""
        found = self._marks.search(self._buffer, self._at)
        return found.start() if found else -1
