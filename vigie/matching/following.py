"""The index of near hashes of this program: it follows the lists and our own judgements.

A cache. The database alone says what stands; whatever was found is asked of it once more. A folder
that is gone, damaged, sealed with a key that is no longer there, or ahead of its database is filled
anew.
"""

import heapq
import logging
import threading
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from django.conf import settings

from vigie.lib.keys import Keys
from vigie.lib.seal import Unsealable
from vigie.matching.engine.index import Entry, Index, State
from vigie.matching.engine.store import Damaged
from vigie.matching.exact import Value, write_exact
from vigie.matching.judged import OwnChange, own_changes, own_values
from vigie.matching.lists.lookup import (
    LOT,
    PdqChange,
    equal_values,
    may_confirm,
    pdq_changes,
    present_tick,
    spoken_against,
)
from vigie.matching.lists.models import ListedHash

log = logging.getLogger("vigie.matching")
OWN = "own"  # the name of our judgements in the index; lists go by their number
AT_ONCE = 20_000  # changes written at once
PATIENCE = 2.0  # seconds that whoever asks waits for what is new
Change = PdqChange | OwnChange


class Followed:
    """One folder. ``identity``: seals it, see `engine.store`. Threads and processes may share it.

    ``own``: with our own judgements, besides the lists.
    """

    def __init__(self, folder: Path, identity: str | None, *, own: bool = True) -> None:
        self.folder, self.identity, self._own = folder, identity, own
        self._opening = threading.Lock()
        self._index: Index | None = None

    def open(self, *, fresh: bool = False) -> Index:
        """Raises `store.Unsafe`, `store.NotOurs`, OSError."""
        with self._opening:
            if self._index is None or fresh:
                try:
                    self._index = Index(self.folder, self.identity, fresh=fresh)
                except Unsealable:
                    self._index = Index(self.folder, self.identity, fresh=True)
            return self._index

    def catch_up(self, patience: float = PATIENCE) -> bool:
        """Take in what changed, for about so many seconds; True when nothing is left.

        kill -9 at any point leaves what was taken in until then, and how far that was.
        """
        try:
            return self._caught_up(self.open(), patience)
        except Damaged as error:
            log.error("the index of hashes is damaged, and made anew: %s", error)
            return self._caught_up(self.open(fresh=True), patience)

    def _caught_up(self, index: Index, patience: float) -> bool:
        if self._is_current(index):
            return True
        with index.following():
            if index.note is not None and index.note > present_tick():
                index.clear()  # another database, or an older state of it
            return self._is_current(index) or self._follow(index, time.monotonic() + patience)

    def _is_current(self, index: Index) -> bool:
        knows_own = not self._own or index.thresholds.get(OWN) == _own_distance()
        return index.note == present_tick() and knows_own

    def _follow(self, index: Index, end: float) -> bool:
        if self._own and index.thresholds.get(OWN) != _own_distance():
            index.set_list(OWN, _own_distance())
        since = index.note
        now, lists = pdq_changes(since or 0)
        both: list[Iterator[Change]] = [lists]
        if self._own:
            both.append(own_changes(since, now))
        changes = heapq.merge(*both, key=lambda change: change.change)
        done = -1
        while batch := list(islice(changes, AT_ONCE)):
            _write(index, batch, done if done >= 0 else None)
            # Whole ticks only: of the last one more may follow.
            done = batch[-1].change - 1
            if time.monotonic() > end and done > (since or 0):
                index.change(note=done)
                return False
        index.change(note=now)
        return True


def _own_distance() -> int:
    distance: int = settings.ORGANISATION.matching.own_distance
    return distance


def _write(index: Index, batch: list[Change], note: int | None) -> None:
    known = index.thresholds
    for change in batch:
        if isinstance(change, PdqChange) and known.get(str(change.list)) != change.threshold:
            index.set_list(str(change.list), change.threshold)
            known[str(change.list)] = change.threshold
    gone = [_name(change) for change in batch if not change.stands]
    index.change(_entries(batch), gone, note)


def _name(change: Change) -> tuple[str, int]:
    if isinstance(change, OwnChange):
        return OWN, change.number
    return str(change.list), change.entry


def _entries(batch: list[Change]) -> Iterator[Entry]:
    for change in batch:
        if change.stands:
            state = State.DISPUTED if change.disputed else State.ACTIVE
            yield Entry(*_name(change), change.pdq, change.classification, state)


_followed: dict[Path, Followed] = {}
_beginning = threading.Lock()


def followed() -> Followed:
    """The index of this program, by the settings."""
    folder = settings.HASH_INDEX
    with _beginning:  # of two threads that begin, both use the index that either fills
        if folder not in _followed:
            sealed = settings.HASH_INDEX_SEALED and (settings.KEYS / "worker.key").exists()
            identity = Keys(settings.KEYS).identity if sealed else None
            _followed[folder] = Followed(folder, identity, own=settings.HASH_INDEX_OWN)
        return _followed[folder]


def caught_up() -> Index:
    """The index with all that there is, however long it takes. Raises as `Followed.open`."""
    while not followed().catch_up():
        pass
    return followed().open()


def write_equal() -> int:
    """What equal bytes are known by, beside the index, for `vigie screen`; how many values.

    As of now: it does not follow.
    """
    one, now = followed(), present_tick()
    own = own_values()
    values = (
        Value(kind, value, OWN, number, said, State.DISPUTED if disputed else State.ACTIVE)
        for kind, value, number, said, disputed in own
    )
    return write_exact(one.folder, chain(values, _listed_values()), one.identity, now)


def _listed_values() -> Iterator[Value]:
    entries = equal_values()
    while lot := list(islice(entries, LOT)):
        yield from _values(lot)


def _values(entries: list[ListedHash]) -> Iterator[Value]:
    against = spoken_against([(e.kind, e.value) for e in entries if may_confirm(e)])
    for entry in entries:
        state = State.DISPUTED if entry.state == entry.State.DISPUTED else State.ACTIVE
        confirms = may_confirm(entry) and (entry.kind, entry.value) not in against
        action = "confirm" if confirms else "propose"
        where = str(entry.list_id), entry.pk
        yield Value(entry.kind, entry.value, *where, entry.classification, state, action)


def keep_up() -> int:
    """The worker's part: take in what changed before anybody asks. 0 when nothing is left."""
    return int(not followed().catch_up(patience=20))


def forget() -> None:
    """Close what is open: the next who asks opens it anew."""
    for one in _followed.values():
        if one._index:
            one._index.close()
    _followed.clear()
