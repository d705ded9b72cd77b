"""Cohen's kappa of two people's answers, with its standard error (pure).

Kappa (Cohen 1960): (po - pe) / (1 - pe). Its large-sample standard error: Fleiss, Cohen and Everitt
1969, the formula that does not suppose that kappa is zero.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

ENOUGH = 30  # pairs, under which the standard error means little, and no kappa is shown
NINETY_FIVE = 1.96
Pair = tuple[str, str]


@dataclass(frozen=True)
class Kappa:
    """``value`` between -1 and 1; ``low`` and ``high``: 95 % of the intervals made so hold it."""

    value: float
    error: float

    @property
    def low(self) -> float:
        return max(-1.0, self.value - NINETY_FIVE * self.error)

    @property
    def high(self) -> float:
        return min(1.0, self.value + NINETY_FIVE * self.error)


def kappa(pairs: Sequence[Pair]) -> Kappa | None:
    """None where it is not defined: no pair, or everybody always said the same one thing."""
    n = len(pairs)
    cells = {cell: count / n for cell, count in Counter(pairs).items()}
    codes = {code for pair in pairs for code in pair}
    first = {c: sum(p for (a, _), p in cells.items() if a == c) for c in codes}
    second = {c: sum(p for (_, b), p in cells.items() if b == c) for c in codes}
    by_chance = sum(first[c] * second[c] for c in codes)
    if not n or 1 - by_chance < 1e-12:
        return None
    alike = sum(cells.get((c, c), 0.0) for c in codes)
    value = (alike - by_chance) / (1 - by_chance)
    on = sum(
        cells.get((c, c), 0.0) * (1 - (first[c] + second[c]) * (1 - value)) ** 2 for c in codes
    )
    off = sum(p * (second[a] + first[b]) ** 2 for (a, b), p in cells.items() if a != b)
    spread = on + (1 - value) ** 2 * off - (value - by_chance * (1 - value)) ** 2
    return Kappa(value, sqrt(max(spread, 0.0) / n) / (1 - by_chance))
