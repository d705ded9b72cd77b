"""Where a sheet of pictures can be cut: lines from one edge to the other.

Gutters of one colour, or steps where two pictures touch. Everything here looks for lines from left
to right; whoever seeks the others turns the luma.
"""

import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.float32]
MOST_PARTS = 100
SMALLEST = 48  # pixels of a part's shorter side, as looked at
NEAR = 26  # levels of grey that one colour may differ, after a poor JPEG
FULL = 0.93  # of a gutter's pixels have its colour
STEP = 0.5  # of a line's pixels jump where two pictures touch
JUMP = 6  # levels of grey, at least
SLACK = 6  # pixels that a joint may lie beside its even place


def _thinned(luma: Luma, columns: int) -> Luma:
    """About so many of its columns: enough to tell what a line is like, and far less to do."""
    return np.ascontiguousarray(luma[:, :: max(1, luma.shape[1] // columns)])


def papers(luma: Luma) -> list[float]:
    """The two colours that gutters from left to right most often have."""
    seen = _thinned(luma, 128)
    middle = np.median(seen, axis=1)
    plain = (np.abs(seen - middle[:, None]) <= NEAR).mean(axis=1) >= FULL
    levels, counts = np.unique((middle[plain] // 16).astype(int), return_counts=True)
    order = levels[np.argsort(-counts)][:2]
    return [float(np.median(middle[plain & (middle // 16 == level)])) for level in order]


def spans(luma: Luma, paper: float) -> list[tuple[int, int]]:
    """What lies between the gutters that go from left to right."""
    ink = (np.abs(luma - paper) <= NEAR).mean(axis=1) < FULL
    return [(a, b) for a, b in runs(ink) if b - a >= SMALLEST]


def runs(lines: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and end of each run of True."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], lines.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in ends.reshape(-1, 2)]


def even_spans(luma: Luma) -> list[tuple[int, int]]:
    """As many equal spans as there can be, where lines jump from left to right at every joint:
    pictures that touch, or are parted by a line too thin for a gutter."""
    height = len(luma)
    change = np.abs(np.diff(_thinned(luma, 256), axis=0))  # change[y]: from line y to y + 1
    calm = np.zeros_like(change)
    for far in (4, 5, 6):
        calm[far:] += change[:-far]
        calm[:-far] += change[far:]
    jumps = (change > JUMP + calm / 3).mean(axis=1)
    for count in range(min(height // SMALLEST, MOST_PARTS), 1, -1):
        joints = [round(at * height / count) for at in range(1, count)]
        near = [jumps[joint - SLACK : joint + SLACK] for joint in joints]
        if min(float(each.max()) for each in near) >= STEP:
            lines = [np.flatnonzero(each >= STEP) - SLACK + 1 for each in near]
            ends = [0]
            for joint, found in zip(joints, lines, strict=True):
                ends += [joint + int(found[0]), joint + int(found[-1])]
            return list(zip(ends[::2], [*ends[1::2], height], strict=True))
    return [(0, height)]
