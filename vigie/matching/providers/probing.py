"""Does a provider probe a list? In the memory of one process; which picture it was, is not kept.

Who wants to know how far a picture must be changed to escape a list asks for it again and again, a
little changed each time, until the answer turns. Nothing is refused for that: a person is told.
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
REMEMBERED = 20_000  # values of one provider
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


class Watcher:
    """Of all providers. Safe with threads. What comes within an hour after an alarm counts for the
    next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: dict[int, _Recent] = {}

    def see(self, provider: int, asked: Sequence[tuple[str, bool]]) -> Suspicion | None:
        """``asked``: PDQ values and whether each was found. A suspicion at most once an hour."""
        with self._lock:
            recent = self._recent.setdefault(provider, _Recent())
            doubts = [recent.add(words_of([value])[0], found) for value, found in asked]
            turned = [doubt for doubt in doubts if doubt and doubt.on_both_sides >= BOTH]
            if not turned or time.monotonic() - recent.told_at < QUIET:
                return None
            recent.told_at = time.monotonic()
            return max(turned, key=lambda doubt: doubt.variants)
