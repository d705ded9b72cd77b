"""What a card is made of: its size, its words, its colours. Pure data; nothing is drawn here."""

from dataclasses import dataclass
from typing import Literal

Layout = Literal["wide", "narrow"]


@dataclass(frozen=True)
class Size:
    """A format people share in. Lengths in pixels; ``window`` is where the photo shows."""

    name: str  # "1080x1080"
    width: int
    height: int
    window: tuple[int, int]  # width and height, from the top left corner
    layout: Layout  # which line breaks suit it, unless an editor sets others


SIZES = {
    size.name: size
    for size in (
        Size("1080x1080", 1080, 1080, (1080, 732), "wide"),
        Size("1080x1350", 1080, 1350, (1080, 960), "wide"),
        Size("1080x1440", 1080, 1440, (1080, 1046), "wide"),
        Size("1080x1920", 1080, 1920, (1080, 1290), "wide"),
        Size("1200x630", 1200, 630, (604, 630), "narrow"),
    )
}


@dataclass(frozen=True)
class Wording:
    """The words on a card, in one language.

    ``lines``: the message as an editor broke it (1 to 5 lines). ``loud``: the word in it that is
    drawn larger and in red with two strokes under it ("78"); empty for none.
    """

    lines: tuple[str, ...]
    loud: str
    hashtag: str
    call: str
    address: str


@dataclass(frozen=True)
class Colours:
    """``#rrggbb`` each: the ink of the message, the loud word, the paper, the tape, the footer."""

    ink: str = "#1f2a44"
    loud: str = "#d8412f"
    paper: str = "#fbf7ef"
    tape: str = "#ead9a4"
    night: str = "#14283c"
    night_deep: str = "#0e1d2d"


@dataclass(frozen=True)
class Focus:
    """Which part of the photo shows: its middle (shares of width and height) and the zoom.

    At zoom 1 the photo just covers its window; 4 is the most. A crop never leaves the photo.
    """

    x: float = 0.5
    y: float = 0.4
    zoom: float = 1.0


def crop(photo: tuple[int, int], window: tuple[int, int], focus: Focus) -> tuple[float, ...]:
    """The part of the photo (left, top, right, bottom; its own pixels) that fills the window.

    The browser's preview does the same sum (web/static/js/studio.js): change both or none.
    """
    scale = max(window[0] / photo[0], window[1] / photo[1]) * min(max(focus.zoom, 1.0), 4.0)
    width, height = window[0] / scale, window[1] / scale
    left = min(max(focus.x * photo[0] - width / 2, 0.0), photo[0] - width)
    top = min(max(focus.y * photo[1] - height / 2, 0.0), photo[1] - height)
    return left, top, left + width, top + height
