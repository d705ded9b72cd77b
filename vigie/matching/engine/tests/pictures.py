"""Pictures for the tests, made here and harmless: colours that run into each other, and noise."""

import io

import numpy as np
from PIL import Image


def colours(seed: int, width: int, height: int) -> Image.Image:
    """The same for the same seed; unlike any other."""
    random = np.random.default_rng(seed)
    few = random.integers(0, 256, (9, 11, 3), dtype=np.uint8)
    large = Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC)
    noise = random.integers(-4, 5, (height, width, 1))
    return Image.fromarray((np.asarray(large) + noise).clip(0, 255).astype(np.uint8))


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    output = io.BytesIO()
    picture.save(output, kind, **options)
    return output.getvalue()


def far(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()
