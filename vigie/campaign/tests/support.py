"""Photos and cards for the campaign's tests: drawn here, harmless."""

import io
import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from vigie.campaign.card.design import Focus
from vigie.campaign.card.make import make_cards, thumbnail
from vigie.campaign.content import shipped
from vigie.campaign.wall.examining import examine
from vigie.campaign.wall.models import Submission
from vigie.campaign.wall.offering import WIDE, NewCard, offer, withdraw_hash
from vigie.campaign.wall.ports import Hashes, Hit
from vigie.demo.cats import drawn_cat


@cache
def photo(number: int = 0) -> bytes:
    return drawn_cat(number)


@cache
def pictures(number: int = 0) -> dict[str, bytes]:
    """The three pictures of a card, made once for all tests."""
    says = shipped()
    wordings = {size: says.of("fr").wording(size) for size in ("1080x1080", WIDE)}
    made = make_cards(photo(number), wordings, says.colours, Focus())
    card = made.cards["1080x1080"]
    return {"small": thumbnail(card), "card": card, "wide": made.cards[WIDE]}


def hashes(number: int = 0, **more: Any) -> Hashes:
    digit = f"{number:x}"[-1]
    values = {"md5": digit * 32, "sha1": digit * 40, "sha256": digit * 64, "pdq": ""}
    return Hashes(**{**values, **more})


def new_card(number: int = 0, *, once: uuid.UUID | None = None, **more: object) -> NewCard:
    """What the studio offers to the wall."""
    values = {
        "campaign": "catsforkids-2020",
        "language": "fr",
        "name": "Minou",
        "alt": "A cat.",
        "age": "old",
        "hashes": hashes(number),
        "colour": "#808080",
        "pictures": pictures(),
    }
    return NewCard(once=once or uuid.uuid4(), **{**values, **more})  # type: ignore[arg-type]


def offered(number: int = 0, **more: object) -> tuple[Submission, str]:
    """A card that a supporter gave to the wall, and the token that takes it back."""
    token = offer(new_card(number, **more))  # type: ignore[arg-type]
    return Submission.objects.get(withdraw_hash=withdraw_hash(token)), token


def unknown(pictures: Sequence[Hashes]) -> list[Hit | None]:
    """No list knows any of them."""
    return [None for _ in pictures]


def listed(pictures: Sequence[Hashes]) -> list[Hit | None]:
    """A list knows each of them."""
    return [Hit("a list", same=True) for _ in pictures]


def examined(number: int = 0, **more: object) -> tuple[Submission, str]:
    """The same after the worker compared it with the lists and found nothing."""
    row, token = offered(number, **more)
    examine(row, unknown, lambda card: 0)
    row.refresh_from_db()
    return row, token


def sent(client: Client, data: bytes | None = None, path: str = "/fr/card/", **fields: str):
    """The studio's form as a browser sends it."""
    more = {}
    if data is not None:
        more["photo"] = SimpleUploadedFile("chat.png", data)
    return client.post(path, {**fields, **more})


def size_of(jpeg: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(jpeg)) as picture:
        return picture.size
