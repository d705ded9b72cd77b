"""The search of `plain`, compiled by numba.

Two words of each hash lie beside its row, but for the compact layout: so nearly all that is not
near is left without a second look. The first pass over a place only counts, which the processor
does many at a time.
"""

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

CHUNKS = 16


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Kept beside this file, or in the user's cache; where neither can be written, for this run."""
    try:
        kept: Callable[..., Any] = njit(nogil=True, cache=True)(function)
    except RuntimeError:
        logging.getLogger(__name__).info("the compiled search cannot be kept")
        kept = njit(nogil=True)(function)
    return kept


def _ones(_context: Any, _word: Any) -> Any:
    """How many bits of a uint64 are set: one instruction."""

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return types.uint64(types.uint64), generate


ones: Any = intrinsic(_ones)


@compiled
def apart(hashes: Any, row: int, query: Any) -> Any:
    """The distance of a row's hash, in bits."""
    distance = np.uint64(0)
    for word in range(4):
        distance += ones(hashes[row, word] ^ query[word])
    return distance


@compiled
def was_seen(hashes: Any, row: int, query: Any, chunks: int, most: Any) -> bool:
    """Did one of the first ``chunks`` find this row already, ``most`` bits off?"""
    for chunk in range(chunks):
        differs = (hashes[row, chunk // 4] ^ query[chunk // 4]) >> np.uint64(16 * (chunk % 4))
        if ones(differs & np.uint64(0xFFFF)) <= most:
            return True
    return False


@compiled
def search_base(  # noqa: C901
    query: Any,
    base: Any,
    hidden: Any,
    limits: Any,
    radius: int,
    rows: Any,
    distances: Any,
) -> int:
    """As `plain.search_base`."""
    keys, hashes, starts, lows, highs, words = base
    far = np.uint64(radius)
    flips = 17 if radius > 15 else 1
    inline = words.shape[2] == len(keys)
    found = 0
    for chunk in range(CHUNKS):
        home = chunk // 4
        first, second = query[(home + 1) % 4], query[(home + 2) % 4]
        code = (query[home] >> np.uint64(16 * (chunk % 4))) & np.uint64(0xFFFF)
        ones_of, twos_of = words[chunk, 0], words[chunk, 1]
        for flip in range(flips):
            place = np.int64(code) if flip == 0 else np.int64(code) ^ (1 << (flip - 1))
            start, end = np.int64(starts[chunk, place]), np.int64(starts[chunk, place + 1])
            near: Any = 0 if inline else end - start
            for at in range(start, end if inline else start):
                near += ones(ones_of[at] ^ first) + ones(twos_of[at] ^ second) <= far
            if near == 0:
                continue
            for at in range(start, end):
                if inline and ones(ones_of[at] ^ first) + ones(twos_of[at] ^ second) > far:
                    continue
                row = np.int64(highs[chunk, at]) << 16 | np.int64(lows[chunk, at])
                distance = apart(hashes, row, query)
                if np.int64(distance) > limits[keys[row] >> np.uint64(48)]:
                    continue
                if was_seen(hashes, row, query, chunk, np.uint64(flips > 1)):
                    continue
                where = np.searchsorted(hidden, keys[row])
                if where < len(hidden) and hidden[where] == keys[row]:
                    continue
                if found == len(rows):
                    return found + 1
                rows[found] = row
                distances[found] = distance
                found += 1
    return found


@compiled
def search_tail(query: Any, tail: Any, limits: Any, rows: Any, distances: Any) -> int:
    """As `plain.search_tail`."""
    keys, hashes, states = tail
    found = 0
    for row in range(len(keys)):
        distance = apart(hashes, row, query)
        if np.int64(distance) > limits[keys[row] >> np.uint64(48)] or states[row] == 255:
            continue
        if found == len(rows):
            return found + 1
        rows[found] = row
        distances[found] = distance
        found += 1
    return found
