"""The artwork: everything on a card but the photo, drawn once for each wording and size.

The note is torn paper with a message in felt-tip; below it a calm footer. The templates are
``ground.svg``, whose paper and shadows take most of the time and say nothing, and ``card.svg`` with
the words above it; only numbers, outlines and checked colours are filled in.
"""

import io
from functools import lru_cache
from pathlib import Path
from string import Template

import resvg_py
from PIL import Image

from vigie.campaign.card.design import Colours, Size, Wording
from vigie.campaign.card.inks import fitted, inks
from vigie.campaign.card.lettering import Box, letter
from vigie.campaign.card.message import MOST, STROKES, Piece, write
from vigie.campaign.card.paper import felt_stroke, polygon, tape_strip, torn_sheet
from vigie.campaign.card.places import PLACES, Places

GROUND, WORDS = (
    Template((Path(__file__).parent / name).read_text()) for name in ("ground.svg", "card.svg")
)
TILT = -1.7  # degrees


@lru_cache(maxsize=24)  # under a megabyte each
def overlay(wording: Wording, colours: Colours, size: Size) -> bytes:
    """A PNG (RGBA) of the card's size, clear where the photo shows.

    ValueError: a character the hands lack (``lettering.missing``), or a colour not ``#rrggbb``.
    """
    card = _opened(_ground(colours, size))
    card.alpha_composite(_opened(_png(WORDS, colours, size, **_words(wording, size))))
    output = io.BytesIO()
    card.save(output, "PNG", compress_level=1)
    return output.getvalue()


@lru_cache(maxsize=12)  # as above
def _ground(colours: Colours, size: Size) -> bytes:
    return _png(GROUND, colours, size, **_panel(size), **_sheet(size))


def _png(template: Template, colours: Colours, size: Size, **shapes: object) -> bytes:
    known = {"width": size.width, "height": size.height, "tilt": TILT, **_note_place(size)}
    svg = template.substitute(**known, **inks(colours), **shapes)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))


def _opened(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
        return picture.convert("RGBA")


def _words(wording: Wording, size: Size) -> dict[str, object]:
    places = PLACES[size.name]
    return {
        **_message(wording, places),
        **_tape(places),
        "hashtag": fitted(wording.hashtag, "hand", places.hashtag, "left"),
        "call": fitted(wording.call, "plain", places.call, places.align),
        "address": fitted(wording.address, "strong", places.address, places.align),
    }


def _panel(size: Size) -> dict[str, object]:
    """The footer's panel, and the dusk that the photo falls into where it meets the panel."""
    width, height = size.window
    if width < size.width:
        corner, dusk, line = (width, 0), (width - 90, 0, 90, height), (width - 90, 0, width, 0)
    else:
        corner, dusk, line = (
            (0, height),
            (0, height - 190, width, 190),
            (0, height - 190, 0, height),
        )
    x, y = corner
    across = dict(zip(("x1", "y1", "x2", "y2"), line, strict=True))
    box = dict(zip(("x", "y", "width", "height"), dusk, strict=True))
    return {
        "night_top": y,
        "panel": polygon([(x, y), (size.width, y), (size.width, size.height), (x, size.height)]),
        "dusk_box": _attributes(box),
        "dusk_line": 'gradientUnits="userSpaceOnUse" ' + _attributes(across),
    }


def _attributes(values: dict[str, int]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in values.items())


def _note_place(size: Size) -> dict[str, object]:
    left, top, right, bottom = PLACES[size.name].note
    return {
        "note_middle": f"{(left + right) / 2} {(top + bottom) / 2}",
        "note_at": f"{left} {top}",
    }


def _sheet(size: Size) -> dict[str, object]:
    left, top, right, bottom = PLACES[size.name].note
    face, sheet = torn_sheet(right - left, bottom - top, f"note {size.name}")
    return {"far_drop": 22, "face": face, "sheet": sheet}


def _message(wording: Wording, places: Places) -> dict[str, object]:
    pieces = write(wording.lines, wording.loud, places.room, MOST)
    return {
        "message": "".join(inked(piece) for piece in pieces if not piece.loud),
        "loud_words": "".join(inked(piece) for piece in pieces if piece.loud),
    }


def inked(piece: Piece) -> str:
    written = letter(piece.text, "hand")
    path = written.path + (_strokes(written.ink, piece.text) if piece.loud else "")
    turn = f"translate({piece.x:.2f} {piece.y:.2f}) rotate({piece.lean:.2f})"
    return f'<path transform="{turn} scale({piece.size:.3f})" d="{path}"/>'


def _strokes(ink: Box, text: str) -> str:
    left, width = ink[0], ink[2] - ink[0]
    return "".join(
        felt_stroke((left + a * width, down), (left + b * width, up), thick, f"{text} {down}")
        for a, b, down, up, thick in STROKES
    )


def _tape(places: Places) -> dict[str, object]:
    left, top, right, bottom = places.tape
    width, height = right - left, bottom - top
    gloss = [(8.0, height * 0.16), (width - 9, height * 0.14), (width - 10, height * 0.30)]
    return {
        "tape_at": f"{left} {top}",
        "tape_tilt": -3.4,
        "tape_path": tape_strip(width, height, "tape"),
        "tape_gloss": polygon([*gloss, (9, height * 0.34)]),
    }
