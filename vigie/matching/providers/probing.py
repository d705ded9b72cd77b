"""Does a provider probe a list? In the memory of one process; which picture it was, is not kept.

Who wants to know how far a picture must be changed to escape a list asks for it again and again, a
little changed each time, until the answer turns. Nothing is refused for that: a person is told.

Two memories for each provider. The last 20,000 values that it asked, whatever they are: of these,
variants are known by being near to each other. And 5,000 that lie around a value of a list: near
misses, which only we can tell from the rest. What has nothing to do with a list pushes none of
these out, and one that is found shows all that just missed it before.

A few variants of each of several pictures tell as well where a list ends: they add up.

A value counts for one alarm alone. Within an hour the second alarm comes with the next such
picture, the third with two more, then four, eight: a mass of them cannot flood the desk, and none
hides the others.
"""

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from vigie.matching.engine.answers import words_of

# Bits. Of a picture that a list finds up to 31 bits away, variants that escape it are 40 away and
# more, each in a direction of its own: any two of those are some 55 apart, and seldom over 70. Two
# pictures that have nothing to do with each other are 128 apart, give or take 8.
CLOSE = 72
VARIANTS = 8  # of one picture
BOTH = 3  # of which at least so many matched, and so many did not
AROUND = 60  # bits from a value of a list
MISSED = 30  # around one, none of them found
FEW, SEVERAL = 4, 5  # so few variants of each of so many pictures, whose answers turned
REMEMBERED = 20_000  # values of one provider
NEAR = 5_000  # of those that lie around a value of a list, besides
QUIET = 3600.0  # seconds after which an alarm does not keep others waiting any more


@dataclass(frozen=True)
class Suspicion:
    """``pictures``: of how many these are variants, without those that an alarm named before."""

    variants: int
    found: int
    pictures: int = 1


@dataclass
class _Ring:
    """The last values of one provider, each once; whether it matched, and counted for an alarm."""

    size: int
    close: int  # bits
    count: int = 0

    def __post_init__(self) -> None:
        self.values: Any = np.zeros((self.size, 4), np.uint64)
        self.found, self.told = np.zeros(self.size, bool), np.zeros(self.size, bool)

    def add(self, value: Any, found: bool) -> None:
        at = self.count % self.size
        self.values[at], self.found[at], self.told[at] = value, found, False
        self.count += 1

    def apart(self, value: Any) -> Any:
        held = self.values[: min(self.count, self.size)]
        return np.bitwise_count(held ^ value).sum(axis=1, dtype=np.int64)

    def lot(self, middle: Any, apart: Any = None) -> tuple[Any, Suspicion]:
        """The variants that counted for no alarm, and what they come to."""
        near = (self.apart(middle) if apart is None else apart) <= self.close
        told = self.told[: len(near)]
        which = np.flatnonzero(near & ~told)
        known = bool((near & told).any())
        return which, Suspicion(len(which), int(self.found[which].sum()), int(not known))


class _Recent(_Ring):
    """All that it asked, whatever they are."""

    def see(self, value: Any, found: bool) -> bool:
        """Is there a doubt with this one?"""
        apart = self.apart(value)
        if bool((apart == 0).any()):  # the same picture again, not a variant of it
            return False
        _which, before = self.lot(value, apart)
        self.add(value, found)
        return self.doubt(Suspicion(before.variants + 1, before.found + found))

    def doubt(self, lot: Suspicion) -> bool:
        """Some were found, and some not."""
        both = min(lot.found, lot.variants - lot.found)
        return lot.variants >= VARIANTS and both >= BOTH


