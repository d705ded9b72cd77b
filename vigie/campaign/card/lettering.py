"""Words as outlines: shaped and measured by HarfBuzz, so that what was measured is what is drawn.

The hand is Caveat, the plain face Source Sans 3. Each comes in three files (Latin, further Latin,
Cyrillic); a word is shaped by the first file that holds its letters. No text reaches the renderer,
only paths: it needs no fonts, and no letter can turn into an empty box.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Literal

import uharfbuzz as hb  # type: ignore[import-untyped]

Hand = Literal["hand", "plain", "strong"]
Box = tuple[float, float, float, float]  # left, top, right, bottom; y grows downwards

FONTS = Path(__file__).parent / "fonts"
UNITS = 1000  # of both families, to the em
SUBSETS = ("latin", "latin-ext", "cyrillic")
FILES: dict[Hand, tuple[str, int]] = {
    "hand": ("caveat-{}-700.ttf", 700),
    "plain": ("source-sans-3-{}.ttf", 400),
    "strong": ("source-sans-3-{}.ttf", 650),
}
# What people paste and no file holds, and what a writer would put instead.
INSTEAD = str.maketrans(
    {
        "ẞ": "SS",
        "→": "›",
        "←": "‹",
        "\u2010": "-",
        "\u2011": "-",
        "\u2212": "–",
        **dict.fromkeys("\t\n\r\u2028\u2029", " "),
        **dict.fromkeys("\u2002\u2003\u2007\u2009\u200a\u202f", "\u00a0"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff", ""),
    }
)


@dataclass(frozen=True)
class Lettering:
    """Words at one em: an SVG path about the start of its baseline, how wide it is, its ink."""

    path: str
    advance: float
    ink: Box


@cache
def _fonts(hand: Hand) -> tuple[hb.Font, ...]:
    file, weight = FILES[hand]
    return tuple(_font(FONTS / file.format(subset), weight) for subset in SUBSETS)


def _font(path: Path, weight: int) -> hb.Font:
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
    font.set_variations({"wght": weight})  # no effect on a font that does not vary
    return font


def tidy(text: str) -> str:
    """The text with letters and spaces that the fonts know, as far as there are such."""
    return unicodedata.normalize("NFC", text).translate(INSTEAD)


def missing(text: str, hand: Hand = "hand") -> str:
    """The characters that cannot be drawn, each once, in their order; "" when all can."""
    unknown = (c for c in tidy(text) if _font_of(c, hand) is None)
    return "".join(dict.fromkeys(unknown))


def _font_of(character: str, hand: Hand) -> int | None:
    """Which of the hand's files holds the character."""
    fonts = enumerate(_fonts(hand))
    return next((n for n, font in fonts if font.get_nominal_glyph(ord(character))), None)


@lru_cache(maxsize=2_000)
def letter(text: str, hand: Hand) -> Lettering:
    """Shape and outline ``text``, which is set on one line. ValueError: it holds ``missing`` ones.

    Lengths in em, y downwards.
    """
    text = tidy(text)
    if unknown := missing(text, hand):
        raise ValueError(f"no letters for {unknown!r}")
    pen = _Pen()
    at = 0.0
    for number, run in groupby(text, lambda c: _font_of(c, hand)):
        assert number is not None
        at = _shape(_fonts(hand)[number], "".join(run), at, pen)
    return Lettering(" ".join(pen.path), at / UNITS, pen.ink())


def _shape(font: hb.Font, text: str, at: float, pen: "_Pen") -> float:
    """Draw one run from ``at``; where the next begins (font units)."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, {"kern": True, "liga": True, "calt": True})
    for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen.x, pen.y = at + position.x_offset, position.y_offset
        font.draw_glyph_with_pen(glyph.codepoint, pen)
        at += position.x_advance
    return at


class _Pen:
    """Collects outlines as SVG, and the box of their points (a little wider than the ink)."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.points: list[tuple[float, float]] = []
        self.x = self.y = 0.0

    def _add(self, command: str, *points: tuple[float, float]) -> None:
        placed = [((x + self.x) / UNITS, -(y + self.y) / UNITS) for x, y in points]
        self.points += placed
        self.path.append(command + " ".join(f"{x:.4f} {y:.4f}" for x, y in placed))

    def ink(self) -> Box:
        if not self.points:
            return 0.0, 0.0, 0.0, 0.0
        across, down = zip(*self.points, strict=True)
        return min(across), min(down), max(across), max(down)

    # The names below are those of HarfBuzz's pen protocol.
    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._add("M", point)

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._add("L", point)

    def qCurveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._add("Q", *points)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._add("C", *points)

    def closePath(self) -> None:  # noqa: N802
        self.path.append("Z")


def words(text: str) -> Iterator[str]:
    """The words of one line, as drawn one by one. A no-break space stays inside its word."""
    return (word for word in tidy(text).split(" ") if word)
