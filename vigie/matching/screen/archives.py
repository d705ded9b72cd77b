"""Members of archives (zip, tar, tar.gz, tar.bz2, tar.xz), read in memory one after the other.

A member is ``archive!/its/name``, and ``…#2`` where a name comes again. An archive that unpacks to
more than 200 times its size (and a gigabyte) is a bomb: what is left of it is named where its names
are known, and not read.
"""

import bz2
import hashlib
import io
import lzma
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from vigie.matching.screen.sources import PIECE, Found, Wanted, read_whole

RATIO = 200
ALWAYS = 1_000_000_000  # bytes that any archive may unpack to
HEADER = 1_000_000  # bytes that a tar's header may have
DIRECTORY = 64 << 20  # bytes that a zip's directory may have: half a million names and more
MEMORY = 128 << 20  # bytes that unpacking may take
END = bytes(tarfile.BLOCKSIZE)  # what stands where a tar ends
# Not lzma: a zip's may ask for any memory.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
# A picture at whose end a zip hangs is a picture.
BEGINS = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gz",
    b"BZh": "bz2",
    b"\xfd7zXZ\0": "xz",
}


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


def kind_of(path: Path) -> str:
    """``zip``, ``tar``, ``gz``, ``bz2``, ``xz``, or '' for what is no archive that we read."""
    with path.open("rb") as file:
        begins = file.read(512)
    for start, kind in BEGINS.items():
        if begins.startswith(start):
            return kind
    return "tar" if begins[257:262] == b"ustar" else ""


def looks_packed(data: bytes) -> bool:
    """Is this file of a folder an archive itself? Those are named, and not opened."""
    packed = (b"Rar!", b"7z\xbc\xaf\x27\x1c", *BEGINS)
    return data.startswith(packed) or data[257:262] == b"ustar"


def in_archive(path: Path, wanted: Wanted, most: int) -> Iterator[Found]:
    """Every file in it, each once. Raises OSError if the archive cannot be opened."""
    kind = kind_of(path)
    labels = _Labels(path, wanted)
    try:
        yield from (_zipped if kind == "zip" else _tarred)(path, kind, labels, most)
    except Exception:  # whatever a hostile archive makes a reader raise
        if label := labels.of(""):
            yield Found(label, outcome="archive_broken")


class _Labels:
    """The name of each member, unlike any other's; '' for those that are not wanted."""

    def __init__(self, path: Path, wanted: Wanted) -> None:
        self._start, self._wanted = f"{path}!/", wanted
        self._met: Counter[bytes] = Counter()

    def of(self, name: str) -> str:
        mark = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        self._met[mark] += 1
        again = f"#{self._met[mark]}" if self._met[mark] > 1 else ""
        label = f"{self._start}{name}{again}"
        return label if self._wanted(label) else ""


def _zipped(path: Path, _kind: str, labels: _Labels, most: int) -> Iterator[Found]:
    budget, spent = Budget(path.stat().st_size), False
    _refuse_long_directory(path)
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.is_dir() or not (label := labels.of(member.filename)):
                continue
            found = Found(label, outcome="archive_limit")
            if not spent:
                try:
                    found = _unzipped(archive, member, label, most, budget)
                except Bomb:
                    spent = True
            yield found


def _refuse_long_directory(path: Path) -> None:
    """``zipfile`` reads a zip's whole directory into memory, some ten times its size."""
    with path.open("rb") as file:
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # finds it as ZipFile does
    if end and end[zipfile._ECD_SIZE] > DIRECTORY:  # type: ignore[attr-defined]
        raise zipfile.BadZipFile("too many members")


def _unzipped(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str, most: int, budget: Budget
) -> Found:
    if member.flag_bits & 1:
        return Found(label, outcome="encrypted")
    if member.compress_type not in METHODS:
        return Found(label, outcome="unreadable")
    try:
        with archive.open(member) as file:
            return read_whole(label, cast(BinaryIO, file), most, budget.spend)
    except Bomb:
        raise
    except Exception:  # a wrong checksum, a cut end, entries that overlap
        return Found(label, outcome="unreadable")


def _tarred(path: Path, kind: str, labels: _Labels, most: int) -> Iterator[Found]:
    budget = Budget(path.stat().st_size)
    with path.open("rb") as file:
        stream = _Forward(file, kind, budget)
        with tarfile.open(fileobj=cast(Any, stream), mode="r:") as archive:
            while member := archive.next():
                archive.members = []  # type: ignore[attr-defined]  # it would remember them all
                if not member.isreg() or not (label := labels.of(member.name)):
                    continue
                taken = archive.extractfile(member)
                assert taken is not None
                with taken:
                    yield read_whole(label, cast(BinaryIO, taken), most, lambda _length: None)
            # ``tarfile`` ends alike where a header is damaged or cut off, and says nothing.
            if stream.header != END:
                raise tarfile.ReadError("damaged, or cut off")


class _Forward(io.RawIOBase):
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
