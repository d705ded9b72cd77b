"""What lies on a sheet beside the pictures that were cut out of it: paper, or something to be seen?

A picture can be missed: a drawing of few lines, one as dark as the paper, one in a wide gutter.
Nobody can say then that all that is on the sheet is known.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from vigie.matching.engine.boxes import Box
from vigie.matching.engine.cuts import Luma

PLACE = 16  # pixels of a square that is looked at; a line of words beside pictures is lower
AROUND = 8  # pixels around a picture that its frame or a poor JPEG may colour
PAPER = 12  # levels of grey that paper may differ


def something_beside(luma: Luma, pictures: Iterable[Box]) -> bool:
    """Is there a square that touches no picture and is not of the paper's colour all over?"""
    free = np.ones(luma.shape, np.bool_)
    for box in pictures:
        top, left = max(0, box.top - AROUND), max(0, box.left - AROUND)
        free[top : box.bottom + AROUND, left : box.right + AROUND] = False
    places = _squares(luma)[_squares(free).all(axis=(2, 3))]
    if not places.size:
        return False
    return bool((np.abs(places - np.median(places)) > PAPER).any())


def _squares(of: Any) -> Any:
    """(rows, columns, PLACE, PLACE), without what is left at the right and at the bottom."""
    rows, columns = of.shape[0] // PLACE, of.shape[1] // PLACE
    whole = of[: rows * PLACE, : columns * PLACE]
    return whole.reshape(rows, PLACE, columns, PLACE).swapaxes(1, 2)
