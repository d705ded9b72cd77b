"""This program's own index of near hashes: it follows the lists in the database.

A cache: a folder that is gone is filled anew (`vigie providers index`, before the program starts).
"""

import fcntl
import os
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from django.conf import settings

from vigie.matching.engine.index import Entry, Index, State
from vigie.matching.lists.lookup import PdqChange, pdq_changes

AT_ONCE = 5_000  # changes written at once


class Followed:
    """One folder. Threads and processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._index = Index(folder)
        self._tick, self._lock = folder / "tick", folder / "following.lock"
        self._one = threading.Lock()

    def caught_up(self) -> Index:
        """With all that the lists say now. Raises what `Index` raises.

        The tick is written after the changes, and only one process writes at a time: a crash
        between repeats some changes, and a repeat changes nothing.
        """
        now, _changes = pdq_changes(self._read())
        if now != self._read():
            with self._one, self._alone():
                now, changes = pdq_changes(self._read())
                self._take_in(changes)
                self._write(now)
        self._index.refresh()
        return self._index

    def _alone(self) -> "_Flock":
        return _Flock(self._lock)

    def _take_in(self, changes: Iterator[PdqChange]) -> None:
        thresholds: dict[str, int] = {}
        while batch := list(islice(changes, AT_ONCE)):
            for change in batch:
                if thresholds.get(str(change.list)) != change.threshold:
                    thresholds[str(change.list)] = change.threshold
                    self._index.set_list(str(change.list), change.threshold)
            gone = [(str(change.list), change.entry) for change in batch if not change.stands]
            self._index.change(_entries(batch), gone)

    def _read(self) -> int:
        try:
            return int(self._tick.read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def _write(self, tick: int) -> None:
        new = self._tick.with_suffix(".new")
        new.write_text(str(tick))
        new.replace(self._tick)


def _entries(changes: Iterable[PdqChange]) -> Iterator[Entry]:
    for one in changes:
        if one.stands:
            state = State.DISPUTED if one.disputed else State.ACTIVE
            yield Entry(str(one.list), one.entry, one.pdq, one.classification, state)


class _Flock:
    """One writer of all processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def __exit__(self, *_error: object) -> None:
        os.close(self._handle)


@cache
def followed() -> Followed:
    """By the settings. Raises OSError, `store.Unsafe`, `store.NotOurs`."""
    return Followed(settings.HASH_INDEX)
