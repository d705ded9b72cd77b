"""The search with numpy alone: what `kernels` compiles, where numba is missing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vigie.matching.engine.rows import ENTRY_BITS, GONE, Words

Base = tuple[Words, Words, NDArray[np.uint32], NDArray[np.uint16], NDArray[Any], Words]
Numbers = NDArray[np.int64]
FLIPS = np.array([0] + [1 << bit for bit in range(16)])


def search_base(
    query: Words,
    base: Base,
    hidden: Words,
    limits: Numbers,
    radius: int,
    rows: Numbers,
    distances: Numbers,
) -> int:
    """How many rows are near; they stand in ``rows`` and ``distances``, which are full when more.

    ``query`` (4,); ``base``: keys (n), hashes (n, 4), starts (16, 65537), lows and highs (16, n) of
    rows, words (16, 2, n) or, in the compact layout, (16, 2, 0); ``hidden``: sorted keys that are
    not to be seen; ``limits``: how far a match may be, for each list; ``radius``: the largest.
    """
    keys, hashes, starts, lows, highs, _words = base
    flips = FLIPS if radius > 15 else FLIPS[:1]
    places = [
        (chunk, slice(starts[chunk, place], starts[chunk, place + 1]))
        for chunk, code in enumerate(query.view(np.uint16).tolist())
        for place in (code ^ flips).tolist()
    ]
    low, high = (np.concatenate([part[at] for at in places]) for part in (lows, highs))
    candidates = np.unique(low | high.astype(np.int64) << 16)
    candidates = candidates[~np.isin(keys[candidates], hidden)]
    return _within(
        query, (candidates, keys[candidates], hashes[candidates]), limits, rows, distances
    )


def search_tail(
    query: Words, tail: tuple[Any, ...], limits: Numbers, rows: Numbers, distances: Numbers
) -> int:
    """As `search_base`, of ``tail``: keys, hashes, states; every row is looked at."""
    keys, hashes, states = tail
    alive = np.flatnonzero(states != GONE)
    return _within(query, (alive, keys[alive], hashes[alive]), limits, rows, distances)


def _within(
    query: Words, candidates: tuple[Any, ...], limits: Numbers, rows: Numbers, distances: Numbers
) -> int:
    which, keys, hashes = candidates
    far = np.bitwise_count(hashes ^ query).sum(axis=1, dtype=np.int64)
    near = np.flatnonzero(far <= limits[keys >> np.uint64(ENTRY_BITS)])
    kept = near[: len(rows)]
    rows[: len(kept)], distances[: len(kept)] = which[kept], far[kept]
    return min(len(near), len(rows) + 1)
