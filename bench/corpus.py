"""A mixed corpus of JPEGs, made by a seeded script and harmless: nothing in it is a photograph.

640×480 to 4000×3000, half of them about a megapixel or less, 3 megapixels in the mean; quality 60
to 95, a sixth progressive, a tenth grey. The kind "leaves" stands for photographs: things of all
sizes that hide one another, with rough surfaces, out of focus here and there, and a sensor's noise
(the "dead leaves" whose statistics are near those of photographs).
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Floats = NDArray[np.float32]
SIZES = (
    *((640, 480), (800, 600), (1024, 768), (1280, 720), (1200, 800)),
    *((640, 480), (1024, 768), (1200, 800), (1200, 800), (1280, 960)),
    *((1600, 1200), (2048, 1536), (2592, 1944), (3264, 2448), (4000, 3000)),
    *((1920, 1080), (2592, 1944), (4000, 3000)),
)
TEXTURE = 1024  # pixels of a side
DRAWN = 1_200  # pixels of the longer side; larger pictures are enlarged, as they are softer


@dataclass(frozen=True)
class Sample:
    """``kind``: "leaves", "noise", "shapes" or "gradient"; ``size``: (width, height)."""

    data: bytes
    kind: str
    size: tuple[int, int]
    progressive: bool


def corpus(count: int) -> Iterator[Sample]:
    """The same for the same count. Every third is of another kind than "leaves"."""
    others = ("noise", "shapes", "gradient")
    for number in range(count):
        kind = others[number // 3 % 3] if number % 3 == 2 else "leaves"
        yield sample(number, kind, SIZES[number * 7 % len(SIZES)])


def sample(seed: int, kind: str, size: tuple[int, int], quality: int | None = None) -> Sample:
    random = np.random.default_rng(3_000_000 + seed)
    pixels = scene(seed, kind, size)
    if random.random() < 0.1:
        pixels = pixels.convert("L")
    if random.random() < 0.2:
        pixels = pixels.transpose(Image.Transpose.ROTATE_90)
    progressive = bool(random.random() < 1 / 6)
    quality = quality or int(random.integers(60, 96))
    data = saved(pixels, "JPEG", quality=quality, progressive=progressive)
    return Sample(data, kind, pixels.size, progressive)


def saved(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    output = io.BytesIO()
    picture.save(output, kind, **options)
    return output.getvalue()


def scene(seed: int, kind: str, size: tuple[int, int]) -> Image.Image:
    """The picture itself, in RGB, with its noise."""
    random = np.random.default_rng(seed)
    scale = min(1.0, DRAWN / max(size))
    small = round(size[0] * scale), round(size[1] * scale)
    drawn = KINDS[kind](random, *small).resize(size, Image.Resampling.BICUBIC)
    noise = random.standard_normal((size[1], size[0], 1), np.float32) * random.uniform(1, 4)
    return Image.fromarray((np.asarray(drawn) + noise).clip(0, 255).astype(np.uint8))


def _leaves(random: np.random.Generator, width: int, height: int) -> Image.Image:
    picture = _gradient(random, width, height)
    draw = ImageDraw.Draw(picture)
    small, large = min(width, height) / 60, min(width, height) / 2.5
    for share in np.sort(random.random(260)):
        # As many of each size as its area leaves room for: a power law.
        radius = ((1 - share) / large**2 + share / small**2) ** -0.5
        _put(draw, random, (width, height), radius)
    soft = picture.filter(ImageFilter.GaussianBlur(random.uniform(0.4, 1.6)))
    rough = _texture(random, width, height) * random.uniform(10, 30)
    return Image.fromarray((np.asarray(soft) + rough[..., None]).clip(0, 255).astype(np.uint8))


def _put(draw: Any, random: np.random.Generator, size: tuple[int, int], radius: float) -> None:
    x, y = random.uniform(0, size[0]), random.uniform(0, size[1])
    wide, tall = radius * random.uniform(0.5, 1.4), radius * random.uniform(0.5, 1.4)
    box = (x - wide, y - tall, x + wide, y + tall)
    shape = draw.ellipse if random.random() < 0.7 else draw.rectangle
    shape(box, fill=tuple(random.integers(0, 256, 3).tolist()))


def _shapes(random: np.random.Generator, width: int, height: int) -> Image.Image:
    picture = Image.new("RGB", (width, height), tuple(random.integers(0, 256, 3).tolist()))
    draw = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(6, 16))):
        _put(draw, random, (width, height), min(width, height) / random.uniform(4, 16))
    return picture


def _noise(random: np.random.Generator, width: int, height: int) -> Image.Image:
    """1/f, each colour of its own."""
    layers = [_texture(random, width, height) * 48 + 128 for _colour in range(3)]
    return Image.fromarray(np.dstack(layers).clip(0, 255).astype(np.uint8))


def _gradient(random: np.random.Generator, width: int, height: int) -> Image.Image:
    few = random.integers(0, 256, (3, 4, 3), dtype=np.uint8)
    return Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC)


def _texture(random: np.random.Generator, width: int, height: int) -> Floats:
    """(height, width) of 1/f noise: mean 0, deviation 1."""
    pool = _pool(int(random.integers(3)))
    tall, wide = (-(-side // TEXTURE) for side in (height, width))
    shift = tuple(random.integers(0, TEXTURE, 2).tolist())
    return np.tile(np.roll(pool, shift, axis=(0, 1)), (tall, wide))[:height, :width]


@cache
def _pool(seed: int) -> Floats:
    random = np.random.default_rng(4_000_000 + seed)
    spectrum = np.fft.rfft2(random.standard_normal((TEXTURE, TEXTURE)))
    across = np.fft.rfftfreq(TEXTURE)[None, :]
    down = np.fft.fftfreq(TEXTURE)[:, None]
    far = np.hypot(across, down)
    far[0, 0] = np.inf
    found = np.fft.irfft2(spectrum / far).astype(np.float32)
    texture: Floats = (found - found.mean()) / found.std()
    return texture


KINDS: dict[str, Callable[[np.random.Generator, int, int], Image.Image]] = {
    "leaves": _leaves,
    "noise": _noise,
    "shapes": _shapes,
    "gradient": _gradient,
}
