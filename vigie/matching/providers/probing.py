"""Does a provider probe a list? In the memory of one process; which picture it was, is not kept.

Who wants to know how far a picture must be changed to escape a list asks for it again and again, a
little changed each time, until the answer turns. Nothing is refused for that: a person is told.

Two memories for each provider. The last 20,000 values that it asked, whatever they are: of these,
variants are known by being near to each other. And 5,000 that lie around a value of a list: near
misses, which only we can tell from the rest. What has nothing to do with a list pushes none of
these out, and one that is found shows all that just missed it before.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
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
REMEMBERED = 20_000  # values of one provider
NEAR = 5_000  # of those that lie around a value of a list, besides
QUIET = 3600.0  # seconds between two alarms about one provider


@dataclass(frozen=True)
class Suspicion:
    variants: int
    found: int

    @property
    def on_both_sides(self) -> int:
        return min(self.found, self.variants - self.found)


@dataclass
class _Recent:
    """The last values of one provider, in a ring, and whether each matched."""

    values: Any = field(default_factory=lambda: np.zeros((REMEMBERED, 4), np.uint64))
    found: Any = field(default_factory=lambda: np.zeros(REMEMBERED, bool))
    count: int = 0
    told_at: float = -QUIET

    def add(self, value: Any, found: bool) -> Suspicion | None:
        held = min(self.count, REMEMBERED)
        apart = np.bitwise_count(self.values[:held] ^ value).sum(axis=1, dtype=np.int64)
        near = apart <= CLOSE
        if bool((apart == 0).any()):  # the same picture again, not a variant of it
            return None
        at = self.count % REMEMBERED
        self.values[at], self.found[at] = value, found
        self.count += 1
        variants, matched = int(near.sum()) + 1, int(self.found[:held][near].sum()) + found
        return Suspicion(variants, matched) if variants >= VARIANTS else None


@dataclass
class _Around:
    """The last values of one provider that lie around an entry of a list, each once."""

    values: Any = field(default_factory=lambda: np.zeros((NEAR, 4), np.uint64))
    found: Any = field(default_factory=lambda: np.zeros(NEAR, bool))
    told: Any = field(default_factory=lambda: np.zeros(NEAR, bool))
    count: int = 0

    def add(self, value: Any, found: bool, entry: Any) -> Suspicion | None:
        """``entry``: around which it lies, or None; the work is the same for both, so that the time
        of an answer does not tell."""
        held = min(self.count, NEAR)
        alike = self.values[:held][self.values[:held, 0] == value[0]]
        is_new = not bool((alike == value).all(axis=1).any())
        if is_new and entry is not None:
            at = self.count % NEAR
            self.values[at], self.found[at], self.told[at] = value, found, False
            self.count += 1
        doubt = self.doubt(value if entry is None else entry)
        return None if entry is None else doubt

    def variants(self, entry: Any) -> Any:
        """Which of them are variants of this entry, and were not told yet."""
        held = min(self.count, NEAR)
        apart = np.bitwise_count(self.values[:held] ^ entry).sum(axis=1, dtype=np.int64)
        return np.flatnonzero((apart <= AROUND) & ~self.told[:held])

    def doubt(self, entry: Any) -> Suspicion | None:
        """Some missed, and one was found; or many missed."""
        which = self.variants(entry)
        doubt = Suspicion(len(which), int(self.found[which].sum()))
        missed = doubt.variants - doubt.found
        turned = doubt.variants >= VARIANTS and missed >= BOTH and doubt.found
        return doubt if turned or missed >= MISSED else None


class Watcher:
    """Of all providers. Safe with threads. What comes within an hour after an alarm counts for the
    next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: dict[int, _Recent] = {}
        self._around: dict[int, _Around] = {}

    def see(
        self, provider: int, asked: Sequence[tuple[str, bool]], entries: Sequence[Any] = ()
    ) -> Suspicion | None:
        """``asked``: PDQ values and whether each was found; ``entries``: the words (4) of the entry
        around which each lies, or None. A suspicion at most once an hour."""
        with self._lock:
            recent = self._recent.setdefault(provider, _Recent())
            around = self._around.setdefault(provider, _Around())
            doubts = [recent.add(words_of([value])[0], found) for value, found in asked]
            turned = [doubt for doubt in doubts if doubt and doubt.on_both_sides >= BOTH]
            for (value, found), entry in zip(asked, entries, strict=False):
                if doubt := around.add(words_of([value])[0], found, entry):
                    turned.append(doubt)
            if not turned or time.monotonic() - recent.told_at < QUIET:
                return None
            recent.told_at = time.monotonic()
            for entry in entries:
                if entry is not None:
                    around.told[around.variants(entry)] = True
            return max(turned, key=lambda doubt: doubt.variants)
