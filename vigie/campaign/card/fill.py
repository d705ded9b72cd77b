"""Filling a window with a part of the photo, larger or smaller. Runs in the limited child.

OpenCV only sees pixels here, never a file: it would open bombs.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from vigie.campaign.card.source import Box

Pixels = NDArray[np.uint8]  # height, width, 3: sRGB
SOFT = 0.8  # photo's pixels for each of the window's, below which an enlarged one looks soft
SHARPEN, RADIUS = 0.70, 1.3
GRAIN = 4.0  # standard deviation, of 255
TILE = (331, 397)  # pixels after which the grain is repeated


class Ladder:
    """One part of the photo at half sizes, each made when it is first needed."""

    def __init__(self, pixels: Pixels, box: Box) -> None:
        """``box``: which part of the photo ``pixels`` shows, in the photo's own pixels."""
        self._steps = [pixels]
        self._box = box

    def fill(self, box: tuple[float, ...], window: tuple[int, int]) -> Pixels:
        """What the window shows when it shows ``box``, a part of the photo."""
        left, top, right, bottom = (self._box[n] for n in range(4))
        height, width = self._steps[0].shape[:2]
        across, down = width / (right - left), height / (bottom - top)
        ratio = (box[2] - box[0]) * across / window[0]
        step = max(0, math.floor(math.log2(max(ratio, 1) * 1.02)))
        pixels = self._step(step)
        across, down, ratio = across / 2**step, down / 2**step, ratio / 2**step
        rows = _span((box[1] - top) * down, (box[3] - top) * down, pixels.shape[0])
        columns = _span((box[0] - left) * across, (box[2] - left) * across, pixels.shape[1])
        return resized(pixels[rows, columns], window, ratio)

    def _step(self, number: int) -> Pixels:
        while len(self._steps) <= number:
            last = self._steps[-1]
            half = (max(1, last.shape[1] // 2), max(1, last.shape[0] // 2))
            even = last[: half[1] * 2, : half[0] * 2]
            self._steps.append(_pixels(cv2.resize(even, half, interpolation=cv2.INTER_AREA)))
        return self._steps[number]


def resized(part: Pixels, window: tuple[int, int], ratio: float) -> Pixels:
    """``ratio``: the part's pixels for each of the window's, less than 2."""
    if ratio >= SOFT:
        way = cv2.INTER_LINEAR if ratio > 1 else cv2.INTER_CUBIC
        return _pixels(cv2.resize(part, window, interpolation=way))
    large = cv2.resize(part, window, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(large, (0, 0), RADIUS)
    sharp = cv2.addWeighted(large, 1 + SHARPEN, soft, -SHARPEN, 0)
    return _grained(_pixels(sharp))


def _grained(picture: Pixels) -> Pixels:
    """With fine grain as of film: it hides that an enlarged photo has no detail so small."""
    height, width = picture.shape[:2]
    noise = np.random.default_rng(78).normal(0, 1, TILE).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(noise, (0, 0), 0.6))
    tile = np.rint(soft * (GRAIN / soft.std())).astype(np.int16)[..., None]
    grain = np.tile(tile, (height // TILE[0] + 1, width // TILE[1] + 1, 1))
    return _pixels((picture + grain[:height, :width]).clip(0, 255))


def _span(start: float, end: float, most: int) -> slice:
    first = min(max(0, round(start)), most - 1)
    return slice(first, max(first + 1, min(most, round(end))))


def _pixels(value: object) -> Pixels:
    return np.asarray(value, dtype=np.uint8)
