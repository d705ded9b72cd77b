"""What is held of a request's body while it comes: its text, up to a limit, and no file.

Fed piece by piece. Beyond the limit one byte more is kept: by it the pages know that something is
missing. The rest is forgotten as it comes.
"""

import re
from typing import Any, Protocol

from django.conf import settings

from vigie.lib.parts import Part, Parts, boundary_of

# The one place where a picture is taken (`vigie.campaign.uploads`): no more than it takes.
PHOTO = re.compile(r"/[a-z]{2}/card/")
MOST_PHOTO = 20_000_001 + 1_000_000


class Body(Protocol):
    """``size``: bytes held."""

    size: int

    def feed(self, piece: bytes) -> None: ...
    def whole(self) -> bytes: ...


def body_for(path: str, headers: Any) -> Body:
    content_type = headers.get("content-type") or ""
    if content_type.strip().lower().startswith("multipart/") and not PHOTO.match(path):
        return WithoutFiles(content_type)
    return Plain(MOST_PHOTO if PHOTO.match(path) else settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)


class Plain:
    def __init__(self, most: int) -> None:
        self._most, self._held, self.size = most, list[bytes](), 0

    def feed(self, piece: bytes) -> None:
        piece = piece[: self._most - self.size]
        if piece:
            self._held.append(piece)
            self.size += len(piece)

    def whole(self) -> bytes:
        return b"".join(self._held)


class WithoutFiles(Plain):
    """A form with parts, written again as it came, but that its files are empty."""

    def __init__(self, content_type: str) -> None:
        super().__init__(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1_000_000)
        self._type, self._mark = content_type, b""
        self._parts: Parts | None = None
        self._in_file = False

    def feed(self, piece: bytes) -> None:
        if self._parts is None and self.size == 0:
            self._begin(boundary_of(self._type, piece))
        if self._parts is None:  # it is no such form, whatever it says
            super().feed(piece)
            return
        for one in self._parts.feed(piece):
            self._take(one)

    def _begin(self, boundary: bytes) -> None:
        if boundary:
            self._mark, self._parts = b"\r\n--" + boundary, Parts(boundary)

    def whole(self) -> bytes:
        if self._parts is None:
            return super().whole()
        for one in self._parts.end():
            self._take(one)
        return super().whole() + self._mark + b"--\r\n"

    def _take(self, one: Part | bytes) -> None:
        if isinstance(one, Part):
            self._in_file = one.is_file
            super().feed(self._mark + b"\r\n" + one.head + b"\r\n\r\n")
        elif not self._in_file:
            super().feed(one)
