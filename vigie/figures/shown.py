"""What the public is shown of a count: a rung of a coarse ladder, at a secret place. Pure.

Whoever can bring about counts (by reporting addresses of their own) reads figures as answers. Why
it is done so, and what it promises: docs/decisions/0017.
"""

from collections.abc import Callable, Iterator
from itertools import count, pairwise

TENTHS = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80)
# Spans of time, in hours: six, twelve, a day, two, three, a week, two weeks, a month.
SPANS = (6, 12, 24, 48, 72, 168, 336, 720)
# Where between its rung and the next a count has to be before the rung is shown: (rung, gap).
Lag = Callable[[int, int], int]


def ladder(minimum: int) -> Iterator[int]:
    """The rungs, without end: each ``minimum`` or more, and an eighth or more, above the last."""
    last = 0
    for decade in count():
        for tenths in TENTHS:
            rung = tenths * 10**decade // 10
            if rung - last >= minimum:
                yield rung
                last = rung


def reached(exact: int, minimum: int, lag: Lag) -> int:
    """The highest rung that ``exact`` has passed by its lag; 0 below the first. Never above it."""
    found = 0
    for rung, following in pairwise(ladder(minimum)):
        if exact < rung + lag(rung, following - rung):
            return found
        found = rung
    raise AssertionError("a ladder has no end")


def next_shown(before: int, now_reached: int, minimum: int) -> int:
    """What is shown after ``before``: at most one rung more however much came, and never less."""
    if now_reached <= before:
        return before
    above = next(rung for rung in ladder(minimum) if rung > before)
    return min(above, now_reached)


def span(hours: float) -> int:
    """The shortest of `SPANS` that ``hours`` fits in; whole months beyond."""
    longest = SPANS[-1]
    return next((s for s in SPANS if hours <= s), int(-(-hours // longest)) * longest)
