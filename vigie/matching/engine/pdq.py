"""PDQ of a luma, as two matrix products.

The reference (https://github.com/facebook/ThreatExchange/tree/main/pdq) runs a box filter twice
along rows and columns, picks 64 × 64 values and takes a cosine transform. Each step is linear and
separable: luma (h × w) → A(h) · luma · A(w)ᵀ → D · b · Dᵀ, where A depends on a length alone. Where
a JPEG decoder has shrunk the picture already, the weights of the pixels under one are added up.
A(h) is next to empty: few rows of the picture meet in one of its own, so it is taken in bands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Floats = NDArray[np.float32]
LumaRows = Callable[[int, int], Floats]  # first and end → (rows, width) of a luma, 0 to 255
Band = tuple[int, int, Floats]  # first and end of its rows, their weights
SIDE = 64  # of the picture that is transformed
BAND = 4  # of SIDE
NOTHING = 1e-9  # what rounding leaves; the least weight is that of one pixel of a window
KEPT = 16  # frequencies of each direction
LONGEST_KEPT = 8_192  # pixels of a side whose weights are kept: some 2 MiB; at most 64 are
SMALLEST = 5  # pixels of the shorter side; below that the reference gives no hash
MATCHABLE = 50  # of 100: a hash of less quality is not matched
DOUBT = 0.01  # that two frequencies differ: rounding, ours and the reference's, changes less
VARIANTS = (
    "as it is",
    "turned left",
    "turned round",
    "turned right",
    "mirrored",
    "upside down",
    "transposed",
    "transversed",
)


def _box(length: int, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and end of the reference's window around each position."""
    window = (length + 127) // 128
    half = (window + 2) // 2
    return np.maximum(at + half - window, 0), np.minimum(at + half, length)


def _weights(length: int, scale: int) -> tuple[Floats, list[Band]]:
    """A: (64, pixels), for a side of ``length`` that was decoded ``scale`` times smaller."""
    return _kept_weights(length, scale) if length <= LONGEST_KEPT else _new_weights(length, scale)


def _new_weights(length: int, scale: int) -> tuple[Floats, list[Band]]:
    picked = ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)
    low, high = _box(length, picked)
    row = np.repeat(np.arange(SIDE), high - low)
    inside = np.arange(row.size) - np.repeat(np.cumsum(high - low) - high, high - low)
    first, end = _box(length, inside)
    share = 1.0 / (end - first) / (high - low)[row]
    edges = np.zeros((SIDE, length + 1))
    np.add.at(edges, (row, first), share)
    np.add.at(edges, (row, end), -share)
    full = np.cumsum(edges[:, :-1], axis=1)
    weights = np.add.reduceat(full, np.arange(0, length, scale), axis=1).astype(np.float32)
    return weights, [_band(weights[at : at + BAND]) for at in range(0, SIDE, BAND)]


def _band(weights: Floats) -> Band:
    pixels = np.flatnonzero((weights > NOTHING).any(axis=0))
    first, end = int(pixels[0]), int(pixels[-1]) + 1
    return first, end, np.ascontiguousarray(weights[:, first:end])


_kept_weights = lru_cache(maxsize=64)(_new_weights)


def _cosines() -> Floats:
    row, column = np.arange(1, KEPT + 1)[:, None], np.arange(SIDE)[None, :]
    waves: Floats = np.cos(np.pi / 2 / SIDE * row * (2 * column + 1)).astype(np.float32)
    return waves * np.float32(np.sqrt(2 / SIDE))


# Several threads take longer for products so small, and far longer where processors are busy.
THREADS = ThreadpoolController()
COSINES = _cosines()
SIGNS = np.where(np.arange(KEPT) % 2, 1, -1).astype(np.float32)  # what mirroring does


@dataclass(frozen=True)
class PdqHash:
    """``quality``: 0 to 100. ``frequencies``: (16, 16), from which the variants follow."""

    quality: int
    frequencies: Floats

    def __str__(self) -> str:
        return self.value

    @property
    def value(self) -> str:
        """64 hexadecimal digits."""
        return _digits(self.frequencies)

    @property
    def is_certain(self) -> bool:
        """Are the two middle frequencies so far apart that rounding turns no bit?"""
        flat, middle = self.frequencies.ravel(), KEPT * KEPT // 2
        low, high = np.partition(flat, (middle - 1, middle))[middle - 1 : middle + 1]
        return bool(high - low > DOUBT)

    def variants(self) -> dict[str, str]:
        """Near the hashes of the picture turned and mirrored, by the names in `VARIANTS`."""
        return dict(zip(VARIANTS, map(_digits, _turned(self.frequencies)), strict=True))

    def upright(self, orientation: int) -> str:
        """The hash of the picture as it is shown, where EXIF says that it is stored turned.

        Near, if the picture is large; below some 500 pixels up to 48 bits off.
        """
        names = (0, 4, 2, 5, 6, 3, 7, 1)
        return self.variants()[VARIANTS[names[orientation - 1]]]


def _turned(frequencies: Floats) -> Iterator[Floats]:
    """In the order of `VARIANTS`."""
    across, down = SIGNS[None, :], SIGNS[:, None]
    turned = frequencies.T
    yield frequencies
    yield turned * down
    yield frequencies * across * down
    yield turned * across
    yield frequencies * across
    yield frequencies * down
    yield turned
    yield turned * across * down


def _digits(frequencies: Floats) -> str:
    """Bits above the lower of the two middle values; the last frequency comes first."""
    flat = frequencies.ravel()
    middle = np.partition(flat, flat.size // 2 - 1)[flat.size // 2 - 1]
    return np.packbits((flat > middle)[::-1]).tobytes().hex()


def pdq_of(rows: LumaRows, size: tuple[int, int], scale: int = 1) -> PdqHash:
    """``size``: (width, height) of the picture itself; ``scale``: how many times smaller the luma
    is. A side of fewer than 5 pixels has the hash 0 and the quality 0, as in the reference.
    """
    width, height = size
    if min(size) < SMALLEST:
        return PdqHash(0, np.zeros((KEPT, KEPT), np.float32))
    across, bands = _weights(width, scale)[0].T, _weights(height, scale)[1]
    with THREADS.limit(limits=1, user_api="blas"):
        low = [weights @ rows(first, end) for first, end, weights in bands]
        small = np.concatenate(low, dtype=np.float32) @ across
        return PdqHash(_quality(small), COSINES @ small @ COSINES.T)


def _quality(small: Floats) -> int:
    """How much changes from one of the 64 × 64 to the next, in whole hundredths of the range."""
    steps = (np.diff(small, axis=0), np.diff(small, axis=1))
    total = sum(int(np.abs(np.trunc(step * 100 / 255)).sum()) for step in steps)
    return min(total // 90, 100)
