"""The card's colours and those that are mixed from them; the drawing of one line of words."""

import re
from dataclasses import astuple

from vigie.campaign.card.design import Colours
from vigie.campaign.card.lettering import Box, Hand, letter

COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def inks(colours: Colours) -> dict[str, str]:
    """What the templates call their colours. ValueError: one is not written ``#rrggbb``."""
    if not all(COLOUR.fullmatch(colour) for colour in astuple(colours)):
        raise ValueError("a colour is written #rrggbb")
    return {
        **{
            "ink": colours.ink,
            "loud": colours.loud,
            "paper": colours.paper,
            "tape": mix(colours.tape, "#fff6dc", 0.30),
        },
        **{"night": colours.night, "night_deep": colours.night_deep},
        "paper_light": mix(colours.paper, "#ffffff", 0.30),
        "paper_dark": mix(colours.paper, mix(colours.tape, "#d8c8b0", 0.35), 0.55),
        "paper_shade": mix(colours.paper, "#6b5a36", 0.55),
        "cream": mix(colours.paper, colours.tape, 0.28),
        "fibre": mix(colours.paper, "#ffffff", 0.85),
        "call_colour": mix(colours.night, "#ffffff", 0.80),
    }


def mix(one: str, other: str, share: float) -> str:
    """The first colour with ``share`` of the other in it."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def measured(text: str, hand: Hand, box: Box) -> tuple[float, float]:
    """Of one line of text that fills its box: pixels to the em, and em below its baseline."""
    left, top, right, bottom = letter(text, hand).ink
    above, below = (0.70, 0.27) if hand == "hand" else (0.83, 0.29)  # em; Ê stands higher
    above, below = max(above, -top), max(below, bottom)
    high, wide = box[3] - box[1], box[2] - box[0]
    return min(high / (above + below), wide / max(right - left, 0.01)), below


def fitted(text: str, hand: Hand, box: Box, align: str) -> str:
    """One line of text as an SVG path, as large as its box allows.

    The baseline leaves room for a descender, whether there is one or not, so that words of several
    cards stand alike. ``align``: "left" or "right". ValueError: see ``lettering.letter``.
    """
    written = letter(text, hand)
    left, _top, right, _bottom = written.ink
    if right <= left:
        return ""
    size, below = measured(text, hand, box)
    x = box[0] - size * left if align == "left" else box[2] - size * right
    y = box[3] - below * size
    return f'<path transform="translate({x:.2f} {y:.2f}) scale({size:.3f})" d="{written.path}"/>'
