"""Artwork as it is laid on a photo: decoded once for each wording and size, then kept."""

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from vigie.campaign.card.artwork import overlay
from vigie.campaign.card.design import SIZES, Colours, Wording
from vigie.campaign.card.strip import strip

KEPT = 24  # of 2 to 4 megabytes each

# Pillow keeps the memory of so many pictures for the next: fresh memory costs more than pasting.
Image.core.set_blocks_max(4)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Layer:
    """A part of a card that is not all clear (RGBA), and where it lies."""

    picture: Image.Image
    at: tuple[int, int]

    def lay_on(self, card: Image.Image) -> None:
        card.paste(self.picture, self.at, self.picture)


@lru_cache(maxsize=KEPT)
def artwork_layer(wording: Wording, colours: Colours, size: str) -> Layer:
    return _layer(overlay(wording, colours, SIZES[size]), (0, 0))


@lru_cache(maxsize=KEPT)
def name_layer(name: str, colours: Colours, size: str) -> Layer:
    png, at = strip(name, colours, SIZES[size])
    return _layer(png, at)


def _layer(png: bytes, at: tuple[int, int]) -> Layer:
    with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
        box = picture.getbbox() or (0, 0, 1, 1)
        part = picture.crop(box)
    return Layer(part, (at[0] + box[0], at[1] + box[1]))
