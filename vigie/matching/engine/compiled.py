"""The search of `plain`, compiled by numba.

What a search waits for is memory. So all its places are looked up before the first is read, the
folds of a place stand side by side and are compared eight at a time, and the few hashes that need
a second look are fetched together.
"""

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from vigie.matching.engine.vectors import LANES, fetch, lowest, near, ones

CHUNKS = 16
WAITING = 256  # rows at most whose hashes are fetched together
ALL = (1 << LANES) - 1


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Kept beside this file, or in the user's cache; where neither can be written, for this run."""
    try:
        kept: Callable[..., Any] = njit(nogil=True, cache=True)(function)
    except RuntimeError:
        logging.getLogger(__name__).info("the compiled search cannot be kept")
        kept = njit(nogil=True)(function)
    return kept


@compiled
def look_up(query: Any, starts: Any, places: Any) -> None:
    """``places`` (16, 17 or 1, 2): from where to where each place's rows stand in its chunk."""
    for chunk in range(CHUNKS):
        code = np.int64((query[chunk // 4] >> np.uint64(16 * (chunk % 4))) & np.uint64(0xFFFF))
        for flip in range(places.shape[1]):
            place = code ^ ((1 << flip) >> 1)
            places[chunk, flip, 0] = starts[chunk, place]
            places[chunk, flip, 1] = starts[chunk, place + 1]


@compiled
def gather(
    query: Any, base: Any, chunk: int, place: Any, at: int, far: Any, waiting: Any, waits: int
) -> Any:
    """From ``at`` on, rows of a place that may be near wait for a second look. Where it stopped,
    at the end or for want of room, and how many wait."""
    start, end = place
    _keys, hashes, _starts, lows, highs, folds = base
    before = 2 * chunk * lows.shape[1]
    one, two = query[0] ^ query[1], query[2] ^ query[3]
    while at < end and waits <= WAITING - LANES:
        which = np.uint64(ALL)
        if len(folds):
            which = near(folds, before + start + at, before + end + at, one, two, far)
        if end - at < LANES:
            which &= np.uint64(ALL) >> np.uint64(LANES - end + at)
        while which:
            position = at + lowest(which)
            which &= which - np.uint64(1)
            row = np.int64(highs[chunk, position]) << 16 | np.int64(lows[chunk, position])
            if row >= len(hashes):  # a damaged file must not end the process
                continue
            fetch(hashes, 4 * row)
            waiting[waits] = row
            waits += 1
        at += LANES
    return min(at, end), waits


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
def is_hidden(hidden: Any, key: Any) -> bool:
    where = np.searchsorted(hidden, key)
    return where < len(hidden) and bool(hidden[where] == key)


@compiled
def settle(query: Any, known: Any, how: Any, waiting: Any, into: Any, found: int) -> int:
    """The second look at rows of a chunk: how many are found now; one more than there is room for,
    and no further, when it is full. ``how``: the radius, the chunk, how far off chunks may be."""
    base, hidden, limits = known
    keys, hashes = base[0], base[1]
    far, chunk, most = how
    rows, distances = into
    for row in waiting:
        distance = apart(hashes, row, query)
        if distance > far or was_seen(hashes, row, query, chunk, most):
            continue
        of_list = np.int64(keys[row] >> np.uint64(48))
        if of_list >= len(limits) or np.int64(distance) > limits[of_list]:
            continue
        if is_hidden(hidden, keys[row]):
            continue
        if found >= len(rows):
            return len(rows) + 1
        rows[found] = row
        distances[found] = distance
        found += 1
    return found


@compiled
def search_one(query: Any, known: Any, far: Any, room: Any, into: Any) -> int:
    """``known``: base, hidden, limits; ``room``: for `look_up` and for `gather`; ``into``: rows,
    distances. How many are found, as `settle` counts."""
    base, (places, waiting), most = known[0], room, len(into[0])
    look_up(query, base[2], places)
    found = 0
    for chunk in range(CHUNKS):
        how = far, chunk, np.uint64(places.shape[1] > 1)
        waits = 0
        for flip in range(places.shape[1]):
            place = places[chunk, flip, 0], places[chunk, flip, 1]
            at = place[0]
            while at < place[1] and found <= most:
                at, waits = gather(query, base, chunk, place, at, far, waiting, waits)
                if waits > WAITING - LANES:
                    found = settle(query, known, how, waiting[:waits], into, found)
                    waits = 0
        found = settle(query, known, how, waiting[:waits], into, found)
    return found


@compiled
def search_base(
    queries: Any,
    base: Any,
    hidden: Any,
    limits: Any,
    radius: int,
    rows: Any,
    distances: Any,
    counts: Any,
) -> None:
    """As `plain.search_base`."""
    room = np.empty((CHUNKS, 17 if radius > 15 else 1, 2), np.int64), np.empty(WAITING, np.int64)
    known, far = (base, hidden, limits), np.uint64(radius)
    for number in range(len(queries)):
        into = rows[number], distances[number]
        counts[number] = search_one(queries[number], known, far, room, into)


@compiled
def search_tail(
    queries: Any, tail: Any, limits: Any, rows: Any, distances: Any, counts: Any
) -> None:
    """As `plain.search_tail`."""
    for number in range(len(queries)):
        into = rows[number], distances[number]
        counts[number] = look_through(queries[number], tail, limits, into)


@compiled
def look_through(query: Any, tail: Any, limits: Any, into: Any) -> int:
    keys, hashes, states = tail
    rows, distances = into
    found = 0
    for row in range(len(keys)):
        distance = apart(hashes, row, query)
        of_list = np.int64(keys[row] >> np.uint64(48))
        if of_list >= len(limits) or np.int64(distance) > limits[of_list] or states[row] == 255:
            continue
        if found == len(rows):
            return found + 1
        rows[found] = row
        distances[found] = distance
        found += 1
    return found
