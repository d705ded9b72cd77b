"""The search with numpy alone: what `kernels` compiles, where numba is missing."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vigie.matching.engine.rows import ENTRY_BITS, GONE, Words

Base = tuple[Words, Words, NDArray[np.uint32], NDArray[np.uint32], Words]
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

    ``query`` (4,); ``base``: keys (n), hashes (n, 4), starts (16, 65537), ids (16, n), words
    (16, 2, n) or, in the compact layout, (16, 2, 0); ``hidden``: sorted keys that are not to be
    seen; ``limits``: how far a match may be, for each list; ``radius``: the largest of them.
    """
    keys, hashes, starts, ids, _words = base
    flips = FLIPS if radius > 15 else FLIPS[:1]
    near = [
        ids[chunk, starts[chunk, place] : starts[chunk, place + 1]]
        for chunk, code in enumerate(query.view(np.uint16).tolist())
        for place in (code ^ flips).tolist()
    ]
    candidates = np.unique(np.concatenate(near)).astype(np.int64)
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


def tables_of(hashes: Words) -> Iterator[tuple[NDArray[Any], NDArray[Any], Words]]:
    """For each of 16 chunks: starts (65537), ids (n), words (2, n), sorted by the chunk."""
    chunks = hashes.view(np.uint16)
    for chunk in range(16):
        order = np.argsort(chunks[:, chunk], kind="stable")
        counts = np.bincount(chunks[:, chunk], minlength=1 << 16)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)
        home = chunk // 4
        words = np.stack([hashes[order, (home + 1) % 4], hashes[order, (home + 2) % 4]])
        yield starts, order.astype(np.uint32), words
