"""What is held of a request's body while it comes: its text, up to a limit, and no file but the
photo of the card studio.

Fed piece by piece. Beyond the limit one byte more is kept: by it the pages know that something is
missing. The rest is forgotten as it comes.
"""

import re
from typing import Any, Protocol

from django.conf import settings

from vigie.lib.parts import Part, Parts, boundary_of

# The one place where a picture is taken (`vigie.campaign.uploads`): no more than it takes. One byte
# beyond says that it is too large, and what the form holds after it is still read.
PHOTO = re.compile(r"/[a-z]{2}/card/")
PHOTO_FIELD = "photo"
MOST_PHOTO = 20_000_001
BEGINNING = 4_096  # bytes by which a form with parts is known


class Body(Protocol):
    """``size``: bytes held."""

    size: int

    def feed(self, piece: bytes) -> None: ...
    def whole(self) -> bytes: ...


def body_for(path: str, headers: Any) -> Body:
    if PHOTO.match(path):
        return WithOnePhoto(headers.get("content-type") or "")
    return WithoutFiles(headers.get("content-type") or "")


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
    """As it came, but a form with parts is written again with empty files."""

    def __init__(self, content_type: str) -> None:
        super().__init__(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1_000_000)
        self._type, self._mark = content_type, b""
        self._undecided = True
        self._parts: Parts | None = None
        self._in_file = False

    def feed(self, piece: bytes) -> None:
        if self._parts is None:
            super().feed(piece)
            if self._undecided and self.size >= BEGINNING:
                self._decide()
            return
        for one in self._parts.feed(piece):
            self._take(one)

    def _decide(self) -> None:
        """Whether it has parts is told by its beginning, whatever its type says."""
        self._undecided, start = False, super().whole()
        if boundary := boundary_of(self._type, start):
            self._mark, self._parts = b"\r\n--" + boundary, Parts(boundary)
            self._held, self.size = [], 0
            self.feed(start)

    def whole(self) -> bytes:
        if self._undecided:
            self._decide()
        if self._parts is None:
            return super().whole()
        for one in self._parts.end():
            self._take(one)
        self._held.append(self._mark + b"--\r\n")  # no second copy of a large body
        return super().whole()

    def _take(self, one: Part | bytes) -> None:
        if isinstance(one, Part):
            self._in_file = one.is_file
            super().feed(self._mark + b"\r\n" + one.head + b"\r\n\r\n")
            self._begin(one)
        else:
            super().feed(self._of_file(one) if self._in_file else one)

    def _begin(self, part: Part) -> None:
        """A part begins."""

    def _of_file(self, piece: bytes) -> bytes:
        """What is kept of a piece of a file."""
        return b""


class WithOnePhoto(WithoutFiles):
    """Likewise, but the photo is kept, as far as it may go."""

    def __init__(self, content_type: str) -> None:
        super().__init__(content_type)
        self._most += MOST_PHOTO
        self._left, self._is_photo = MOST_PHOTO, False

    def _begin(self, part: Part) -> None:
        self._is_photo = part.is_file and part.name == PHOTO_FIELD

    def _of_file(self, piece: bytes) -> bytes:
        piece = piece[: self._left] if self._is_photo else b""
        self._left -= len(piece)
        return piece
