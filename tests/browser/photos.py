"""Photos that supporters choose in the tests, and how to tell whether two pictures are the same."""

import io
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image
from pillow_heif import register_heif_opener

from vigie.campaign.motif import CAT
from vigie.demo.cats import drawn_cat

KINDS = {".jpg": "image/jpeg", ".png": "image/png", ".heic": "image/heic"}
ORIENTATION, MAKER, GPS, COMMENT = 0x0112, 0x010F, 0x8825, b"taken at home"
ROTATED = 6  # EXIF: what is stored has to be turned clockwise to stand upright


def file(name: str, data: bytes) -> dict[str, object]:
    """A file to choose, as Playwright wants it."""
    return {"name": name, "mimeType": KINDS[Path(name).suffix], "buffer": data}


@cache
def cat() -> bytes:
    """The cat that ships, as a JPEG."""
    with Image.open(CAT) as picture:
        return _saved(picture.convert("RGB"), "JPEG", quality=90)


@cache
def drawn(number: int) -> bytes:
    return drawn_cat(number)


@cache
def heic() -> bytes:
    """A photo that Chromium cannot show by itself."""
    register_heif_opener()
    with Image.open(io.BytesIO(drawn(2))) as picture:
        return _saved(picture.convert("RGB"), "HEIF")


@cache
def chart() -> bytes:
    """A photo in which every pixel says where it is: red to the right, green downwards.

    1200 × 1600, stored lying on its side as phones do, with everything that must not come through.
    """
    y, x = np.mgrid[0:1600, 0:1200]
    squares = 112 + 24 * ((x // 100 + y // 100) % 2)
    pixels = np.stack([x * 255 / 1199, y * 255 / 1599, squares], axis=-1).astype(np.uint8)
    lying = Image.fromarray(pixels).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = ROTATED, "Maker of the phone"
    exif.get_ifd(GPS)[1] = "N"
    return _saved(lying, "JPEG", quality=95, exif=exif, comment=COMMENT)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def _grids(one: bytes, other: bytes) -> list[np.ndarray]:
    """Both pictures, brought to one small size: the noise of how they were drawn is gone."""
    width, height = opened(one).size
    small = (36, round(36 * height / width))
    return [
        np.asarray(opened(data).convert("RGB").resize(small, Image.Resampling.BOX), float)
        for data in (one, other)
    ]


def difference(one: bytes, other: bytes) -> float:
    """How far two pictures are from each other, on average, in levels of 255."""
    first, second = _grids(one, other)
    return float(np.abs(first - second).mean())


def shift(one: bytes, other: bytes) -> float:
    """By how much the `chart` lies elsewhere in the upper part of two pictures: per cent of it."""
    first, second = _grids(one, other)
    rows = round(len(first) * 0.45)
    by = (first - second)[:rows, :, :2].mean(axis=(0, 1))
    return float(np.abs(by).max() * 100 / 255)


def traces(jpeg: bytes) -> list[str]:
    """What a card says beside its pixels: nothing but what every JPEG of ours says."""
    with opened(jpeg) as picture:
        usual = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        return [*map(str, picture.getexif()), *(set(picture.info) - usual)]
