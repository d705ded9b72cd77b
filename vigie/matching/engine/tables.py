"""The tables of an index: for each 16 bits of a hash, its rows sorted by them.

Rows are numbers of 24 bits, as long as that is enough: their lowest 16 and the rest, apart.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vigie.matching.engine.rows import Words

TABLES = ("starts", "lows", "highs", "words")
SHORT = 1 << 24  # rows; the rest of a number is a byte until then
NewArray = Callable[[str, tuple[int, ...], type[Any]], Any]  # name, shape, kind


def in_memory(_name: str, shape: tuple[int, ...], kind: type[Any]) -> Any:
    return np.empty(shape, kind)


def tables_into(hashes: Words, compact: bool = False, new: NewArray = in_memory) -> tuple[Any, ...]:
    """The tables by the names in `TABLES`, each in what ``new`` makes; see `plain.search_base`."""
    size, words_beside = len(hashes), 0 if compact else len(hashes)
    starts = new("starts", (16, 65_537), np.uint32)
    lows = new("lows", (16, size), np.uint16)
    highs = new("highs", (16, size), np.uint8 if size <= SHORT else np.uint16)
    words = new("words", (16, 2, words_beside), np.uint64)
    for chunk, (first, order) in enumerate(_sorted(hashes)):
        starts[chunk] = first
        lows[chunk], highs[chunk] = order & 0xFFFF, order >> 16
        if words_beside:
            home = chunk // 4
            words[chunk, 0] = hashes[order, (home + 1) % 4]
            words[chunk, 1] = hashes[order, (home + 2) % 4]
    return starts, lows, highs, words


def _sorted(hashes: Words) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """For each of 16 chunks: where each of its values starts (65537), and the rows (n)."""
    chunks = hashes.view(np.uint16)
    for chunk in range(16):
        order = np.argsort(chunks[:, chunk], kind="stable")
        counts = np.bincount(chunks[:, chunk], minlength=1 << 16)
        yield np.concatenate([[0], np.cumsum(counts)]), order
