"""Which entries of which lists are near a hash? Exact, within each list's own threshold.

A large part, sorted and mapped from files, and a small tail of what was changed since. A search
sees one state of both, whatever is written meanwhile; threads and processes may share an index.
"""

import contextlib
import os
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np

from vigie.matching.engine.answers import Answer, Entry, Match, View, words_of
from vigie.matching.engine.around import nearest_around
from vigie.matching.engine.rows import (
    ENTRY_BITS,
    GONE,
    Rows,
    State,
    Words,
    key_of,
    laid_over,
    without_gone,
)
from vigie.matching.engine.store import Damaged, Store

__all__ = ["Answer", "Entry", "Index", "Match", "State"]
FARTHEST = 31  # bits
MOST_TAIL = 20_000  # rows; more are merged
MOST_MATCHES = 1_000
AT_ONCE = 64  # queries that a thread takes
ROOM = 1_000_000  # matches that such a part may have in all


class Index:
    """``folder``: made where it is missing, for this user only. ``identity``: see `Store`.
    ``compact``: what this writes takes a quarter of the space, and is searched more slowly.
    ``fresh``: what was there goes first, readable or not.

    Raises `store.Unsafe`, `store.NotOurs`, `seal.Unsealable`.
    """

    def __init__(
        self,
        folder: Path | str,
        identity: str | None = None,
        compact: bool = False,
        fresh: bool = False,
    ) -> None:
        self._store = Store(folder, identity, compact)
        if fresh:
            self._store.clear()
        self._swapping = threading.Lock()
        self._merger: threading.Thread | None = None
        self._damaged: Damaged | None = None
        self._view = self._store.view(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __len__(self) -> int:
        view = self._view
        replaced = int(np.isin(view.tail.keys, view.rows.keys).sum())
        return len(view.rows) - replaced + int((view.tail.states != GONE).sum())

    def close(self) -> None:
        """Wait for a merge that runs."""
        if self._merger:
            self._merger.join()

    def clear(self) -> None:
        self._store.clear()
        self.refresh()

    # -- searching

    def search(self, pdq: str, most: int = MOST_MATCHES) -> Answer:
        """All entries within their lists' thresholds, or ``most`` of them and `Answer.cut`."""
        return self._view.search(words_of([pdq]), most)[0]

    def search_many(
        self, pdqs: Sequence[str], most: int = MOST_MATCHES, threads: int | None = None
    ) -> list[Answer]:
        """The answers in the order of the questions, all of one state of the index.

        ``threads``: as many as there are cores, unless said; a short batch needs but one.
        """
        if most < 1:
            raise ValueError("at least one match is asked for")
        search, queries = partial(self._view.search, most=most), words_of(pdqs)
        size = max(1, min(AT_ONCE, ROOM // most))
        parts = [queries[at : at + size] for at in range(0, len(queries), size)]
        if len(parts) <= 1 or (threads or cores()) == 1:
            return [one for part in parts for one in search(part)]
        with ThreadPoolExecutor(threads or cores()) as pool:
            return [one for found in pool.map(search, parts) for one in found]

    def around(self, pdqs: Sequence[str], bits: int, lists: Collection[str]) -> list[Words | None]:
        """The nearest entry's hash, farther away than a match may be: see `nearest_around`."""
        return nearest_around(self._view, words_of(pdqs), bits, lists)

    def refresh(self) -> None:
        """See what other processes have written."""
        with self._swapping:
            self._view = self._store.view(self._view)

    def verify(self) -> bool:
        """Is the large part on the disk what was written? False: nobody can tell, it is older than
        its sums (`merge` makes it anew). Raises `store.Damaged` with the file."""
        return self._store.verify()

    # -- writing

    def set_list(self, name: str, threshold: int = FARTHEST, action: str = "propose") -> None:
        """Make a list known, or change how far its matches may be and what they may do.

        ``action``: a word of the caller's, which comes back with each match and does nothing here.
        """
        if not 0 <= threshold <= FARTHEST:
            raise ValueError("a threshold is 0 to 31 bits")
        with self._writing() as view:
            lists = [dict(one) for one in view.manifest["lists"]]
            new = {"name": name, "threshold": threshold, "action": action}
            try:
                lists[view.number_of(name)] = new
            except KeyError:
                lists.append(new)
            self._publish(view, lists=lists)

    @property
    def note(self) -> int | None:
        """How far the source of the entries was followed: what `change` last kept with them."""
        note: int | None = self._view.manifest.get("note")
        return note

    @property
    def thresholds(self) -> dict[str, int]:
        """Bits, by list."""
        return {one["name"]: one["threshold"] for one in self._view.manifest["lists"]}

    @contextlib.contextmanager
    def following(self) -> Iterator[None]:
        """Alone among those who read the source and write what they read, and up to date.

        Of two at once the slower would overwrite what the faster read later.
        """
        with self._store.locked("follow.lock"):
            self.refresh()
            yield

    def change(
        self,
        put: Iterable[Entry] = (),
        remove: Iterable[tuple[str, int]] = (),
        note: int | None = None,
    ) -> None:
        """Remove (list, number) pairs, then add or replace entries: all at once, on disk.

        A batch costs little more than one. ``note``: kept with them, see there. Raises KeyError
        for an unknown list, ValueError for what is no PDQ or no number; nothing is changed then.
        """
        entries, gone = list(put), list(remove)
        pairs = gone + [(entry.list_name, entry.number) for entry in entries]
        hashes = words_of(["0" * 64] * len(gone) + [entry.pdq for entry in entries])
        states = [GONE] * len(gone) + [int(entry.state) for entry in entries]
        with self._writing() as view:
            codes = _Codes(view.manifest["classes"])
            classes = [0] * len(gone) + [codes.of(entry.classification) for entry in entries]
            numbers = {name: view.number_of(name) for name in {name for name, _ in pairs}}
            keys = [key_of(numbers[name], number) for name, number in pairs]
            self._append(view, codes, keys, hashes, classes, states, note)
        self._merge_if_long()

    def put_many(
        self, list_name: str, numbers: Any, hashes: Words, classification: str = ""
    ) -> None:
        """As `change`, for arrays: ``numbers`` (n), ``hashes`` (n, 4) of uint64. All active."""
        told = np.asarray(numbers)
        if told.shape != hashes.shape[:1] or hashes.shape[1:] != (4,):
            raise ValueError("as many numbers as hashes, and four words to a hash")
        if len(told) and not (int(told.min()) >= 0 and int(told.max()) < 1 << ENTRY_BITS):
            raise ValueError("an entry's number is below 2 to the 48th")
        with self._writing() as view:
            codes = _Codes(view.manifest["classes"])
            keys = np.asarray(numbers, np.uint64) | np.uint64(key_of(view.number_of(list_name), 0))
            classes = np.full(len(keys), codes.of(classification))
            self._append(view, codes, keys, hashes, classes, np.zeros(len(keys)))
        self._merge_if_long()

    def merge(self) -> None:
        """Sort the tail into the large part. Searches and changes go on meanwhile.

        Raises `store.Damaged` where the large part is no longer what was written.
        """
        with self._store.locked("merge.lock"):
            self._store.verify_columns()
            self.refresh()
            view = self._view
            rows = without_gone(laid_over(view.rows, view.tail))
            number = view.manifest["number"] + 1
            base = self._store.write_base(number, rows) if len(rows) else None
            with self._writing() as now:
                later = now.tail[now.tail.changes > view.manifest["change"]]
                self._publish(now, tail=later, base=base)
            self._store.sweep_bases()

    def _merge_if_long(self) -> None:
        """In the background, unless the tail is so long that every search would feel it.

        What the background found damaged is told to whoever changes something next.
        """
        if self._damaged:
            raise self._damaged
        if len(self._view.tail) > 10 * MOST_TAIL:
            self.merge()
        elif len(self._view.tail) > MOST_TAIL and not (self._merger and self._merger.is_alive()):
            self._merger = threading.Thread(target=self._merge_behind, name="merge")
            self._merger.start()

    def _merge_behind(self) -> None:
        try:
            self.merge()
        except Damaged as error:
            self._damaged = error

    @contextlib.contextmanager
    def _writing(self) -> Iterator[View]:
        """Alone, and with the newest state."""
        with self._store.locked():
            self.refresh()
            yield self._view

    def _append(
        self,
        view: View,
        codes: "_Codes",
        keys: Any,
        hashes: Words,
        classes: Any,
        states: Any,
        note: int | None = None,
    ) -> None:
        change = view.manifest["change"] + 1
        rows = Rows(
            np.asarray(keys, np.uint64),
            hashes,
            np.asarray(classes, np.uint8),
            np.asarray(states, np.uint8),
            np.full(len(keys), change, np.uint64),
        )
        tail = laid_over(view.tail, rows)
        noted = {} if note is None else {"note": note}
        self._publish(view, tail=tail, change=change, classes=codes.names, **noted)

    def _publish(self, view: View, tail: Rows | None = None, **new: Any) -> None:
        number = view.manifest["number"] + 1
        if tail is not None:
            new["tail"] = self._store.write_tail(number, tail) if len(tail) else None
        self._store.publish({**view.manifest, **new, "number": number})
        self.refresh()


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Codes:
    """The numbers of classes, with new ones as they come."""

    def __init__(self, names: list[str]) -> None:
        self.names = list(names)

    def of(self, name: str) -> int:
        if name not in self.names:
            self.names.append(name)
        if len(self.names) > 255:
            raise ValueError("an index knows at most 255 classes")
        return self.names.index(name)
