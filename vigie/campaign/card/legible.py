"""Words that fit on a card may still be too small to be read, on a telephone above all."""

from vigie.campaign.card.design import Size, Wording
from vigie.campaign.card.inks import measured
from vigie.campaign.card.message import MOST, write
from vigie.campaign.card.places import PLACES

# Pixels to the em. A telephone shows a card of 1080 at a third: the address then has seven, the
# handwritten words, whose letters are lower, sixteen and ten.
SMALLEST = {"lines": 48.0, "hashtag": 30.0, "call": 18.0, "address": 20.0}


def too_small(wording: Wording, size: Size) -> set[str]:
    """Which of the words (names as in `SMALLEST`) come out smaller than that on this size.

    ValueError: a character that cannot be drawn, see ``lettering.missing``.
    """
    places = PLACES[size.name]
    written = write(wording.lines, wording.loud, places.room, MOST)
    sizes = {
        "lines": min((piece.size for piece in written), default=MOST),
        "hashtag": measured(wording.hashtag, "hand", places.hashtag)[0],
        "call": measured(wording.call, "plain", places.call)[0],
        "address": measured(wording.address, "strong", places.address)[0],
    }
    return {name for name, pixels in sizes.items() if pixels < SMALLEST[name]}
