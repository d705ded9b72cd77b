"""Artwork as it is laid on a photo: decoded once for each wording and size, then kept."""

import ctypes
import io
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from vigie.campaign.card.artwork import overlay
from vigie.campaign.card.design import SIZES, Colours, Wording
from vigie.campaign.card.strip import strip

KEPT = 24  # of 2 to 4 megabytes each

# Fresh memory costs more than pasting. Pillow keeps that of so many pictures for the next; and
# glibc, which would give the megabytes of a card back to the system at once, keeps up to 64 MiB.
Image.core.set_blocks_max(4)  # type: ignore[attr-defined]
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # malloc.h
with suppress(OSError, AttributeError):  # another C library: slower, that is all
    _malloc = ctypes.CDLL(None).mallopt
    _malloc(M_MMAP_THRESHOLD, 32 << 20)
    _malloc(M_TRIM_THRESHOLD, 64 << 20)


@dataclass(frozen=True)
class Layer:
    """What is laid on a card: soft parts (RGBA) and solid ones (RGB, a third of the work)."""

    parts: tuple[tuple[Image.Image, tuple[int, int]], ...]

    def lay_on(self, card: Image.Image) -> None:
        for picture, at in self.parts:
            card.paste(picture, at, picture if picture.mode == "RGBA" else None)


@lru_cache(maxsize=KEPT)
def artwork_layer(wording: Wording, colours: Colours, name: str) -> Layer:
    """Soft inside the photo's window of the size of that name, solid outside."""
    size = SIZES[name]
    width, height = size.window
    outside = (width if width < size.width else 0, height if height < size.height else 0)
    with Image.open(io.BytesIO(overlay(wording, colours, size)), formats=("PNG",)) as picture:
        solid = picture.crop((*outside, size.width, size.height)).convert("RGB")
        soft = _soft(picture.crop((0, 0, width, height)), (0, 0))
    return Layer((soft, (solid, outside)))


@lru_cache(maxsize=KEPT)
def name_layer(name: str, colours: Colours, size: str) -> Layer:
    png, at = strip(name, colours, SIZES[size])
    with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
        return Layer((_soft(picture, at),))


def artwork_preview(
    wording: Wording, colours: Colours, size_name: str, *, width: int = 720
) -> bytes:
    """The artwork for a browser to lay on the photo: a WebP so wide, clear where the photo shows.

    Some 60 KB, where ``overlay`` takes ten times as many.
    """
    size = SIZES[size_name]
    drawn = overlay(wording, colours, size)
    with Image.open(io.BytesIO(drawn), formats=("PNG",)) as picture:
        height = round(size.height * width / size.width)
        small = picture.resize((width, height), Image.Resampling.LANCZOS)
    output = io.BytesIO()
    small.save(output, "WEBP", quality=82, method=4)
    return output.getvalue()


@lru_cache(maxsize=4 * KEPT)
def name_preview(name: str, colours: Colours, size: str) -> bytes:
    """The strip with the cat's name for a browser to lay between photo and artwork, at
    `strip_box`: a PNG. With no name, clear."""
    if name:
        return strip(name, colours, SIZES[size])[0]
    output = io.BytesIO()
    Image.new("RGBA", (1, 1)).save(output, "PNG")
    return output.getvalue()


def _soft(picture: Image.Image, at: tuple[int, int]) -> tuple[Image.Image, tuple[int, int]]:
    """Without its clear margins."""
    box = picture.getbbox() or (0, 0, 1, 1)
    return picture.crop(box), (at[0] + box[0], at[1] + box[1])
