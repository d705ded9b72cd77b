"""The lines that were written, so that a run that was killed goes on where it ended."""

import fcntl
import hashlib
import json
import os
import stat
import sys
import time
from pathlib import Path
from typing import Any

FLUSHED = 2.0  # seconds after which lines are on the disk
LONGEST = 64 << 20  # bytes of a line: a long path, and all matches of a sheet's pictures
SEEN = ("ok", "not_a_picture")  # outcomes of what was looked at, or need not be

BEGINS = b'{"path": "'  # of each line, and so of a line that a killed run left unfinished


class Busy(Exception):
    """Another run writes to this file."""


class NotLines(Exception):
    """The file holds something else, or a line that was damaged: nothing in it was changed."""


class Otherwise(Exception):
    """Its lines were written with an index and these would be without one, or the reverse."""


class Lines:
    """JSON Lines, one for each path, in ``target`` (its owner's alone) or on the standard output.

    A line is written in one go. What a killed run left of the last line is cut off when it is
    opened again, and its file is done again. Nothing else is ever cut off. Raises `NotLines`,
    `Otherwise`, `Busy`. ``searched``: is there an index to search? ``file``: which one it is (its
    device and inode). ``resumed``, ``matched``, ``unseen``: what an earlier run had done, found,
    and not looked at.
    """

    def __init__(self, target: Path | None, *, searched: bool) -> None:
        self._done: set[bytes] = set()
        self.file: tuple[int, int] | None = None
        self.resumed, self.matched, self.unseen = 0, 0, 0
        self._flushed = time.monotonic()
        if target is None:
            self._handle = sys.stdout.fileno()
            return
        self._handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(target) from error
        told = os.fstat(self._handle)
        self.file = told.st_dev, told.st_ino
        if not stat.S_ISREG(told.st_mode):
            raise NotLines(target)
        self._read(target, searched)
        self.resumed = len(self._done)

    def _read(self, target: Path, searched: bool) -> None:
        whole = 0
        with target.open("rb") as file:
            while line := file.readline(LONGEST):
                if not line.endswith(b"\n") and len(line) < LONGEST:
                    break
                path, outcome, matches = _told(line, target)
                if (matches is not None) != searched:
                    raise Otherwise(target)
                self.matched += bool(matches)
                self.unseen += outcome not in SEEN
                self._done.add(_mark(path))
                whole += len(line)
        if line[: len(BEGINS)] != BEGINS[: len(line)]:
            raise NotLines(target)
        if line:
            os.ftruncate(self._handle, whole)

    def wants(self, path: str) -> bool:
        """Is this path's line still to be written? Asked once: from then on it is not."""
        mark = _mark(path)
        if mark in self._done:
            return False
        self._done.add(mark)
        return True

    def write(self, line: dict[str, Any]) -> None:
        rest = memoryview(json.dumps(line).encode() + b"\n")
        while rest:
            rest = rest[os.write(self._handle, rest) :]
        if self.file and time.monotonic() - self._flushed > FLUSHED:
            self.flush()

    def flush(self) -> None:
        if self.file:
            os.fsync(self._handle)
            self._flushed = time.monotonic()

    def close(self) -> None:
        self.flush()
        if self.file:
            os.close(self._handle)


def _told(line: bytes, target: Path) -> tuple[str, str, list[Any] | None]:
    """The path of a whole line, its outcome and its matches."""
    try:
        told = json.loads(line)
        path, outcome, matches = told["path"], told["outcome"], told["matches"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotLines(target) from error
    if not isinstance(path, str) or not isinstance(matches, list | None):
        raise NotLines(target)
    return path, outcome, matches


def _mark(path: str) -> bytes:
    """16 bytes, so that the paths of millions of files fit into memory."""
    return hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=16).digest()
