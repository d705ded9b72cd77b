"""Harmless pictures, drawn from a seed: noise, shapes and a simple cat.

The noise carries structure at every scale (amplitude falls as the frequency rises, as in
photographs), so that perceptual hashes are of high quality and two seeds lie far apart.
The same seed gives the same bytes for one version of Pillow.
"""

import hashlib
import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageOps

SIZE: Final = (480, 360)
FILM: Final = Path(__file__).with_name("static") / "film.webm"
CELL, GUTTER = (240, 180), 12  # of a contact sheet
KNOWN, LISTED = "known", "listed"  # seeds of pictures that several pages share
FORMATS: Final = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}
CONTENT_TYPES: Final = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_OCTAVES: Final = (2, 4, 8, 16, 32, 64)


@lru_cache(maxsize=128)
def picture(seed: str, extension: str) -> bytes:
    """The file of a seed, as `jpg`, `png` or `webp`; KeyError for another extension."""
    target = io.BytesIO()
    options = {"quality": 88} if extension != "png" else {}
    _drawing(seed).save(target, FORMATS[extension], **options)
    return target.getvalue()


@lru_cache(maxsize=16)
def resaved(seed: str, extension: str) -> bytes:
    """The same picture, smaller and saved anew: other bytes that look the same."""
    small = _drawing(seed).resize((320, 240), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    options = {"quality": 60} if extension != "png" else {}
    small.save(target, FORMATS[extension], **options)
    return target.getvalue()


@lru_cache(maxsize=16)
def cropped(seed: str, extension: str) -> bytes:
    """A part of the picture: a person sees that it is the same; its hashes are far away."""
    width, height = SIZE
    part = _drawing(seed).crop((width // 8, height // 8, width, height))
    target = io.BytesIO()
    part.save(target, FORMATS[extension])
    return target.getvalue()


@lru_cache(maxsize=16)
def contact_sheet(seed: str, extension: str) -> bytes:
    """Nine pictures on white paper; in the middle the one of this seed, around it its others."""
    sheet = Image.new("RGB", (3 * CELL[0] + 4 * GUTTER, 3 * CELL[1] + 4 * GUTTER), "white")
    for number in range(9):
        drawn = _drawing(seed if number == 4 else f"{seed}/beside/{number}")
        column, row = number % 3, number // 3
        place = GUTTER + column * (CELL[0] + GUTTER), GUTTER + row * (CELL[1] + GUTTER)
        sheet.paste(drawn.resize(CELL, Image.Resampling.LANCZOS), place)
    target = io.BytesIO()
    options = {"quality": 85} if extension != "png" else {}
    sheet.save(target, FORMATS[extension], **options)
    return target.getvalue()


@lru_cache(maxsize=16)
def film(seed: str) -> bytes:
    """The little film that `filming` drew (eight seconds, no sound), with other bytes for
    each seed: WebM may end in an element (0xEC) that every reader passes over."""
    mark = hashlib.sha256(seed.encode()).digest()
    return FILM.read_bytes() + bytes([0xEC, 0x80 | len(mark)]) + mark


def _drawing(seed: str) -> Image.Image:
    numbers = _numbers(seed)
    noise = ImageOps.autocontrast(_noise(seed))
    image = ImageOps.colorize(noise, _colour(numbers, 0, 90), _colour(numbers, 150, 255))
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(5):
        _shape(draw, numbers)
    _cat(draw, numbers)
    return image


def _noise(seed: str) -> Image.Image:
    """Value noise: random grids, each finer and fainter than the one before, on one another."""
    image = Image.new("L", SIZE, 128)
    for index, cells in enumerate(_OCTAVES):
        grid = (cells * 4 // 2, cells * 3 // 2)
        raw = hashlib.shake_256(f"{seed}/{index}".encode()).digest(grid[0] * grid[1])
        layer = Image.frombytes("L", grid, raw).resize(SIZE, Image.Resampling.BICUBIC)
        image = Image.blend(image, layer, 1 / (index + 1.4))
    return image


def _numbers(seed: str) -> Iterator[int]:
    """An endless row of bytes from a seed; not `random`, whose rows may differ by version."""
    block = 0
    while True:
        yield from hashlib.sha256(f"{seed}#{block}".encode()).digest()
        block += 1


def _between(numbers: Iterator[int], low: int, high: int) -> int:
    return low + next(numbers) * (high - low) // 255


def _colour(numbers: Iterator[int], low: int, high: int) -> str:
    return "#" + "".join(f"{_between(numbers, low, high):02x}" for _ in range(3))


def _shape(draw: ImageDraw.ImageDraw, numbers: Iterator[int]) -> None:
    x, y = _between(numbers, -40, SIZE[0] - 60), _between(numbers, -40, SIZE[1] - 60)
    width, height = _between(numbers, 50, 190), _between(numbers, 50, 190)
    fill = _colour(numbers, 0, 255) + "b0"
    if next(numbers) % 2:
        draw.ellipse((x, y, x + width, y + height), fill=fill)
    else:
        draw.polygon([(x, y + height), (x + width // 2, y), (x + width, y + height)], fill=fill)


def _cat(draw: ImageDraw.ImageDraw, numbers: Iterator[int]) -> None:
    """A head, two ears, two eyes, a nose and whiskers, somewhere in the picture."""
    r = _between(numbers, 38, 62)
    x = _between(numbers, r + 10, SIZE[0] - r - 10)
    y = _between(numbers, r + 30, SIZE[1] - r - 10)
    fur, ink = _colour(numbers, 120, 240), "#1f2a44"
    for side in (-1, 1):
        ear = [(x + side * r, y - r // 5), (x + side * r * 4 // 5, y - r * 3 // 2), (x, y - r)]
        draw.polygon(ear, fill=fur, outline=ink)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=fur, outline=ink, width=2)
    for side in (-1, 1):
        eye = x + side * r * 2 // 5
        draw.ellipse((eye - 6, y - 14, eye + 6, y + 2), fill=ink)
        for drop in (4, 10, 16):
            draw.line((x + side * r // 4, y + 12, x + side * r * 5 // 4, y + drop), fill=ink)
    draw.polygon([(x - 5, y + 6), (x + 5, y + 6), (x, y + 13)], fill=ink)
