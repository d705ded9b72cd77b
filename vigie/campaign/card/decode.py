"""Opening and decoding one photo. Runs only in the limited child.

Each format is opened by its own decoder alone, as told by the file's first bytes. Memory is
reckoned from the header before anything is decoded.
"""

import io
import struct
import warnings
from dataclasses import dataclass

import numpy as np
import pillow_heif
from PIL import AvifImagePlugin, Image

from vigie.campaign.card.admission import MOST_MEMORY, MOST_PIXELS, Kind, PhotoRefused
from vigie.campaign.card.source import Source
from vigie.lib.orientation import orientation_of

SMALLEST = 120  # pixels of the shorter side
# Measured: the bytes that decoding takes for each pixel at its peak, and how many it may take.
PEAK = {"PNG": 4.2, "WEBP": 16.5, "AVIF": 9.5, "HEIF": 5.2}

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # the child may start no thread
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Opened:
    """A photo whose header has been read. ``size``: as it is to be seen, upright."""

    picture: Image.Image | pillow_heif.HeifImage
    size: tuple[int, int]
    orientation: int  # EXIF, 1 to 8
    profile: bytes | None
    memory: int = MOST_MEMORY

    def decode(self, factor: int) -> Source:
        """Its pixels, up to ``factor`` times smaller where the format can. Raises PhotoRefused."""
        picture = self.picture
        if isinstance(picture, pillow_heif.HeifImage):
            return _decode_heif(picture)
        scale = _draft(picture, factor, self.memory) if picture.format in ("JPEG", "MPO") else 1
        picture.load()
        return Source(picture, picture.size, scale)


def open_photo(data: bytes, kind: Kind, memory: int = MOST_MEMORY) -> Opened:
    """``memory``: bytes that decoding may take.

    Raises PhotoRefused, or whatever a decoder raises that stumbles.
    """
    if kind == "HEIF":
        return _open_heif(data)
    if kind == "WEBP":  # its decoder takes memory for the whole picture as soon as it is opened
        _check(webp_size(data), kind, memory)
    try:
        picture = Image.open(io.BytesIO(data), formats=(kind,))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PhotoRefused("too_many_pixels") from None
    _check(picture.size, kind, memory)
    orientation = orientation_of(picture)
    size = picture.size[::-1] if orientation >= 5 else picture.size
    return Opened(picture, size, orientation, _profile(picture.info.get("icc_profile")), memory)


def _open_heif(data: bytes) -> Opened:
    """Straight from its library: through Pillow the pixels would be in memory twice. The library
    turns the picture as the container says; the EXIF orientation is then to be ignored."""
    pillow_heif.options.DECODE_THREADS = 1
    file = pillow_heif.open_heif(data, convert_hdr_to_8bit=True, remove_stride=False)
    picture = file[file.primary_index]
    _check(picture.size, "HEIF", MOST_MEMORY)
    return Opened(picture, picture.size, 1, _profile(picture.info.get("icc_profile")))


def _check(size: tuple[int, int], kind: Kind, memory: int) -> None:
    pixels = size[0] * size[1]
    if pixels > MOST_PIXELS:
        raise PhotoRefused("too_many_pixels")
    if min(size) < SMALLEST:
        raise PhotoRefused("too_small")
    if pixels * PEAK.get(kind, 0) > memory:
        raise PhotoRefused("too_much_memory")


def webp_size(data: bytes) -> tuple[int, int]:
    """As its first chunk says. https://developers.google.com/speed/webp/docs/riff_container"""
    chunk, head = data[12:16], data[20:30]
    if len(head) < 10:
        raise PhotoRefused("broken")
    if chunk == b"VP8X":
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7))
        return width, height
    if chunk == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _profile(value: object) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _draft(picture: Image.Image, factor: int, memory: int) -> int:
    """Have a JPEG decoded 1, 2, 4 or 8 times smaller; which of them."""
    pixels = picture.width * picture.height
    waiting = pixels * _coefficients(picture)
    scale = max(s for s in (1, 2, 4, 8) if s <= max(factor, 1))
    while scale < 8 and waiting + 4 * pixels / scale**2 > memory:
        scale *= 2
    if waiting + 4 * pixels / scale**2 > memory:
        raise PhotoRefused("too_much_memory")
    picture.draft(picture.mode, (picture.width // scale, picture.height // scale))
    return scale


def _coefficients(picture: Image.Image) -> float:
    """Bytes for each pixel that a progressive JPEG keeps until its last scan."""
    if not picture.info.get("progressive"):
        return 0.0
    layers: list[tuple[int, int, int, int]] = getattr(picture, "layer", [(1, 1, 1, 0)] * 3)
    across, down = max(layer[1] for layer in layers), max(layer[2] for layer in layers)
    return 2.0 * sum(layer[1] * layer[2] for layer in layers) / (across * down)


def _decode_heif(picture: pillow_heif.HeifImage) -> Source:
    bands = {"L": 1, "RGB": 3, "RGBA": 4}.get(picture.mode)
    if bands is None:
        raise PhotoRefused("broken")
    rows = np.frombuffer(picture.data, np.uint8).reshape(-1, picture.stride)
    width, height = picture.size
    pixels = rows[:height, : width * bands].reshape(height, width, bands)
    return Source(pixels[..., 0] if bands == 1 else pixels, picture.size)
