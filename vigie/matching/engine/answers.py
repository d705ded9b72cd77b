"""What an index holds, one state of it, and what it answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vigie.matching.engine import kernels
from vigie.matching.engine.damage import Damaged
from vigie.matching.engine.plain import Base
from vigie.matching.engine.rows import ENTRY_BITS, Rows, State, Words

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """``number``: the entry's own in its list, below 2⁴⁸; ``pdq``: 64 hexadecimal digits."""

    list_name: str
    number: int
    pdq: str
    classification: str = ""
    state: State = State.ACTIVE


class Match(NamedTuple):
    """``distance``: bits. ``action``: what the list's matches may do, as it was set."""

    list_name: str
    number: int
    classification: str
    distance: int
    state: State
    action: str


@dataclass(frozen=True)
class Answer:
    """The nearest first. ``cut``: there are more than were asked for, maybe nearer ones."""

    matches: tuple[Match, ...] = ()
    cut: bool = False


NOTHING = Answer()
NUMBER = (1 << ENTRY_BITS) - 1
STATES = {int(state): state for state in State}
_nearest_first = attrgetter("distance", "list_name", "number")


def words_of(pdqs: Sequence[str]) -> Words:
    """(n, 4) uint64 of hexadecimal values."""
    joined = bytes.fromhex("".join(pdqs))  # passes over blanks
    if len(joined) != 32 * len(pdqs) or any(len(pdq) != 64 for pdq in pdqs):
        raise ValueError("a PDQ has 64 hexadecimal digits")
    return np.frombuffer(joined, np.uint64).reshape(-1, 4)


@dataclass(frozen=True)
class View:
    """One state of the index. Never changed; replaced."""

    manifest: Manifest
    rows: Rows
    base: Base
    tail: Rows

    @cached_property
    def limits(self) -> NDArray[np.int64]:
        return np.array([one["threshold"] for one in self.manifest["lists"]] or [-1], np.int64)

    @cached_property
    def radius(self) -> int:
        return int(self.limits.max())

    def number_of(self, list_name: str) -> int:
        """Raises KeyError for a list that was never set."""
        for number, one in enumerate(self.manifest["lists"]):
            if one["name"] == list_name:
                return number
        raise KeyError(list_name)

    def search(self, queries: Words, most: int) -> list[Answer]:
        """``queries``: (n, 4) uint64. Raises Damaged."""
        if self.radius < 0:
            return [NOTHING] * len(queries)
        rows = np.empty((len(queries), most), np.int64)
        far, counts = np.empty_like(rows), np.zeros(len(queries), np.int64)
        hidden = self.tail.keys
        if len(self.rows):
            known = (self.base, hidden, self.limits)
            kernels.search_base(queries, *known, self.radius, rows, far, counts)
        found = self._matches(self.rows, rows, far, counts)
        if len(self.tail):
            tail, late = (hidden, self.tail.hashes, self.tail.states), np.empty_like(counts)
            kernels.search_tail(queries, tail, self.limits, rows, far, late)
            of_tail = self._matches(self.tail, rows, far, late)
            found = [one + other for one, other in zip(found, of_tail, strict=True)]
            counts += late
        return [_answer(*each, most) for each in zip(found, counts.tolist(), strict=True)]

    def _matches(self, rows: Rows, which: Any, far: Any, counts: Any) -> list[list[Match]]:
        """Those of each question; all are made together, which takes less time than one by one."""
        ends = np.minimum(counts, which.shape[1]).tolist()
        if not any(ends):
            return [[] for _ in ends]
        made = self._made(rows, _joined(which, ends), _joined(far, ends).tolist())
        return [list(islice(made, end)) for end in ends]

    def _made(self, rows: Rows, which: Any, far: list[int]) -> Iterator[Match]:
        listed = [(one["name"], one["action"]) for one in self.manifest["lists"]]
        classes = self.manifest["classes"]
        columns = (column[which].tolist() for column in (rows.keys, rows.classes, rows.states))
        try:
            for key, code, state, distance in zip(*columns, far, strict=True):
                name, action = listed[key >> ENTRY_BITS]
                yield Match(name, key & NUMBER, classes[code], distance, STATES[state], action)
        except (IndexError, KeyError) as error:  # a class or state that is none
            raise Damaged("what stands with a hash") from error


def _joined(rows: Any, ends: list[int]) -> Any:
    return np.concatenate([row[:end] for row, end in zip(rows, ends, strict=True)])


def _answer(matches: list[Match], count: int, most: int) -> Answer:
    if not matches:
        return NOTHING
    matches.sort(key=_nearest_first)
    return Answer(tuple(matches[:most]), cut=count > most)
