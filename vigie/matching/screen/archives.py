"""Members of archives (zip, tar, tar.gz, tar.bz2, tar.xz), read in memory one after the other.

A member is ``archive!/its/name``, and ``…#2`` (or the next that no other has) where a name comes
again. An archive that unpacks to
more than 200 times its size (and a gigabyte) is a bomb: what is left of it is named where its names
are known, and not read.
"""

import hashlib
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from vigie.matching.screen.sources import Found, Wanted, read_whole
from vigie.matching.screen.unpacking import Bomb, Budget, Forward

DIRECTORY = 64 << 20  # bytes that a zip's directory may have: half a million names and more
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


def kind_of(path: Path) -> str:
    """``zip``, ``tar``, ``gz``, ``bz2``, ``xz``, or '' for what is no archive that we read."""
    with path.open("rb") as file:
        begins = file.read(512)
    for start, kind in BEGINS.items():
        if begins.startswith(start):
            return kind
    return "tar" if _is_tar(begins) else ""


def looks_packed(data: bytes) -> bool:
    """Is this file of a folder an archive itself? Those are named, and not opened."""
    packed = (b"Rar!", b"7z\xbc\xaf\x27\x1c", *BEGINS)
    return data.startswith(packed) or _is_tar(data[:512])


def _is_tar(begins: bytes) -> bool:
    """The oldest tars have no mark, but a checksum of their first header."""
    if begins[257:262] == b"ustar":
        return True
    try:
        tarfile.TarInfo.frombuf(begins, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return True


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
        label, mark = name, _mark(name)
        while self._met[_mark(label)]:  # a member may be called what another's second is
            self._met[mark] += 1
            label = f"{name}#{self._met[mark]}"
        self._met[_mark(label)] = 1
        label = self._start + label
        return label if self._wanted(label) else ""


def _mark(name: str) -> bytes:
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()


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
        stream = Forward(file, kind, budget)
        yield from _members(stream, labels, most)
        while stream.goes_on():
            yield from _members(stream, labels, most)


def _members(stream: Forward, labels: _Labels, most: int) -> Iterator[Found]:
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
