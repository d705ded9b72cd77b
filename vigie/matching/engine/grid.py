"""Is a picture a sheet of pictures, and where does each stand? (`bench grids` states how often.)

A sheet is cut by lines that go from one edge to the other: gutters of one colour, or steps where
two pictures touch. First into rows and each row into its pictures, or first into columns; what is
left in a cell beside its picture (a caption, a frame) is cut off in turn. What comes out is
believed if it looks like pictures, about as large as each other, that do not go on from one to the
next, as a scene behind the bars of a window does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from vigie.lib.orientation import orientation_of, put_upright
from vigie.matching.engine.boxes import FRAME, Box, Cell, Rows
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
from vigie.matching.engine.leftover import something_beside
from vigie.matching.engine.luma import on_white, open_picture
from vigie.matching.engine.pdq import MATCHABLE, PdqHash, pdq_of
from vigie.matching.engine.sheetlike import FEWEST, is_sheet

SIDE = 1_000  # pixels that a JPEG is decoded to at least; larger sheets are halved till near it
HASHED = 512  # pixels of a part's shorter side, made larger where it is smaller
INK = 0.35  # of a picture differs from the paper; less of words does


@dataclass(frozen=True)
class Sheet:
    """``parts``: the hashes of its pictures, row by row; none if it is one picture. At most
    MOST_PARTS. ``missing``: how many of its pictures are not among them, for they have no hash
    worth asking by, or there are too many; one more if something else lies beside them, which may
    be a picture that was not cut out. ``upright``: the hashes of its pictures as a viewer shows
    them, if it is stored turned.
    """

    parts: list[PdqHash]
    missing: int = 0
    upright: list[PdqHash] = field(default_factory=list)


def parts_of(data: bytes) -> list[PdqHash]:
    """Raises whatever a decoder raises that stumbles, as `luma.hash_picture`."""
    with open_picture(data) as picture:
        return sheet_of(picture).parts


def sheet_of(picture: Image.Image) -> Sheet:
    """``picture``: as `open_picture` gave it."""
    orientation = orientation_of(picture)
    luma = _luma(picture)
    found = boxes(luma)
    asked = found[:MOST_PARTS]
    parts = _hashes(luma, asked)
    if len(parts) < max(FEWEST, len(asked) / 2):
        return Sheet([])
    upright = _hashes(luma, asked, orientation) if orientation > 1 else []
    return Sheet(parts, len(found) - len(parts) + something_beside(luma, found), upright)


def _hashes(luma: Luma, asked: list[Box], orientation: int = 1) -> list[PdqHash]:
    hashes = (_hash(box.of(luma), orientation) for box in asked)
    return [hashed for hashed in hashes if hashed.quality >= MATCHABLE]


def _hash(part: Luma, orientation: int) -> PdqHash:
    """Small pictures hash some 20 bits off their large originals; made larger first, half of it."""
    small = put_upright(Image.fromarray(part), orientation)
    times = max(1.0, min(HASHED / min(small.size), 4 * HASHED / max(small.size)))
    size = round(small.width * times), round(small.height * times)
    large = small.resize(size, Image.Resampling.BICUBIC) if times > 1 else small
    luma = np.asarray(large, np.float32)
    return pdq_of(lambda top, bottom: luma[top:bottom], large.size)


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
        if is_sheet(luma, rows):
            return [cell.picture for row in rows for cell in row]
    return []


def _ways_to_cut(luma: Luma) -> Iterator[Rows]:
    """By gutters, rows first and columns first, whichever gives more; then by steps."""
    turned = luma.T
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
