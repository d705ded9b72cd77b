"""The tables of an index: for each 16 bits of a hash, its rows sorted by them.

Rows are numbers of 24 bits, as long as that is enough: their lowest 16 and the rest, apart. A fold
is a hash of 128 bits made of one of 256: its words laid over each other in pairs, by exclusive or.
Two folds differ in at most as many bits as their hashes, so whoever is far by its fold is far; and
where hashes are alike in most of their bits, a fold tells more of them than half of each would.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vigie.matching.engine.rows import Words

TABLES = ("starts", "lows", "highs", "folds")
SHORT = 1 << 24  # rows; the rest of a number is a byte until then
SPARE = 8  # words behind the folds: the last ones are read eight at a time as well
NewArray = Callable[[str, tuple[int, ...], type[Any]], Any]  # name, shape, kind


def in_memory(_name: str, shape: tuple[int, ...], kind: type[Any]) -> Any:
    return np.empty(shape, kind)


def tables_into(hashes: Words, compact: bool = False, new: NewArray = in_memory) -> tuple[Any, ...]:
    """The tables by the names in `TABLES`, each in what ``new`` makes; see `plain.search_base`."""
    size = len(hashes)
    starts = new("starts", (16, 65_537), np.uint32)
    lows = new("lows", (16, size), np.uint16)
    highs = new("highs", (16, size), np.uint8 if size <= SHORT else np.uint16)
    folds = new("folds", (0 if compact else 16 * 2 * size + SPARE,), np.uint64)
    for chunk, (first, order) in enumerate(_sorted(hashes)):
        starts[chunk] = first
        lows[chunk], highs[chunk] = order & 0xFFFF, order >> 16
        if not compact:
            _fold_into(folds[2 * size * chunk :][: 2 * size], first, hashes[order])
    folds[-SPARE:] = 0
    return starts, lows, highs, folds


def _sorted(hashes: Words) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """For each of 16 chunks: where each of its values starts (65537), and the rows (n)."""
    chunks = hashes.view(np.uint16)
    for chunk in range(16):
        order = np.argsort(chunks[:, chunk], kind="stable")
        counts = np.bincount(chunks[:, chunk], minlength=1 << 16)
        yield np.concatenate([[0], np.cumsum(counts)]), order


def _fold_into(folds: Words, first: NDArray[Any], hashes: Words) -> None:
    """The folds of a chunk (2 n): place by place the first words of all, then the second ones."""
    counts = np.diff(first)
    at = np.arange(len(hashes))
    folds[at + np.repeat(first[:-1], counts)] = hashes[:, 0] ^ hashes[:, 1]
    folds[at + np.repeat(first[1:], counts)] = hashes[:, 2] ^ hashes[:, 3]
