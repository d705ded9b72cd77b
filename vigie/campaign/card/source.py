"""A decoded photo as parts that can be drawn from: L, RGB or CMYK, eight bits, nothing transparent.

Parts are converted and reduced strip by strip, so a photo of fifty megapixels is in memory once, as
its decoder left it, and never twice. Boxes are left, top, right, bottom, in stored pixels.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Box = tuple[int, int, int, int]
SOUND = ("L", "RGB", "CMYK")
STRIP = 1_000_000  # pixels, before they are reduced


@dataclass(frozen=True)
class Source:
    """Decoded pixels. ``scale``: how many times smaller than the file says they were decoded."""

    pixels: Image.Image | NDArray[np.uint8]
    size: tuple[int, int]
    scale: int = 1

    def part(self, box: Box) -> Image.Image:
        """One part, in a sound mode."""
        if isinstance(self.pixels, Image.Image):
            all_of_it = box == (0, 0, *self.size)
            return sound(self.pixels if all_of_it else self.pixels.crop(box), self.pixels)
        left, top, right, bottom = box
        return sound(Image.fromarray(np.ascontiguousarray(self.pixels[top:bottom, left:right])))

    def reduced(self, box: Box, factor: int) -> Image.Image:
        """A part, ``factor`` times smaller: each pixel is the mean of those it stands for."""
        left, top, right, bottom = box
        if factor == 1:
            return self.part(box)
        size = (math.ceil((right - left) / factor), math.ceil((bottom - top) / factor))
        rows = max(1, STRIP // ((right - left) * factor))
        small: Image.Image | None = None
        for row in range(0, size[1], rows):
            lower = min(top + (row + rows) * factor, bottom)
            strip = self.part((left, top + row * factor, right, lower)).reduce(factor)
            small = small or Image.new(strip.mode, size)
            small.paste(strip, (0, row))
        assert small is not None  # a box is never empty
        return small


def sound(part: Image.Image, whole: Image.Image | None = None) -> Image.Image:
    """The same picture as L, RGB or CMYK. ``whole``: whose palette and clear colour it has."""
    if part.mode.startswith("I"):  # 16 bits of grey; a plain conversion would clip them
        grey = np.asarray(part).astype(np.int64) >> 8
        return Image.fromarray(grey.clip(0, 255).astype(np.uint8))
    if whole is not None and "transparency" in whole.info:
        part.info["transparency"] = whole.info["transparency"]
    if part.has_transparency_data:
        clear = part.convert("RGBA")
        paper = Image.new("RGB", part.size, "white")
        paper.paste(clear, mask=clear)
        return paper
    return part if part.mode in SOUND else part.convert("L" if part.mode == "1" else "RGB")


def as_pixels(picture: Image.Image) -> NDArray[np.uint8]:
    """An RGB picture as an array (height, width, 3), strip by strip: what is needed on the way is
    then memory in use already, and fresh memory is what costs."""
    pixels = np.empty((picture.height, picture.width, 3), np.uint8)
    for top in range(0, picture.height, 64):
        strip = picture.crop((0, top, picture.width, min(top + 64, picture.height)))
        pixels[top : top + 64] = np.asarray(strip)
    return pixels


def stored_box(box: Box, upright: tuple[int, int], orientation: int) -> Box:
    """Where a box of the upright picture lies in the picture as it is stored."""
    left, top, right, bottom = box
    width, height = upright
    mirrored, flipped = (width - right, width - left), (height - bottom, height - top)
    across, down = {
        2: (mirrored, (top, bottom)),
        3: (mirrored, flipped),
        4: ((left, right), flipped),
        5: ((top, bottom), (left, right)),
        6: ((top, bottom), mirrored),
        7: (flipped, mirrored),
        8: (flipped, (left, right)),
    }.get(orientation, ((left, right), (top, bottom)))
    return across[0], down[0], across[1], down[1]
