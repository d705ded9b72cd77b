"""Files of an index that are not what they should be: told apart from those of somebody else."""

import contextlib
import hashlib
import json
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from vigie.matching.engine.rows import Rows
from vigie.matching.engine.tables import SPARE

SUMS = "sums.json"


class NotOurs(Exception):
    """This folder holds no index that this program can read."""


class Damaged(NotOurs):
    """A file is cut short, missing, or not what its name says. Only making the index anew helps."""


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """What stumbles over the content of this file raises Damaged."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise Damaged(path) from error


def checked(rows: Rows, path: Path) -> Rows:
    """The compiled search trusts its columns: of other lengths it would read what is not there."""
    count = len(rows)
    plain = rows.keys, rows.classes, rows.states, rows.changes
    if rows.hashes.shape != (count, 4) or any(column.shape != (count,) for column in plain):
        raise Damaged(path)
    return rows


def in_order(rows: Rows, path: Path) -> Rows:
    """Keys rise from row to row: looked at in a thousand places, for all of them are many."""
    few = rows.keys[:: max(1, len(rows) // 1024)]
    if (few[1:] <= few[:-1]).any():
        raise Damaged(path)
    return rows


def checked_tables(made: tuple[Any, ...], size: int, path: Path) -> tuple[Any, ...]:
    """Their shapes, and that places follow each other: four megabytes are read, however long the
    index. A row that is none is left out by the search itself."""
    starts, lows, highs, folds = made
    shapes = starts.shape == (16, 65_537) and lows.shape == highs.shape == (16, size)
    kinds = [array.dtype.kind for array in made] == ["u"] * 4
    if not shapes or not kinds or folds.shape not in ((0,), (16 * 2 * size + SPARE,)):
        raise Damaged(path)
    ends = (starts[:, 0] == 0).all() and (starts[:, -1] == size).all()
    if not ends or (starts[:, 1:] < starts[:, :-1]).any():
        raise Damaged(path)
    return made


def keep_sums(folder: Path) -> bytes:
    """The SHA-256 of each file of a large part, as `verify` reads them."""
    return json.dumps({path.name: _sum(path) for path in sorted(folder.glob("*.npy"))}).encode()


def verify(folder: Path, only: Collection[str] = ()) -> bool:
    """Is each file what was written? False: an earlier version kept no sums. Raises Damaged.
    ``only``: the names of those that are looked at.

    All of it is read: some seconds for ten million hashes. (What is sealed, and the tail, say so
    themselves whenever they are opened.)
    """
    path = folder / SUMS
    try:
        with reading(path):
            sums: dict[str, str] = json.loads(path.read_bytes())
            named = sums.items()
    except FileNotFoundError:
        return False
    for name, kept in named:
        if only and name not in only:
            continue
        if not (folder / name).is_file() or _sum(folder / name) != kept:
            raise Damaged(folder / name)
    return True


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def note_of(folder: Path) -> int | None:
    """What `Index.note` says, of an index that may be somebody else's; None if none is readable."""
    path = folder / "manifest.json"
    with contextlib.suppress(FileNotFoundError, Damaged), reading(path):
        note: int | None = json.loads(path.read_bytes()).get("note")
        return note
    return None
