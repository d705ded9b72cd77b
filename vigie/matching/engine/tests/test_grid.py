"""Sheets of pictures are split into their pictures; single pictures are left whole.

How often, over many sheets, `bench grids` prints. These few are drawn by the same script.
"""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.sheets import QUALITIES, Sheet, saved, scene, sheet, single
from vigie.matching.engine.cuts import MOST_PARTS
from vigie.matching.engine.grid import parts_of
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.tests.pictures import far

pytestmark = pytest.mark.pure
KINDS = ("gutters", "captions", "no gutters", "uneven rows", "frames", "thin lines")
SAME = 31


def found_of(one: Sheet) -> tuple[int, int]:
    """How many of a sheet's pictures are among its parts; how many parts there are."""
    parts = [part.value for part in parts_of(one.data)]
    wanted = [hash_picture(saved(each, 95)).pdq.value for each in one.pictures]
    return sum(any(far(w, part) <= SAME for part in parts) for w in wanted), len(parts)


@pytest.mark.parametrize("number", range(6), ids=KINDS)
def test_a_sheet_of_each_layout_is_split_into_its_pictures(number):
    one = sheet(number + 60, 4, 3, QUALITIES[number % 4])
    assert one.kind == KINDS[number]
    found, parts = found_of(one)
    assert abs(parts - len(one.pictures)) <= 1
    assert found >= len(one.pictures) * 0.75


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (8, 8), (2, 7)])
def test_small_and_large_sheets(rows, columns):
    one = sheet(6, rows, columns, 75)
    found, parts = found_of(one)
    assert abs(parts - rows * columns) <= 4
    assert found >= rows * columns * 0.85


@pytest.mark.parametrize("number", [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 17])
def test_a_picture_that_is_one_picture_is_left_whole(number):
    assert parts_of(single(number, 75)[1]) == []


def test_one_scene_behind_bars_is_one_picture_and_the_same_bars_around_many_are_a_sheet():
    def behind_bars(whole: Image.Image) -> bytes:
        draw = ImageDraw.Draw(whole)
        for at in (0, 296, 592, 888):
            draw.rectangle((at, 0, at + 11, 900), fill="white")
            draw.rectangle((0, at, 900, at + 11), fill="white")
        return saved(whole, 90)

    many = Image.new("RGB", (900, 900))
    for number in range(9):
        many.paste(scene(number + 1, 300, 300), (number % 3 * 296, number // 3 * 296))
    assert parts_of(behind_bars(scene(1, 900, 900))) == []
    assert len(parts_of(behind_bars(many))) == 9


def test_the_parts_are_never_more_than_a_hundred():
    many = Image.new("RGB", (12 * 80, 12 * 80), "white")
    for number in range(144):
        at = number % 12 * 80 + 5, number // 12 * 80 + 5
        many.paste(scene(number + 1, 70, 70), at)
    assert len(parts_of(saved(many, 95))) == MOST_PARTS


@pytest.mark.parametrize("size", [(1, 1), (5, 4_000), (97, 97), (96, 3_000)])
def test_any_size_is_looked_at_without_a_stumble(size):
    noise = np.random.default_rng(1).integers(0, 256, (size[1], size[0]), dtype=np.uint8)
    output = io.BytesIO()
    Image.fromarray(noise).save(output, "PNG")
    assert parts_of(output.getvalue()) == []
