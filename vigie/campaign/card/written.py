"""The message alone, as it stands on a card: for a page that shows it being written."""

from vigie.campaign.card.artwork import TILT, inked
from vigie.campaign.card.design import Colours, Size, Wording
from vigie.campaign.card.message import MOST, write
from vigie.campaign.card.places import PLACES


def message_svg(wording: Wording, colours: Colours, size: Size) -> str:
    """An SVG of the card's size; lies exactly on `artwork.overlay` of the same wording."""
    left, top, right, bottom = PLACES[size.name].note
    pieces = write(wording.lines, wording.loud, PLACES[size.name].room, MOST)
    ink = "".join(inked(piece) for piece in pieces if not piece.loud)
    loud = "".join(inked(piece) for piece in pieces if piece.loud)
    middle = f"{(left + right) / 2} {(top + bottom) / 2}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.width}" height="{size.height}" '
        f'viewBox="0 0 {size.width} {size.height}">'
        f'<g transform="rotate({TILT} {middle}) translate({left} {top})">'
        f'<g fill="{colours.ink}">{ink}</g><g fill="{colours.loud}">{loud}</g></g></svg>'
    )
