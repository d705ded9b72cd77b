"""Sheets of pictures are split into their pictures; single pictures are left whole.

How often, over many sheets, `bench grids` prints. These few are drawn by the same script.
"""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bench.sheets import QUALITIES, Sheet, saved, scene, sheet, single
from vigie.matching.engine import grid
from vigie.matching.engine.cuts import MOST_PARTS
from vigie.matching.engine.grid import parts_of
from vigie.matching.engine.luma import hash_picture, open_picture
from vigie.matching.engine.tests.pictures import far

pytestmark = [pytest.mark.pure, pytest.mark.rest]
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


def test_the_parts_are_never_more_than_a_hundred_and_the_others_are_counted():
    many = Image.new("RGB", (12 * 80, 12 * 80), "white")
    for number in range(144):
        at = number % 12 * 80 + 5, number // 12 * 80 + 5
        many.paste(scene(number + 1, 70, 70), at)
    whole = sheet_in(saved(many, 95))
    assert len(whole.parts) == MOST_PARTS
    assert abs(whole.missing - 44) <= 1


def sheet_in(data: bytes) -> grid.Sheet:
    with open_picture(data) as picture:
        return grid.sheet_of(picture)


def nine(ninth: Image.Image, paper: str, gap: int = 12) -> bytes:
    """A sheet of eight scenes and one more picture, of 200 × 150 each."""
    page = Image.new("RGB", (3 * 200 + 4 * gap, 3 * 150 + 4 * gap), paper)
    for number in range(9):
        small = ninth if number == 8 else scene(number + 11, 200, 150)
        page.paste(small, (gap + number % 3 * (200 + gap), gap + number // 3 * (150 + gap)))
    return saved(page, 90)


def drawing(thick: int) -> Image.Image:
    """Circles of ink on white."""
    paper = Image.new("RGB", (200, 150), "white")
    random = np.random.default_rng(5)
    for _ in range(14):
        x, y, r = random.uniform(20, 180), random.uniform(20, 130), random.uniform(8, 25)
        ImageDraw.Draw(paper).ellipse((x - r, y - r, x + r, y + r), outline="brown", width=thick)
    return paper


def dark(most: int) -> Image.Image:
    return scene(9, 200, 150).point(lambda level: level * most // 255)


@pytest.mark.parametrize(
    ("ninth", "paper"),
    [
        (drawing(2), "white"),
        (drawing(1), "white"),
        (dark(40), "black"),
        (dark(24), "black"),
        (dark(24), "white"),
        (scene(9, 40, 40), "white"),
        (Image.new("RGB", (200, 150), "grey"), "white"),
    ],
    ids=["drawing", "thin drawing", "dark", "darker", "dark on white", "small", "plain"],
)
def test_a_picture_on_a_sheet_that_has_no_hash_to_ask_by_is_counted(ninth, paper):
    found = sheet_in(nine(ninth, paper))
    assert (len(found.parts), found.missing > 0) in [(8, True), (9, False)]


def test_a_small_picture_in_a_wide_gutter_is_counted():
    page = Image.open(io.BytesIO(nine(scene(9, 200, 150), "white", gap=44)))
    page.paste(scene(10, 34, 34), (75, 5))
    found = sheet_in(saved(page, 90))
    assert (len(found.parts), found.missing) == (9, 1)


@pytest.mark.parametrize("number", range(6), ids=KINDS)
def test_nothing_is_missing_on_a_sheet_of_which_every_picture_was_cut_out(number):
    whole = sheet(number + 12, 3, 3, 50)
    found = sheet_in(whole.data)
    assert (len(found.parts), found.missing) == (len(whole.pictures), 0)


def test_a_place_that_is_empty_is_not_missing():
    found = sheet_in(nine(Image.new("RGB", (200, 150), "white"), "white"))
    assert (len(found.parts), found.missing) == (8, 0)


@pytest.mark.parametrize("size", [(1, 1), (5, 4_000), (97, 97), (96, 3_000)])
def test_any_size_is_looked_at_without_a_stumble(size):
    noise = np.random.default_rng(1).integers(0, 256, (size[1], size[0]), dtype=np.uint8)
    output = io.BytesIO()
    Image.fromarray(noise).save(output, "PNG")
    assert parts_of(output.getvalue()) == []
