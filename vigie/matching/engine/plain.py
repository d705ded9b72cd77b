"""The search with numpy alone: what `kernels` compiles, where numba is missing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vigie.matching.engine.rows import ENTRY_BITS, GONE, Words

Base = tuple[Words, Words, NDArray[np.uint32], NDArray[np.uint16], NDArray[Any], Words]
Numbers = NDArray[np.int64]
FLIPS = np.array([0] + [1 << bit for bit in range(16)])


def search_base(
    queries: Words,
    base: Base,
    hidden: Words,
    limits: Numbers,
    radius: int,
    rows: Numbers,
    distances: Numbers,
    counts: Numbers,
) -> None:
    """Which rows are near: ``rows`` and ``distances`` (n, most), ``counts`` (n): how many of them,
    or most + 1.

    ``queries`` (n, 4); ``base``: keys (n), hashes (n, 4), starts (16, 65537), lows and highs (16,
    n) of rows, folds (32 n + 8) or, in the compact layout, (0); ``hidden``: sorted keys that are
    not to be seen; ``limits``: how far a match may be, for each list; ``radius``: the largest.
    """
    for number, query in enumerate(queries):
        candidates = _candidates(query, base, hidden, radius)
        looked_at = candidates, base[0][candidates], base[1][candidates]
        counts[number] = _within(query, looked_at, limits, rows[number], distances[number])


def search_tail(
    queries: Words,
    tail: tuple[Any, ...],
    limits: Numbers,
    rows: Numbers,
    distances: Numbers,
    counts: Numbers,
) -> None:
    """As `search_base`, of ``tail``: keys, hashes, states; every row is looked at."""
    keys, hashes, states = tail
    alive = np.flatnonzero(states != GONE)
    looked_at = alive, keys[alive], hashes[alive]
    for number, query in enumerate(queries):
        counts[number] = _within(query, looked_at, limits, rows[number], distances[number])


def _candidates(query: Words, base: Base, hidden: Words, radius: int) -> Numbers:
    keys, _hashes, starts, lows, highs, _folds = base
    flips = FLIPS if radius > 15 else FLIPS[:1]
    places = [
        (chunk, slice(starts[chunk, place], starts[chunk, place + 1]))
        for chunk, code in enumerate(query.view(np.uint16).tolist())
        for place in (code ^ flips).tolist()
    ]
    low, high = (np.concatenate([part[at] for at in places]) for part in (lows, highs))
    candidates = np.unique(low | high.astype(np.int64) << 16)
    candidates = candidates[candidates < len(keys)]  # a damaged file must not end the search
    return candidates[~np.isin(keys[candidates], hidden)]


def _within(
    query: Words, candidates: tuple[Any, ...], limits: Numbers, rows: Numbers, distances: Numbers
) -> int:
    which, keys, hashes = candidates
    far = np.bitwise_count(hashes ^ query).sum(axis=1, dtype=np.int64)
    of_list = (keys >> np.uint64(ENTRY_BITS)).astype(np.int64)
    ours = of_list < len(limits)
    near = np.flatnonzero(ours & (far <= limits[np.where(ours, of_list, 0)]))
    kept = near[: len(rows)]
    rows[: len(kept)], distances[: len(kept)] = which[kept], far[kept]
    return min(len(near), len(rows) + 1)
