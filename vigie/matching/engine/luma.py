"""Bytes of a picture → its luma. Runs where hostile bytes may do harm: see `lib.nursery`.

Large JPEGs are decoded in grey, as many times smaller as leaves 256 pixels, and progressive ones
without their finest scans: how far that drifts from the reference hash, `bench pictures` prints.
What is decoded as large as it is has the reference's hash: where two frequencies are so near that
rounding may decide, the reference itself is asked, as ``exact`` always does.
Transparent pixels lie on white. Colour profiles are not applied, as the reference does not.
"""

import contextlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pdqhash
import pillow_heif
from PIL import AvifImagePlugin, Image, ImageFile

from vigie.lib.orientation import orientation_of, put_upright
from vigie.matching.engine.pdq import KEPT, SMALLEST, Floats, LumaRows, PdqHash, pdq_of
from vigie.matching.engine.scans import fewer_scans

MOST_PIXELS = 50_000_000
MOST_OF_JPEG = 200_000_000  # pixels: telephones make 108 megapixels; above MOST_PIXELS an eighth
LONGEST_SIDE = 65_535  # as in a JPEG; weights for a side take 1.5 kB a pixel while they are made
JPEG = b"\xff\xd8\xff"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF", "HEIF")
ENOUGH = 256  # pixels of the shorter side
COPIED = 4_000_000  # pixels; of a larger picture, a band at a time, for the sake of memory
MOST_ASKED = 12_000_000  # pixels that the reference may be asked about: it takes 40 bytes for each

pillow_heif.register_heif_opener(thumbnails=False)
pillow_heif.options.DECODE_THREADS = 1
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


@dataclass(frozen=True)
class Hashed:
    """``size``: (width, height) as stored. ``orientation``: EXIF, 1 to 8; ``pdq`` ignores it.
    ``upright``: the hash of what a viewer shows: another value to search by, where it differs.
    """

    pdq: PdqHash
    size: tuple[int, int]
    mime: str
    orientation: int
    upright: str


def open_picture(data: bytes) -> Image.Image:
    """Reads the header only. Raises whatever a decoder raises that stumbles.

    A JPEG above MOST_PIXELS is to be decoded smaller (`draft`); one that holds its picture several
    times over cannot be, without memory for all of it, and is refused.
    """
    jpeg = data.startswith(JPEG)
    Image.MAX_IMAGE_PIXELS = MOST_OF_JPEG if jpeg else MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    picture = Image.open(io.BytesIO(data), formats=FORMATS)
    if max(picture.size) > LONGEST_SIDE:
        raise Image.DecompressionBombError("a side is too long")
    if is_huge(picture) and picture.info.get("progressive"):
        raise Image.DecompressionBombError("too many pixels for a progressive JPEG")
    return picture


@contextlib.contextmanager
def what_there_is() -> Iterator[None]:
    """A JPEG or PNG without its end is decoded as far as it goes; the rest is grey or black."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def is_huge(picture: Image.Image) -> bool:
    return picture.width * picture.height > MOST_PIXELS


def hash_picture(data: bytes, *, exact: bool = False) -> Hashed:
    """The PDQ of a file's first picture. Raises whatever a decoder raises that stumbles."""
    with open_picture(data) as picture:
        return hash_opened(picture, exact=exact)


def hash_opened(picture: Image.Image, *, exact: bool = False) -> Hashed:
    """``picture``: as `open_picture` gave it."""
    size, mime = picture.size, Image.MIME.get(picture.format or "", "")
    orientation = orientation_of(picture)
    scale = 1 if exact else _scale(picture)
    decoded = _drafted(picture, scale)
    pdq = _reference(decoded) if exact else _quick(decoded, size, scale)
    if orientation == 1 or decoded.width * decoded.height > COPIED:
        return Hashed(pdq, size, mime, orientation, pdq.upright(orientation))
    # The variant of a small picture may be 48 bits off, for the reference's windows are not
    # symmetrical: its pixels are turned. (Of a large one it is near enough, and costs nothing.)
    turned = put_upright(on_white(decoded), orientation)
    upright = _quick(turned, size if orientation < 5 else size[::-1], scale)
    return Hashed(pdq, size, mime, orientation, upright.value)


def _quick(decoded: Image.Image, size: tuple[int, int], scale: int) -> PdqHash:
    """The reference's, of what is not decoded smaller."""
    pdq = pdq_of(_luma_rows(decoded), size, scale)
    asked = scale == 1 and not pdq.is_certain and size[0] * size[1] <= MOST_ASKED
    return _reference(decoded) if asked else pdq


def _scale(picture: Image.Image) -> int:
    """How many times smaller it is decoded: 1, 2, 4 or 8."""
    if picture.format not in ("JPEG", "MPO"):
        return 1
    return max(times for times in (1, 2, 4, 8) if times == 1 or min(picture.size) >= times * ENOUGH)


def _drafted(picture: Image.Image, scale: int) -> Image.Image:
    """Have a JPEG decoded in grey and so many times smaller, and no finer than that needs."""
    if scale == 1:
        return picture
    if picture.info.get("progressive") and picture.info.get("adobe_transform") != 0:
        few = fewer_scans(_bytes_of(picture), scale)
        picture = open_picture(few) if few else picture
    picture.draft("L", (picture.width // scale, picture.height // scale))
    return picture


def _bytes_of(picture: Image.Image) -> bytes:
    file = getattr(picture, "fp", None)
    return file.getvalue() if isinstance(file, io.BytesIO) else b""


def _reference(picture: Image.Image) -> PdqHash:
    if is_huge(picture):
        raise Image.DecompressionBombError("too many pixels to be decoded whole")
    picture.load()
    pixels = np.asarray(on_white(picture).convert("RGB"))
    if min(picture.size) < SMALLEST:
        return PdqHash(0, np.zeros((KEPT, KEPT), np.float32))
    frequencies, quality = pdqhash.compute_float(pixels)
    return PdqHash(int(quality), frequencies[::-1].reshape(KEPT, KEPT))


def _luma_rows(picture: Image.Image) -> LumaRows:
    picture.load()
    seen = on_white(picture)
    if seen.width * seen.height > COPIED:
        return lambda top, bottom: _floats(seen.crop((0, top, seen.width, bottom)))
    luma = _floats(seen)
    return lambda top, bottom: luma[top:bottom]


def _floats(seen: Image.Image) -> Floats:
    """Of colours, without rounding to whole levels: that moves the hash by a few bits."""
    return np.asarray(seen if seen.mode == "L" else seen.convert("F"), np.float32)


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
