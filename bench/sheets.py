"""Contact sheets and single pictures, drawn by a seeded script and harmless: for `bench grids` and
the tests of grids. Nothing here is a photograph; what it says of real sheets is an estimate.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

QUALITIES = (30, 50, 75, 95)
PAPERS = ((255, 255, 255), (0, 0, 0), (200, 200, 200), (24, 40, 60))


@dataclass(frozen=True)
class Sheet:
    """``pictures``: those that were put on it, larger than they stand there."""

    data: bytes
    pictures: list[Image.Image]
    kind: str


def scene(seed: int, width: int, height: int) -> Image.Image:
    """Something like a photograph: a sky, a ground, things in front, a sensor's noise."""
    random = np.random.default_rng(seed)
    few = random.integers(0, 256, (5, 7, 3), dtype=np.uint8)
    wide = Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(wide)
    if seed % 3 == 0:
        horizon = int(height * random.uniform(0.3, 0.7))
        draw.rectangle((0, 0, width, horizon), fill=_colour(random, 140))
    for _ in range(int(random.integers(4, 12))):
        x, y = random.integers(0, width), random.integers(0, height)
        across, down = random.integers(width // 12, width // 2), random.integers(4, height // 2)
        box = (x - across // 2, y - down // 2, x + across // 2, y + down // 2)
        shape = draw.ellipse if random.random() < 0.6 else draw.rectangle
        shape(tuple(map(int, box)), fill=_colour(random))
    pixels = np.asarray(wide) + random.normal(0, 4, (height, width, 1))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _colour(random: Any, least: int = 0) -> tuple[int, int, int]:
    red, green, blue = random.integers(least, 256, 3).tolist()
    return red, green, blue


def sheet(seed: int, rows: int, columns: int, quality: int) -> Sheet:
    """``seed`` decides the layout: gutters or none, border, frames, captions, uneven rows."""
    random = np.random.default_rng(1_000_000 + seed)
    kind = ("gutters", "captions", "no gutters", "uneven rows", "frames", "thin lines")[seed % 6]
    gap = {"no gutters": 0, "thin lines": int(random.integers(1, 4))}.get(
        kind, int(random.integers(4, 17))
    )
    edge = 0 if kind == "no gutters" else int(random.choice((0, gap, 2 * gap)))
    if kind == "frames":
        gap, edge = gap + 4, edge + 4
    paper = PAPERS[int(random.integers(len(PAPERS)))]
    pictures: list[Image.Image] = []
    placed, tall = [], 0
    wide, top = int(random.integers(110, 260)), edge
    total = columns * wide + (columns - 1) * gap
    for _row in range(rows):
        tall = int(wide * random.uniform(0.6, 1.1)) if kind == "uneven rows" or not tall else tall
        count = columns + int(random.integers(-1, 2)) if kind == "uneven rows" else columns
        widths = _widths(total - (count - 1) * gap, count, random, kind == "uneven rows")
        left = edge
        for each in widths:
            picture = scene(seed * 100 + len(pictures), each * 2, tall * 2)
            pictures.append(picture)
            placed.append((left, top, picture.resize((each, tall), Image.Resampling.LANCZOS)))
            left += each + gap
        top += tall + gap + (16 if kind == "captions" else 0)
    page = Image.new("RGB", (total + 2 * edge, top - gap + edge), paper)
    draw = ImageDraw.Draw(page)
    for number, (left, above, small) in enumerate(placed):
        page.paste(small, (left, above))
        box = (left, above, left + small.width - 1, above + small.height - 1)
        if kind == "frames":
            around = (box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2)
            draw.rectangle(around, outline=_colour(random), width=2)
        if kind == "captions":
            ink = (0, 0, 0) if sum(paper) > 380 else (255, 255, 255)
            draw.text((left, box[3] + 3), f"IMG_{seed}{number:04}.jpg", ink, _font())
    return Sheet(saved(page, quality), pictures, kind)


def _widths(total: int, count: int, random: Any, uneven: bool) -> list[int]:
    shares = random.uniform(0.8, 1.25, count) if uneven else np.ones(count)
    widths = (shares / shares.sum() * total).astype(int).tolist()
    return [*widths[:-1], total - sum(widths[:-1])]


def single(seed: int, quality: int) -> tuple[str, bytes]:
    """A picture that is one picture, and which kind of trap it is."""
    random = np.random.default_rng(2_000_000 + seed)
    kinds = (_plain, _lines, _window, _screenshot, _letterbox, _page, _wall, _framed, _clouds)
    make = kinds[seed % len(kinds)]
    width, height = int(random.integers(500, 1400)), int(random.integers(500, 1100))
    return make.__name__.strip("_"), saved(make(seed, width, height, random), quality)


def _plain(seed: int, width: int, height: int, random: Any) -> Image.Image:
    return scene(seed, width, height)


def _clouds(seed: int, width: int, height: int, random: Any) -> Image.Image:
    """Soft, and of much the same brightness: nothing in it ends anywhere."""
    pixels = random.normal(0, 4, (height, width, 1))
    for across, weight in ((6, 0.6), (24, 0.25), (96, 0.15)):
        few = random.integers(0, 256, (across * 2 // 3, across, 3), dtype=np.uint8)
        wide = Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC)
        pixels = pixels + np.asarray(wide) * weight
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _lines(seed: int, width: int, height: int, random: Any) -> Image.Image:
    """Wires, poles, a horizon: from edge to edge."""
    picture = scene(seed, width, height)
    draw = ImageDraw.Draw(picture)
    for _ in range(4):
        thick, colour = int(random.integers(1, 12)), _colour(random)
        at, by = int(random.integers(0, height)), int(random.integers(0, width))
        draw.line((0, at, width, at), colour, thick)
        draw.line((by, 0, by, height), colour, thick)
    return picture


def _window(seed: int, width: int, height: int, random: Any) -> Image.Image:
    """One scene behind bars of one colour: 2 by 2 to 4 by 4 panes."""
    picture = scene(seed, width, height)
    draw = ImageDraw.Draw(picture)
    bar, colour = int(random.integers(8, 30)), _colour(random)
    for count, length, upright in (
        (int(random.integers(2, 5)), width, True),
        (int(random.integers(2, 5)), height, False),
    ):
        for step in range(count + 1):
            at = int(step * (length - bar) / count)
            box = (at, 0, at + bar, height) if upright else (0, at, width, at + bar)
            draw.rectangle(box, fill=colour)
    return picture


def _screenshot(seed: int, width: int, height: int, random: Any) -> Image.Image:
    """A window of a program: a bar, a side, words, one picture."""
    page = Image.new("RGB", (width, height), (250, 250, 250))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, width, 48), fill=(60, 70, 90))
    draw.rectangle((0, 48, width // 5, height), fill=(228, 231, 236))
    page.paste(scene(seed, width // 2, height // 2), (width // 4, 80))
    _words(draw, width // 4, 100 + height // 2, width, height, seed)
    _words(draw, 12, 64, width // 5, height, seed + 1)
    return page


def _page(seed: int, width: int, height: int, random: Any) -> Image.Image:
    page = Image.new("RGB", (width, height), (255, 255, 252))
    _words(ImageDraw.Draw(page), 30, 30, width - 30, height - 30, seed)
    return page


def _words(draw: Any, left: int, top: int, right: int, bottom: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    for at in range(top, bottom - 20, 22):
        if random.random() < 0.15:
            continue
        count = max(1, int((right - left) / 40 * random.uniform(0.4, 0.9)))
        words = ("".join(chr(97 + n) for n in random.integers(0, 26, 5)) for _ in range(count))
        draw.text((left, at), " ".join(words), (20, 20, 20), _font())


def _letterbox(seed: int, width: int, height: int, random: Any) -> Image.Image:
    page = Image.new("RGB", (width, height), (0, 0, 0))
    page.paste(scene(seed, width, height * 2 // 3), (0, height // 6))
    return page


def _framed(seed: int, width: int, height: int, random: Any) -> Image.Image:
    page = Image.new("RGB", (width, height), _colour(random))
    page.paste(scene(seed, width - 60, height - 60), (30, 30))
    return page


def _wall(seed: int, width: int, height: int, random: Any) -> Image.Image:
    """Tiles of much the same colour, with joints."""
    page = Image.new("RGB", (width, height), (225, 222, 215))
    draw = ImageDraw.Draw(page)
    side = int(random.integers(50, 160))
    base = random.integers(60, 200, 3)
    for top in range(0, height, side):
        for left in range(0, width, side):
            red, green, blue = (base + random.integers(-20, 21, 3)).tolist()
            draw.rectangle((left, top, left + side - 6, top + side - 6), fill=(red, green, blue))
    noise = random.normal(0, 5, (height, width, 1))
    return Image.fromarray((np.asarray(page) + noise).clip(0, 255).astype(np.uint8))


def _font() -> Any:
    return ImageFont.load_default(12)


def saved(picture: Image.Image, quality: int) -> bytes:
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=quality)
    return output.getvalue()
