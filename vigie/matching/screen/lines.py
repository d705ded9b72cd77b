"""The lines that were written, so that a run that was killed goes on where it ended."""

import fcntl
import hashlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

FLUSHED = 2.0  # seconds after which lines are on the disk
PIECE = 1 << 16


class Busy(Exception):
    """Another run writes to this file."""


class Lines:
    """JSON Lines, one for each path, in ``target`` (its owner's alone) or on the standard output.

    A line is written in one go. What a killed run left of a line is cut off when it is opened
    again, and its file is done again.
    """

    def __init__(self, target: Path | None) -> None:
        self._done: set[bytes] = set()
        self.inode, self.resumed = 0, 0
        self._flushed = time.monotonic()
        if target is None:
            self._handle = sys.stdout.fileno()
            return
        self._handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(target) from error
        self.inode = os.fstat(self._handle).st_ino
        self._read(target)
        self.resumed = len(self._done)

    def _read(self, target: Path) -> None:
        whole = 0
        with target.open("rb") as file:
            for line in file:
                path = _path_of(line)
                if path is None:
                    break
                self._done.add(_mark(path))
                whole += len(line)
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
        if self.inode and time.monotonic() - self._flushed > FLUSHED:
            self.flush()

    def flush(self) -> None:
        if self.inode:
            os.fsync(self._handle)
            self._flushed = time.monotonic()

    def close(self) -> None:
        self.flush()
        if self.inode:
            os.close(self._handle)


def _path_of(line: bytes) -> str | None:
    """Of a whole line; None for what is none."""
    if not line.endswith(b"\n"):
        return None
    try:
        path = json.loads(line)["path"]
    except (ValueError, KeyError, TypeError):
        return None
    return path if isinstance(path, str) else None


def _mark(path: str) -> bytes:
    """16 bytes, so that the paths of millions of files fit into memory."""
    return hashlib.blake2b(path.encode("utf-8", "surrogatepass"), digest_size=16).digest()
