"""What is done to a known picture before it comes again: each takes it and gives the new file."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from bench.corpus import saved

Alteration = Callable[[Image.Image], bytes]


def _reencoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    return saved(picture, kind, **options)


def _resized(picture: Image.Image, times: float) -> bytes:
    size = round(picture.width * times), round(picture.height * times)
    return saved(picture.resize(size, Image.Resampling.LANCZOS), quality=85)


def _overlaid(picture: Image.Image, share: float) -> bytes:
    """A label in a corner, so much of the width and a quarter of that high."""
    marked = picture.copy()
    wide = round(picture.width * share)
    left, top = picture.width - wide - 12, picture.height - wide // 4 - 12
    draw = ImageDraw.Draw(marked)
    draw.rectangle((left, top, left + wide, top + wide // 4), fill="white")
    draw.text((left + 4, top + 4), "example.test", fill="black")
    return saved(marked, quality=85)


def _cropped(picture: Image.Image, share: float) -> bytes:
    """So much off each of the two sides that are wider apart."""
    off = round(picture.width * share / 2)
    return saved(picture.crop((off, 0, picture.width - off, picture.height)), quality=85)


def _rotated(picture: Image.Image, degrees: float) -> bytes:
    turned = picture.rotate(degrees, Image.Resampling.BICUBIC, expand=degrees == 90)
    return saved(turned, quality=85)


def _mirrored(picture: Image.Image) -> bytes:
    return saved(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), quality=85)


def _lighter(picture: Image.Image) -> bytes:
    brighter = (np.asarray(picture, np.float32) * 1.15 + 8).clip(0, 255)
    return saved(Image.fromarray(brighter.astype(np.uint8)), quality=85)


def _jpeg(quality: int, **options: Any) -> Alteration:
    return partial(_reencoded, kind="JPEG", quality=quality, **options)


STATED: dict[str, Alteration] = {
    **{f"JPEG, quality {quality}": _jpeg(quality) for quality in (30, 40, 50, 60, 70, 80, 95)},
    **{f"JPEG, progressive, quality {q}": _jpeg(q, progressive=True) for q in (30, 60, 95)},
    "JPEG, grey": lambda picture: saved(picture.convert("L"), quality=85),
    **{f"resized {times} times": partial(_resized, times=times) for times in (0.25, 0.5, 0.75)},
    **{f"resized {times} times": partial(_resized, times=times) for times in (1.5, 2.0)},
    "as PNG": partial(_reencoded, kind="PNG", compress_level=1),
    "as BMP": partial(_reencoded, kind="BMP"),
    "as GIF": partial(_reencoded, kind="GIF"),
    "as WebP, quality 60": partial(_reencoded, kind="WEBP", quality=60, method=0),
    "as AVIF, quality 50": partial(_reencoded, kind="AVIF", quality=50, speed=10),
    "as HEIC, quality 50": partial(_reencoded, kind="HEIF", quality=50),
    "lighter": _lighter,
    **{f"a label of {s:.0%} of the width": partial(_overlaid, share=s) for s in (0.05, 0.08, 0.15)},
}
NOT_PROMISED: dict[str, Alteration] = {
    "a label of 30% of the width": partial(_overlaid, share=0.3),
    **{f"cropped by {s:.0%} of the width": partial(_cropped, share=s) for s in (0.01, 0.02, 0.05)},
    **{
        f"rotated by {degrees} degrees": partial(_rotated, degrees=degrees) for degrees in (1, 2, 5)
    },
    "turned left, by its variants": partial(_rotated, degrees=90),
    "mirrored, by its variants": _mirrored,
}
