"""The strip of paper with the cat's name: it lies on the photo, its lower edge below the note."""

from pathlib import Path
from string import Template

import resvg_py

from vigie.campaign.card.design import Colours, Size
from vigie.campaign.card.inks import inks
from vigie.campaign.card.lettering import letter
from vigie.campaign.card.paper import torn_sheet
from vigie.campaign.card.places import PLACES

TEMPLATE = Template((Path(__file__).parent / "name.svg").read_text())
LONGEST = 30  # characters of a name
TILT = 1.4  # degrees; against the note's, as nobody sticks two things alike
MARGIN = 26  # left and right of the name, pixels
EM = 0.72  # of the strip's height
ROOM = 40  # about the strip, for its shadows


def strip(name: str, colours: Colours, size: Size) -> tuple[bytes, tuple[int, int]]:
    """A PNG (RGBA) of the strip, and where its top left corner lies on the card.

    ValueError: the name is longer than LONGEST, or has letters that the hand lacks.
    """
    if len(name) > LONGEST:
        raise ValueError(f"a name has at most {LONGEST} characters")
    places = PLACES[size.name]
    left, top, right, bottom = (round(edge) for edge in places.name)
    wide, high = right - left, bottom - top
    box = strip_box(size)
    path, width = _written(name, wide, high)
    paper = torn_sheet(width, high + places.tucked, f"name {size.name}", rough=0.35)[1]
    svg = TEMPLATE.substitute(
        inks(colours),
        box=" ".join(map(str, box)),
        width=box[2],
        height=box[3],
        at=f"{left if places.align == 'left' else right - width:.2f} {top}",
        tilt=TILT,
        middle=f"{width / 2:.2f} {high / 2}",
        strip=paper,
        written=path,
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
    return png, box[:2]


def strip_box(size: Size) -> tuple[int, int, int, int]:
    """Where the strip's picture lies on a card, whatever the name: x, y, width, height."""
    left, top, right, bottom = (round(edge) for edge in PLACES[size.name].name)
    return left - ROOM, top - ROOM, right - left + 2 * ROOM, bottom - top + 2 * ROOM


def _written(name: str, wide: float, high: float) -> tuple[str, float]:
    """The name in the middle of a strip so high and at most so wide; how wide the strip is."""
    written = letter(name, "hand")
    left, top, right, bottom = written.ink
    top, bottom = min(top, -0.52), max(bottom, 0.1)
    em = min(EM * high, (wide - 2 * MARGIN) / (right - left), 0.84 * high / (bottom - top))
    width = max(em * (right - left) + 2 * MARGIN, 1.6 * high)
    x = (width - em * (left + right)) / 2
    y = high / 2 - em * (top + bottom) / 2
    place = f"translate({x:.2f} {y:.2f}) scale({em:.3f})"
    return f'<path transform="{place}" d="{written.path}"/>', width