class _Around(_Ring):
    """Those that lie around an entry of a list. ``turned``: entries around which the answers to a
    few variants did."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.turned: dict[bytes, Any] = {}

    def see(self, value: Any, found: bool, entry: Any) -> bool:
        """``entry``: around which it lies, or None; the work is the same for both, so that the time
        of an answer does not tell."""
        held = min(self.count, self.size)
        alike = self.values[:held][self.values[:held, 0] == value[0]]
        is_new = not bool((alike == value).all(axis=1).any())
        if is_new and entry is not None:
            self.add(value, found)
        _which, lot = self.lot(value if entry is None else entry)
        if entry is not None and lot.variants >= FEW and 0 < lot.found < lot.variants:
            self.turned[entry.tobytes()] = entry
        return entry is not None and self.doubt(lot)

    def doubt(self, lot: Suspicion) -> bool:
        """Some missed, and one was found; or many missed."""
        missed = lot.variants - lot.found
        turned = lot.variants >= VARIANTS and missed >= BOTH and lot.found > 0
        return turned or missed >= MISSED


class _Provider:
    """What is remembered of one, and which of its lots wait to be told."""

    def __init__(self) -> None:
        self.recent, self.around = _Recent(REMEMBERED, CLOSE), _Around(NEAR, AROUND)
        self._waiting: list[Suspicion] = []
        self._told, self._since = 0, -math.inf

    def lot_of(self, value: Any, entry: Any) -> Suspicion | None:
        """The variants of one picture, if they are in doubt: from now on they are told."""
        memories: list[tuple[_Recent | _Around, Any]] = [(self.recent, value)]
        if entry is not None:
            memories.append((self.around, entry))
        lots = [(ring, *ring.lot(middle)) for ring, middle in memories]
        doubts = [lot for ring, _which, lot in lots if ring.doubt(lot)]
        if not doubts:
            return None
        for ring, which, _lot in lots:
            ring.told[which] = True
        return max(doubts, key=lambda lot: lot.variants)

    def scattered(self) -> list[Suspicion]:
        """A few variants of each of several pictures: from now on they are told."""
        if len(self.around.turned) < SEVERAL:
            return []
        entries = list(self.around.turned.values())
        lots = [(entry, self.around.lot(entry)[1]) for entry in entries]
        lots = [(entry, lot) for entry, lot in lots if lot.variants >= FEW]  # the rest was told
        enough = len(lots) >= SEVERAL
        self.around.turned = {} if enough else {entry.tobytes(): entry for entry, _lot in lots}
        if not enough:
            return []
        for entry, _lot in lots:
            for ring in (self.recent, self.around):
                ring.told[ring.lot(entry)[0]] = True
        return [lot for _entry, lot in lots]

    def tell(self, lots: list[Suspicion]) -> Suspicion | None:
        """One alarm for these and those that wait, if they are of as many pictures as were told in
        this hour, or if it is over."""
        self._waiting += lots
        pictures, now = sum(lot.pictures for lot in self._waiting), time.monotonic()
        over = now - self._since >= QUIET
        if not self._waiting or not (over or pictures >= self._told):
            return None
        if over:
            self._told, self._since = 0, now
        told, self._waiting = self._waiting, []
        self._told += max(1, pictures)
        variants, found = sum(lot.variants for lot in told), sum(lot.found for lot in told)
        return Suspicion(variants, found, max(1, pictures))


class Watcher:
    """Of all providers. Safe with threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._providers: dict[int, _Provider] = {}

    def see(
        self, provider: int, asked: Sequence[tuple[str, bool]], entries: Sequence[Any] = ()
    ) -> Suspicion | None:
        """``asked``: PDQ values and whether each was found; ``entries``: the words (4) of the entry
        around which each lies, or None. What is to be told of them, and of those before."""
        with self._lock:
            seen = self._providers.setdefault(provider, _Provider())
            doubted = []
            for (pdq, found), entry in zip_longest(asked, entries):
                value = words_of([pdq])[0]
                if seen.recent.see(value, found) | seen.around.see(value, found, entry):
                    doubted.append((value, entry))
            # When all are in, the last of a picture first: it has the most beside it.
            lots = [seen.lot_of(value, entry) for value, entry in reversed(doubted)]
            return seen.tell([lot for lot in lots if lot] + seen.scattered())
