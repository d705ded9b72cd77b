"""Is what was cut out of a picture likely to be the pictures of a sheet?"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from vigie.matching.engine.boxes import Box, Rows
from vigie.matching.engine.cuts import NEAR, Luma

FEWEST = 4  # parts of a sheet
ALIKE = 2  # times smaller or larger than the middle one a sheet's pictures are
SHARP = 0.5  # of an edge is a step
GOES_ON = 0.7  # edges this much nearer to their neighbour than to others are one scene
SAME_EVERYWHERE = 12  # levels of grey between any two edges: tiles of a wall, not pictures


def is_sheet(luma: Luma, rows: Rows) -> bool:
    every = [cell.picture for row in rows for cell in row]
    if len(every) < FEWEST or len(rows) < 2 or max(map(len, rows)) < 2:
        return False
    areas = np.array([box.area for box in every])
    alike = (areas > np.median(areas) / ALIKE) & (areas < np.median(areas) * ALIKE)
    if alike.mean() < 0.75 or areas.sum() < luma.size * 0.5:
        return False
    return _is_sharp(luma, every) and not _goes_on(luma, rows)


def _is_sharp(luma: Luma, pictures: list[Box]) -> bool:
    """Do the pictures end at once, and not fade away as clouds do?"""
    steps = [step for box in pictures for step in _steps_of(luma, box)]
    return len(steps) >= FEWEST and float(np.median(steps)) >= SHARP


def _steps_of(luma: Luma, box: Box) -> Iterator[float]:
    """Of each edge, how much of it differs from what lies three pixels outside."""
    height, width = luma.shape
    rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
    for inside, outside, most in (
        (box.top + 1, box.top - 3, height),
        (box.bottom - 2, box.bottom + 2, height),
    ):
        if 0 <= outside < most:
            yield _differs(luma[inside, columns], luma[outside, columns])
    for inside, outside, most in (
        (box.left + 1, box.left - 3, width),
        (box.right - 2, box.right + 2, width),
    ):
        if 0 <= outside < most:
            yield _differs(luma[rows, inside], luma[rows, outside])


def _differs(one: Any, other: Any) -> float:
    return float((np.abs(one - other) > NEAR / 2).mean())


def _goes_on(luma: Luma, rows: Rows) -> bool:
    """Is it one scene, behind bars? Edges that face each other are then much alike."""
    return min(_likeness(luma, rows, turned=False), _likeness(luma, rows, turned=True)) < GOES_ON


def _likeness(luma: Luma, rows: Rows, turned: bool) -> float:
    """How far edges that face each other are apart, by how far those are that do not."""
    pairs = list(_facing(luma, rows, turned))
    if len(pairs) < 2:
        return 1.0
    apart = np.abs(
        np.array([one for one, _ in pairs])[:, None] - np.array([other for _, other in pairs])[None]
    ).mean(axis=2)
    others = apart[~np.eye(len(pairs), dtype=bool)]
    usual = float(np.median(others))
    return float(np.median(np.diag(apart))) / usual if usual > SAME_EVERYWHERE else 0.0


def _facing(luma: Luma, rows: Rows, turned: bool) -> Iterator[tuple[Any, Any]]:
    """The edges on both sides of each gutter: right and left, or bottom and top."""
    if not turned:
        for row in rows:
            for one, other in zip(row, row[1:], strict=False):
                yield _edge(one.facing.of(luma)[:, -3:]), _edge(other.facing.of(luma)[:, :3])
        return
    for above, below in zip(rows, rows[1:], strict=False):
        if len(above) == len(below):
            for one, other in zip(above, below, strict=True):
                yield _edge(one.facing.of(luma)[-3:].T), _edge(other.facing.of(luma)[:3].T)


def _edge(strip: Luma) -> Any:
    """32 values along an edge."""
    line = strip.mean(axis=1)
    return np.interp(np.linspace(0, len(line) - 1, 32), np.arange(len(line)), line)
