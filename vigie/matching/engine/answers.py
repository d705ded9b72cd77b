"""What an index holds, one state of it, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vigie.matching.engine import kernels
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


@dataclass(frozen=True)
class Match:
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


def words_of(pdqs: Sequence[str]) -> Words:
    """(n, 4) uint64 of hexadecimal values."""
    joined = bytes.fromhex("".join(pdqs))
    if len(joined) != 32 * len(pdqs):
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

    def number_of(self, list_name: str) -> int:
        """Raises KeyError for a list that was never set."""
        for number, one in enumerate(self.manifest["lists"]):
            if one["name"] == list_name:
                return number
        raise KeyError(list_name)

    def match(self, rows: Rows, row: int, distance: int) -> Match:
        key = int(rows.keys[row])
        listed = self.manifest["lists"][key >> ENTRY_BITS]
        return Match(
            listed["name"],
            key & ((1 << ENTRY_BITS) - 1),
            self.manifest["classes"][rows.classes[row]],
            distance,
            State(rows.states[row]),
            listed["action"],
        )

    def search(self, query: Words, most: int) -> Answer:
        """``query``: (4,) uint64."""
        radius = int(self.limits.max())
        if radius < 0:
            return Answer()
        rows, far = np.empty(most, np.int64), np.empty(most, np.int64)
        found = kernels.search_base(
            query, self.base, self.tail.keys, self.limits, radius, rows, far
        )
        matches = self._matches(self.rows, rows, far, found)
        tail = self.tail.keys, self.tail.hashes, self.tail.states
        late = kernels.search_tail(query, tail, self.limits, rows, far)
        matches += self._matches(self.tail, rows, far, late)
        if not matches:
            return Answer()
        matches.sort(key=lambda match: (match.distance, match.list_name, match.number))
        return Answer(tuple(matches[:most]), cut=found + late > most)

    def _matches(self, rows: Rows, which: Any, far: Any, found: int) -> list[Match]:
        pairs = zip(which[:found].tolist(), far[:found].tolist(), strict=True)
        return [self.match(rows, row, distance) for row, distance in pairs]
