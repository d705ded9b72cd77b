"""A packed or plain tar as a stream that is read forwards, within what may come out of it."""

import bz2
import io
import lzma
import tarfile
import zlib
from typing import Any, BinaryIO

from vigie.matching.screen.sources import PIECE

RATIO = 200
ALWAYS = 1_000_000_000  # bytes that any archive may unpack to
HEADER = 1_000_000  # bytes that a tar's header may have
MEMORY = 128 << 20  # bytes that unpacking may take


class Bomb(Exception):
    """More came out of an archive than it may hold."""


class Budget:
    """The bytes that may come out of one archive."""

    def __init__(self, size: int) -> None:
        self._left = max(ALWAYS, RATIO * size)

    def spend(self, length: int) -> None:
        self._left -= length
        if self._left < 0:
            raise Bomb


class Forward(io.RawIOBase):
    """An unpacked tar, to be read from its beginning to its end, within its budget.

    ``tarfile`` reads a header into memory as long as it says it is: so no read is long.
    """

    def __init__(self, file: BinaryIO, kind: str, budget: Budget) -> None:
        self._file, self._kind, self._budget = file, kind, budget
        self._unpack = _unpacker(kind)
        self._ready, self._at = bytearray(), 0
        self.header = b""  # the last that was read

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, to: int, whence: int = 0) -> int:
        if whence or to < self._at:
            raise tarfile.ReadError("an archive is read forwards")
        while self._at < to and self.read(min(PIECE, to - self._at)):
            pass
        return self._at

    def read(self, length: int = -1) -> bytes:
        if not 0 <= length <= max(PIECE, HEADER):
            raise tarfile.ReadError("a header that is too long")
        while len(self._ready) < length and (piece := self._piece()):
            self._budget.spend(len(piece))
            self._ready += piece
        taken = bytes(self._ready[:length])
        del self._ready[:length]
        self._at += len(taken)
        if length == tarfile.BLOCKSIZE:
            self.header = taken
        return taken

    def goes_on(self) -> bool:
        """Is there more behind the zeros at a tar's end? Another one may be appended."""
        while block := self.read(tarfile.BLOCKSIZE):
            if block.strip(b"\0"):
                self._ready[:0] = block
                self._at -= len(block)
                return True
        return False

    def _piece(self) -> bytes:
        """Some more; nothing at the end. Raises EOFError for a cut end; what unpackers raise."""
        if self._unpack is None:
            return self._file.read(PIECE)
        while True:
            if self._unpack.eof:
                rest = self._unpack.unused_data or self._file.read(PIECE)
                if not rest.strip(b"\0"):
                    return b""
                self._unpack = _unpacker(self._kind)
                return bytes(self._unpack.decompress(rest, PIECE))
            more = b"" if not self._unpack.needs_input else self._file.read(PIECE)
            if self._unpack.needs_input and not more:
                raise EOFError
            if piece := self._unpack.decompress(more, PIECE):
                return bytes(piece)


class _Gzip:
    """zlib's unpacker with the manners of the others."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, most)


def _unpacker(kind: str) -> Any:
    if kind == "gz":
        return _Gzip()
    if kind == "bz2":
        return bz2.BZ2Decompressor()
    if kind == "xz":
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY)
    return None
