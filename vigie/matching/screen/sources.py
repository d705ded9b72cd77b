"""What is to be screened: the files of a folder, of a list, or of an archive, one after the other.

Each is read into memory, up to a limit, and forgotten; nothing is unpacked to a disk. A name is a
label here and never opened, whatever an archive's member is called.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 20
Wanted = Callable[[str], bool]
DIGESTS = ("sha256", "sha1", "md5")


@dataclass(frozen=True)
class Found:
    """A file. ``outcome``: '' where ``data`` is all of it; else why it was not read to be looked
    at: ``too_large``, ``unreadable``, ``not_a_file``, ``encrypted``, ``archive_limit``,
    ``archive_broken``. ``digests``: by `DIGESTS`; empty if it was not read to its end.
    """

    path: str
    data: bytes = b""
    outcome: str = ""
    digests: dict[str, str] = field(default_factory=dict)


# Paths, which of them are wanted, and the bytes of each that are kept.
Reader = Callable[[Iterable[str], Wanted, int], Iterator[Found]]


def read_whole(path: str, file: BinaryIO, most: int, spend: Callable[[int], None]) -> Found:
    """``most``: bytes that are kept; of what is longer, the digests alone. ``spend`` is told of
    each piece that was read, and may raise."""
    hashes = [hashlib.new(name, usedforsecurity=False) for name in DIGESTS]
    kept, length = bytearray(), 0
    while piece := file.read(PIECE):
        spend(len(piece))
        length += len(piece)
        for one in hashes:
            one.update(piece)
        if length <= most:
            kept += piece
        else:
            kept.clear()
    digests = {name: one.hexdigest() for name, one in zip(DIGESTS, hashes, strict=True)}
    if length > most:
        return Found(path, b"", "too_large", digests)
    return Found(path, bytes(kept), "", digests)


def in_folder(folder: Path) -> Iterator[str]:
    """Every file below, in one order; links to folders are not followed, however deep it goes.

    A folder that cannot be read is a path of its own, and says so in a line of its own.
    """
    open_ones = [_entries(folder)]
    while open_ones:
        entry = next(open_ones[-1], None)
        if entry is None:
            open_ones.pop()
        elif entry.is_dir(follow_symlinks=False):
            try:
                open_ones.append(_entries(entry.path))
            except OSError:
                yield entry.path
        else:
            yield entry.path


def _entries(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return iter(sorted(entries, key=lambda entry: os.fsencode(entry.name)))


def from_disk(
    paths: Iterable[str], wanted: Wanted, most: int, skip: tuple[int, int] | None = None
) -> Iterator[Found]:
    """``skip``: device and inode of the file that is written to, which may lie in the folder."""
    for path in paths:
        if not wanted(path):
            continue
        try:
            found = _read(path, most, skip)
        except (OSError, ValueError):  # gone, forbidden, a name with a NUL
            found = Found(path, outcome="unreadable")
        if found:
            yield found


def _read(path: str, most: int, skip: tuple[int, int] | None) -> Found | None:
    """Links are followed to a file; pipes and devices would keep us waiting."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    told = os.fstat(handle)
    if not stat.S_ISREG(told.st_mode):
        os.close(handle)
        return Found(path, outcome="not_a_file")
    with os.fdopen(handle, "rb") as file:
        if (told.st_dev, told.st_ino) == skip:
            return None
        return read_whole(path, file, most, lambda _length: None)
