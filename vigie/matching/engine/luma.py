"""Bytes of a picture → its luma. Runs where hostile bytes may do harm: see `lib.nursery`.

JPEGs are decoded in grey, and as many times smaller as leaves 256 pixels: how far that drifts from
the reference hash, `bench matching` prints. ``exact`` asks the reference itself, full size.
Transparent pixels lie on white. Colour profiles are not applied, as the reference does not.
"""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pdqhash
import pillow_heif
from PIL import AvifImagePlugin, Image

from vigie.lib.orientation import orientation_of
from vigie.matching.engine.pdq import KEPT, SMALLEST, Floats, PdqHash, pdq_of

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 65_535  # as in a JPEG; weights for a side take 1.5 kB a pixel while they are made
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF", "HEIF")
ENOUGH = 256  # pixels of the shorter side
STRIP = 256  # rows that are in memory as numbers

pillow_heif.register_heif_opener(thumbnails=False)
pillow_heif.options.DECODE_THREADS = 1
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


@dataclass(frozen=True)
class Hashed:
    """``size``: (width, height) as stored. ``orientation``: EXIF, 1 to 8; ``pdq`` ignores it."""

    pdq: PdqHash
    size: tuple[int, int]
    mime: str
    orientation: int

    @property
    def upright(self) -> str:
        """The hash of what a viewer shows: another value to search by, where it differs."""
        return self.pdq.upright(self.orientation)


def open_picture(data: bytes) -> Image.Image:
    """Reads the header only. Raises whatever a decoder raises that stumbles."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    picture = Image.open(io.BytesIO(data), formats=FORMATS)
    if max(picture.size) > LONGEST_SIDE:
        raise Image.DecompressionBombError("a side is too long")
    return picture


def hash_picture(data: bytes, *, exact: bool = False) -> Hashed:
    """The PDQ of a file's first picture. Raises whatever a decoder raises that stumbles."""
    with open_picture(data) as picture:
        return hash_opened(picture, exact=exact)


def hash_opened(picture: Image.Image, *, exact: bool = False) -> Hashed:
    size, mime = picture.size, Image.MIME.get(picture.format or "", "")
    if exact:
        pdq = _reference(picture)
    else:
        scale = _draft(picture)
        pdq = pdq_of(_strips(picture), size, scale)
    return Hashed(pdq, size, mime, orientation_of(picture))


def _draft(picture: Image.Image) -> int:
    """Have a JPEG decoded in grey and 1, 2, 4 or 8 times smaller; which of them."""
    if picture.format not in ("JPEG", "MPO"):
        return 1
    before = picture.width
    picture.draft("L", (ENOUGH, ENOUGH))
    return -(-before // picture.width) if picture.width else 1


def _reference(picture: Image.Image) -> PdqHash:
    picture.load()
    pixels = np.asarray(on_white(picture).convert("RGB"))
    if min(picture.size) < SMALLEST:
        return PdqHash(0, np.zeros((KEPT, KEPT), np.float32))
    frequencies, quality = pdqhash.compute_float(pixels)
    return PdqHash(int(quality), frequencies[::-1].reshape(KEPT, KEPT))


def _strips(picture: Image.Image) -> Iterator[Floats]:
    picture.load()
    flat = on_white(picture).convert("L")
    for top in range(0, flat.height, STRIP):
        box = (0, top, flat.width, min(top + STRIP, flat.height))
        yield np.asarray(flat.crop(box), np.float32)


def on_white(picture: Image.Image) -> Image.Image:
    """As grey or RGB, 8 bits each, with what is transparent on white."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(picture) / 257).round().clip(0, 255).astype(np.uint8))
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        white = Image.new("RGB", seen.size, "white")
        white.paste(seen, mask=seen.getchannel("A"))
        return white
    return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
