"""Is a picture a sheet of pictures, and where does each stand? (`bench grids` states how often.)

A sheet is cut by lines that go from one edge to the other: gutters of one colour, or steps where
two pictures touch. First into rows and each row into its pictures, or first into columns; what is
left in a cell beside its picture (a caption, a frame) is cut off in turn. What comes out is
believed if it looks like pictures, about as large as each other, that do not go on from one to the
next, as a scene behind the bars of a window does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from vigie.matching.engine.cuts import (
    FULL,
    MOST_PARTS,
    NEAR,
    SMALLEST,
    Luma,
    even_spans,
    papers,
    runs,
    spans,
)
from vigie.matching.engine.luma import on_white, open_picture
from vigie.matching.engine.pdq import MATCHABLE, PdqHash, pdq_of

FEWEST = 4  # parts of a sheet
SIDE = 1_000  # pixels that a JPEG is decoded to at least; larger sheets are halved till near it
HASHED = 512  # pixels of a part's shorter side, made larger where it is smaller
INK = 0.35  # of a picture differs from the paper; less of words does
SAME_EVERYWHERE = 12  # levels of grey between any two edges: tiles of a wall, not pictures
FRAME = 6  # pixels that a frame may be thick
ALIKE = 2  # times smaller or larger than the middle one a sheet's pictures are
GOES_ON = 0.7  # edges this much nearer to their neighbour than to others are one scene


@dataclass(frozen=True)
class Box:
    """Pixels: from left and top, up to right and bottom without them."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def turned(self) -> "Box":
        return Box(self.top, self.left, self.bottom, self.right)

    def of(self, luma: Luma) -> Luma:
        return luma[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True)
class Cell:
    """What lies between gutters, and the picture in it."""

    whole: Box
    picture: Box

    @property
    def turned(self) -> "Cell":
        return Cell(self.whole.turned, self.picture.turned)

    @property
    def facing(self) -> Box:
        """Whose edges may go on in the next cell: a scene's do where its bars stand. What was cut
        off beside a picture, more than a frame, may have been part of it."""
        one, other = self.picture, self.whole
        cut = max(one.left - other.left, other.right - one.right)
        cut = max(cut, one.top - other.top, other.bottom - one.bottom)
        return self.picture if cut <= FRAME else self.whole


Rows = list[list[Cell]]


def parts_of(data: bytes) -> list[PdqHash]:
    """The hashes of a sheet's pictures, row by row; none if it is one picture. At most MOST_PARTS.

    Raises whatever a decoder raises that stumbles, as `luma.hash_picture`.
    """
    with open_picture(data) as picture:
        return [hashed for _box, hashed in sheet_of(picture)]


def sheet_of(picture: Image.Image) -> list[tuple[Box, PdqHash]]:
    """As `parts_of`, of an opened picture; the boxes are in the pixels that were looked at."""
    luma = _luma(picture)
    found = [(box, _hash(box.of(luma))) for box in boxes(luma)]
    kept = [(box, hashed) for box, hashed in found if hashed.quality >= MATCHABLE]
    return kept if len(kept) >= max(FEWEST, len(found) / 2) else []


def _hash(part: Luma) -> PdqHash:
    """Small pictures hash some 20 bits off their large originals; made larger first, half of it."""
    small = Image.fromarray(part)
    times = max(1.0, min(HASHED / min(small.size), 4 * HASHED / max(small.size)))
    size = round(small.width * times), round(small.height * times)
    large = small.resize(size, Image.Resampling.BICUBIC) if times > 1 else small
    return pdq_of(iter([np.asarray(large, np.float32)]), large.size)


def _luma(picture: Image.Image) -> Luma:
    if picture.format in ("JPEG", "MPO"):
        picture.draft("L", (SIDE, SIDE))
    picture.load()
    grey = on_white(picture).convert("L")
    if (times := max(grey.size) // (2 * SIDE)) > 1:
        grey = grey.reduce(times)
    return np.asarray(grey, np.float32)


def boxes(luma: Luma) -> list[Box]:
    """Where a sheet's pictures stand in its luma (h, w); none if it is one picture."""
    if min(luma.shape) < 2 * SMALLEST:
        return []
    for rows in _ways_to_cut(luma):
        if _is_sheet(luma, rows):
            return [cell.picture for row in rows for cell in row][:MOST_PARTS]
    return []


def _ways_to_cut(luma: Luma) -> Iterator[Rows]:
    """By gutters, rows first and columns first, whichever gives more; then by steps."""
    turned = np.ascontiguousarray(luma.T)
    ways = [_rows(luma, paper) for paper in papers(luma)]
    for paper in papers(turned):
        ways.append([[cell.turned for cell in row] for row in _rows(turned, paper)])
    yield from sorted(ways, key=lambda rows: -sum(map(len, rows)))
    across, down = even_spans(turned), even_spans(luma)
    even = [[Box(a, top, b, bottom) for a, b in across] for top, bottom in down]
    yield [[Cell(box, _unframed(luma, box)) for box in row] for row in even]


def _rows(luma: Luma, paper: float) -> Rows:
    """The pictures of each row of a sheet, if it is one with gutters of that colour."""
    rows = []
    for top, bottom in spans(luma, paper):
        cells = [Box(a, top, b, bottom) for a, b in spans(luma[top:bottom].T, paper)]
        pictures = ((cell, _picture_in(luma, cell, paper)) for cell in cells)
        if row := [Cell(cell, picture) for cell, picture in pictures if picture]:
            rows.append(row)
    return rows


def _picture_in(luma: Luma, cell: Box, paper: float) -> Box | None:
    """The picture of a cell, without the paper around it, a caption or a frame."""
    ink = np.abs(cell.of(luma) - paper) > NEAR
    tall = [(a, b) for a, b in runs(ink.mean(axis=1) > 1 - FULL) if b - a >= SMALLEST]
    if not tall:
        return None
    first, end = max(tall, key=lambda span: span[1] - span[0])
    if ink[first:end].mean() < INK:
        return None
    across = runs(ink[first:end].mean(axis=0) > 1 - FULL)
    left, right = cell.left + across[0][0], cell.left + across[-1][1]
    cell = Box(left, cell.top + first, right, cell.top + end)
    cell = _unframed(luma, cell)
    size = min(cell.right - cell.left, cell.bottom - cell.top)
    return cell if size >= SMALLEST else None


def _unframed(luma: Luma, cell: Box) -> Box:
    """Without a thin frame: all four outermost lines of one colour, up to a few times."""
    for _ in range(FRAME):
        part = cell.of(luma)
        if min(part.shape) < SMALLEST:
            break
        edge = np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]])
        if (np.abs(edge - np.median(edge)) <= NEAR).mean() < FULL:
            break
        cell = Box(cell.left + 1, cell.top + 1, cell.right - 1, cell.bottom - 1)
    return cell


def _is_sheet(luma: Luma, rows: Rows) -> bool:
    every = [cell.picture for row in rows for cell in row]
    if len(every) < FEWEST or len(rows) < 2 or max(map(len, rows)) < 2:
        return False
    areas = np.array([box.area for box in every])
    alike = (areas > np.median(areas) / ALIKE) & (areas < np.median(areas) * ALIKE)
    if alike.mean() < 0.75 or areas.sum() < luma.size * 0.5:
        return False
    return not _goes_on(luma, rows)


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
