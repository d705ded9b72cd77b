"""The campaign's own cards and artwork, drawn once and kept in memory.

On the public program who may have to draw takes one of the `PICTURES` places first, or reports
would wait behind pictures. A drawn one is found by `kept` without a wait.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from vigie.campaign.card.design import Colours, Wording
from vigie.campaign.card.layers import artwork_preview
from vigie.campaign.card.make import make_cards
from vigie.campaign.content import Content
from vigie.campaign.motif import CATS, Motif, photo_of

MOST_KEPT = 48_000_000  # bytes: of five campaigns every picture, 40 each


@dataclass(frozen=True)
class Picture:
    """Everything that a drawn card depends on; without a photo, its artwork for a preview."""

    wording: Wording
    colours: Colours
    size: str
    motif: Motif | None


_drawing = threading.Lock()
_kept: OrderedDict[Picture, bytes] = OrderedDict()  # who was asked for last comes last
_book = threading.Lock()  # held for moments only


def kept(picture: Picture) -> bytes | None:
    """The picture if it is drawn already."""
    with _book:
        if picture in _kept:
            _kept.move_to_end(picture)
        return _kept.get(picture)


def drawn(picture: Picture) -> bytes:
    """The JPEG (the artwork: a WebP). Drawn one at a time, and once: who asks meanwhile finds it
    drawn."""
    with _drawing:
        data = kept(picture)
        if data is None:
            data = _draw(picture)
            _keep(picture, data)
        return data


def sample(says: Content, language: str, size: str, motif: Motif = CATS) -> bytes:
    """A card of the campaign's own animal: JPEG."""
    return drawn(picture_of(says, language, size, motif))


def picture_of(says: Content, language: str, size: str, motif: Motif) -> Picture:
    return Picture(says.of(language).wording(size), says.colours, size, motif)


def _draw(picture: Picture) -> bytes:
    size, motif = picture.size, picture.motif
    if motif is None:
        return artwork_preview(picture.wording, picture.colours, size)
    made = make_cards(photo_of(motif), {size: picture.wording}, picture.colours, motif.focus)
    return made.cards[size]


def _keep(picture: Picture, data: bytes) -> None:
    with _book:
        _kept[picture] = data
        while sum(map(len, _kept.values())) > MOST_KEPT and len(_kept) > 1:
            _kept.popitem(last=False)


def forget() -> None:
    """Everything has to be drawn anew."""
    with _book:
        _kept.clear()
