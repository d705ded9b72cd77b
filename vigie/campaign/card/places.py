"""Where things lie on a card of each size. Pixels of the card, from its top left corner."""

from dataclasses import dataclass
from typing import Literal

from vigie.campaign.card.lettering import Box


@dataclass(frozen=True)
class Places:
    """The note and its tape before they are tilted, and the boxes of the footer's words."""

    note: Box
    margins: Box  # of the message in the note: left, top, right, bottom
    tape: Box  # measured from the note's corner
    hashtag: Box
    call: Box
    address: Box
    align: Literal["left", "right"]  # the call and the address
    name: Box  # the most that is seen of the strip with the cat's name; aligned as the call is
    tucked: float  # how much more of the strip lies below the note

    @property
    def room(self) -> Box:
        """The message's, measured from the note's corner."""
        left, top, right, bottom = self.margins
        width, height = self.note[2] - self.note[0], self.note[3] - self.note[1]
        return left, top, width - right, height - bottom


def _upright(note_top: float, note_height: float, foot: float) -> Places:
    """A card 1080 wide: the note above, the footer's lines about ``foot``, the band's middle."""
    return Places(
        note=(46, note_top, 1034, note_top + note_height),
        margins=(46, 30, 46, 28),
        tape=(98, -42, 282, 14),
        hashtag=(62, foot - 36, 392, foot + 38),
        call=(440, foot - 38, 1018, foot - 5),
        address=(440, foot - 3, 1018, foot + 40),
        align="right",
        name=(560, note_top - 94, 1006, note_top - 20),
        tucked=30,
    )


PLACES = {
    "1080x1080": _upright(620, 330, 1025),
    "1080x1350": _upright(852, 356, 1288),
    "1080x1440": _upright(934, 362, 1376),
    "1080x1920": _upright(1146, 372, 1600),
    "1200x630": Places(
        note=(592, 42, 1174, 432),
        margins=(36, 34, 36, 30),
        tape=(54, -34, 224, 18),
        hashtag=(648, 474, 934, 538),
        call=(648, 546, 1150, 573),
        address=(648, 576, 1150, 609),
        align="left",
        name=(36, 524, 450, 596),
        tucked=0,
    ),
}
