"""Which entries lie around a hash, farther away than a match may be.

For who watches what is asked, never for an answer. A search is exact up to 31 bits; beyond them it
misses some: of hashes drawn by chance none of 200 at 40 bits, 3 in 100 at 50, 29 in 100 at 60.
"""

from collections.abc import Collection, Iterator

import numpy as np
from numpy.typing import NDArray

from vigie.matching.engine import kernels
from vigie.matching.engine.answers import View
from vigie.matching.engine.rows import Rows, State, Words

MOST = 64  # entries around one hash that are looked at
AT_ONCE = 1_000  # hashes
Numbers = NDArray[np.int64]
Near = tuple[int, Words | None]  # bits; a hash


def nearest_around(
    view: View, queries: Words, bits: int, lists: Collection[str]
) -> list[Words | None]:
    """For each of ``queries`` (n, 4) the hash (4) of the nearest active entry of these lists that
    was found within ``bits``, or None."""
    named = [one["name"] in lists for one in view.manifest["lists"]]
    if not any(named):
        return [None] * len(queries)
    limits = np.where(named, bits, -1)
    lots = (queries[at : at + AT_ONCE] for at in range(0, len(queries), AT_ONCE))
    return [found for lot in lots for found in _nearest(view, lot, bits, limits)]


def _nearest(view: View, queries: Words, bits: int, limits: Numbers) -> Iterator[Words | None]:
    rows = np.empty((len(queries), MOST), np.int64)
    far, counts, hidden = np.empty_like(rows), np.zeros(len(queries), np.int64), view.tail.keys
    found: list[list[Near]] = [[(bits + 1, None)] for _ in queries]
    if len(view.rows):
        kernels.search_base(queries, view.base, hidden, limits, bits, rows, far, counts)
        _note(found, view.rows, rows, far, counts)
    if len(view.tail):
        tail = hidden, view.tail.hashes, view.tail.states
        kernels.search_tail(queries, tail, limits, rows, far, counts)
        _note(found, view.tail, rows, far, counts)
    return (min(each, key=lambda near: near[0])[1] for each in found)


def _note(
    found: list[list[Near]], entries: Rows, rows: Numbers, far: Numbers, counts: Numbers
) -> None:
    for into, which, distances, count in zip(found, rows, far, counts.tolist(), strict=True):
        which, distances = which[:count], distances[:count]
        active = entries.states[which] == State.ACTIVE
        if active.any():
            at = np.flatnonzero(active)[distances[active].argmin()]
            into.append((int(distances[at]), entries.hashes[which[at]]))
