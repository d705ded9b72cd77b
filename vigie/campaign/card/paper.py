"""Things drawn without a ruler: torn paper, tape, felt-tip strokes. Each is an SVG path.

Chance is seeded, so the same card is the same picture each time. Lengths in pixels, y downwards.
"""

import math
import random
from collections.abc import Callable, Sequence
from itertools import pairwise

Point = tuple[float, float]
TORN = ((210, 5.0), (84, 6.0), (41, 6.0), (15, 3.0))  # wavelength, amplitude: of a torn edge
CUT = ((400, 1.6), (90, 0.4))  # of an edge cut with scissors
FIBRE = ((90, 4.5), (31, 4.0), (10, 2.2))  # how far the fibres stick out


def noise(chance: random.Random, octaves: Sequence[Point]) -> Callable[[float], float]:
    """A smooth random function of one length; its values lie within the sum of amplitudes."""
    tables = [[chance.uniform(-1, 1) for _ in range(64)] for _ in octaves]

    def value(at: float) -> float:
        total = 0.0
        for (wave, amplitude), table in zip(octaves, tables, strict=True):
            whole, part = divmod(at / wave, 1)
            low, high = table[int(whole) % 64], table[int(whole + 1) % 64]
            total += amplitude * (low + (high - low) * part)
        return total

    return value


def polygon(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def torn_sheet(width: float, height: float, seed: str, rough: float = 1.0) -> tuple[str, str]:
    """Paper torn off above and below and cut at its sides: its written face, and the whole sheet.

    The sheet is the face and, along both tears, the bare fibre that shows where the surface came
    off with the other half. ``rough`` scales the tears.
    """
    chance = random.Random(seed)  # noqa: S311  drawing, not secrets
    top, bottom = noise(chance, TORN), noise(chance, TORN)
    left, right = noise(chance, CUT), noise(chance, CUT)
    above, below = noise(chance, FIBRE), noise(chance, FIBRE)
    across = [width * n / 160 for n in range(161)]
    down = [height * n / 12 for n in range(1, 12)]
    sides_right = [(width + right(y), y) for y in down]
    sides_left = [(left(y), y) for y in reversed(down)]

    def outline(fibre: float) -> str:
        upper = [(x, rough * (top(x) - fibre * max(0.8, 5.2 + above(x)))) for x in across]
        lower = [
            (x, height + rough * (0.6 * bottom(x) + fibre * max(0.4, 2.0 + 0.6 * below(x))))
            for x in reversed(across)
        ]
        return polygon([*upper, *sides_right, *lower, *sides_left])

    return outline(0), outline(1)


def tape_strip(width: float, height: float, seed: str) -> str:
    """A piece of tape from (0, 0), its ends bitten off by the dispenser's teeth."""
    chance = random.Random(seed)  # noqa: S311
    teeth = max(4, round(height / 6))

    def end(x: float, bite: float) -> list[Point]:
        return [
            (x + (bite if n % 2 else 0) + chance.uniform(-0.7, 0.7), height * n / (2 * teeth))
            for n in range(2 * teeth + 1)
        ]

    return polygon([*end(0, height * 0.08), *reversed(end(width, -height * 0.08))])


def felt_stroke(start: Point, end: Point, thickness: float, seed: str) -> str:
    """A quick stroke of a felt-tip: it wavers, thins towards its end and is lifted off."""
    chance = random.Random(seed)  # noqa: S311
    length = math.dist(start, end)
    waver, edge = noise(chance, ((length, 0.9), (length / 3, 0.5))), noise(chance, ((9, 0.09),))
    upper, lower = [], []
    for n in range(33):
        part = n / 32
        x = start[0] + (end[0] - start[0]) * part
        y = start[1] + (end[1] - start[1]) * part + waver(length * part) * thickness * 0.45
        half = thickness / 2 * _pressure(part)
        upper.append((x, y - half * (1 + edge(length * part))))
        lower.append((x, y + half * (1 - edge(length * part + 40))))
    return _smooth([*upper, *reversed(lower)])


def _pressure(part: float) -> float:
    """How hard the pen is pressed along a stroke: set down round, lifted off slowly."""
    landing = min(1.0, 0.45 + part * 9)
    return landing * (1 - 0.6 * part * part)


def _smooth(points: Sequence[Point]) -> str:
    """A closed curve near the points: each is the handle between the middles of its sides."""
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise([*points, points[0]])]
    path = f"M{middles[-1][0]:.2f} {middles[-1][1]:.2f}"
    for (x, y), (to_x, to_y) in zip(points, middles, strict=True):
        path += f"Q{x:.2f} {y:.2f} {to_x:.2f} {to_y:.2f}"
    return path + "Z"
