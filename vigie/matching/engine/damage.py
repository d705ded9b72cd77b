"""Files of an index that are not what they should be: told apart from those of somebody else."""

import contextlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from vigie.matching.engine.rows import Rows


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


def note_of(folder: Path) -> int | None:
    """What `Index.note` says, of an index that may be somebody else's; None if none is readable."""
    path = folder / "manifest.json"
    with contextlib.suppress(FileNotFoundError, Damaged), reading(path):
        note: int | None = json.loads(path.read_bytes()).get("note")
        return note
    return None
