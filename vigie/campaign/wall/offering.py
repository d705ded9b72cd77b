"""What the public does with the wall: give it a card, take it back. Inserts and deletes."""

import hashlib
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, transaction

from vigie.campaign.card.design import SIZES
from vigie.campaign.wall import consent
from vigie.campaign.wall.models import OWN, Card, Submission, Withdrawal
from vigie.campaign.wall.ports import Hashes
from vigie.campaign.wall.queue import is_full, taken
from vigie.lib import clock
from vigie.lib.seal import keyed_hash

WIDE = SIZES["1200x630"].name


class WallFull(Exception):
    """More cards wait than people can look at. The card is its owner's; the wall takes none."""


class WallUnavailable(Exception):
    """The card was not written. The page must say so."""


@dataclass(frozen=True)
class NewCard:
    """What a supporter gives to the wall, with consent. Pictures: see `models.KINDS`."""

    once: uuid.UUID
    campaign: str
    language: str
    name: str
    alt: str
    age: str
    hashes: Hashes
    colour: str
    pictures: dict[str, bytes]
    own: bool = False  # what is written on it is the supporter's own


def offer(new: NewCard) -> str:
    """Write a card for the moderators; the token that takes it off again.

    The same page sent twice with the same card is one card with one token, also when it hangs
    already. Raises `WallFull`, `WallUnavailable`.
    """
    page = _page(new)
    token = keyed_hash(settings.RECEIPT_KEY, "wall", str(page)).hex()[:40]
    try:
        with transaction.atomic(using="front"):
            if Card.objects.filter(withdraw_hash__in=_withdraw_hashes(token)).exists():
                return token
            if is_full():
                raise WallFull
            Submission.objects.bulk_create([_row(new, page, token)], ignore_conflicts=True)
    except DatabaseError as error:
        raise WallUnavailable(type(error).__name__) from None
    taken.note()
    return token


def _page(new: NewCard) -> uuid.UUID:
    """Of the page's own number and of what was sent with it: another photo is another card.

    Under the key: the number is the browser's own, and nothing that is kept may lead back to it.
    """
    digest = hashlib.sha256(new.pictures["card"]).hexdigest()
    parts = (str(new.once), new.hashes.sha256, digest, new.language, new.name)
    return uuid.UUID(bytes=keyed_hash(settings.RECEIPT_KEY, "page", "\0".join(parts))[:16])


def _row(new: NewCard, page: uuid.UUID, token: str) -> Submission:
    moment = clock.now()
    return Submission(
        page=page,
        campaign=new.campaign,
        language=new.language,
        name=new.name,
        alt=new.alt,
        age=new.age,
        consent=consent.CURRENT,
        arrived_hour=clock.hour_of(moment),
        due_at=clock.hour_of(moment),
        withdraw_hash=withdraw_hash(token),
        colour=new.colour,
        flags=OWN if new.own else "",
        **{**vars(new.hashes), "parts": " ".join(new.hashes.parts)},
        **new.pictures,
    )


def withdraw_hash(token: str) -> bytes:
    return _withdraw_hashes(token)[0]


def _withdraw_hashes(token: str) -> list[bytes]:
    """Under the present key first, then under those before it: old links still work."""
    keys = [settings.RECEIPT_KEY, *settings.RECEIPT_KEYS_BEFORE]
    return [keyed_hash(key, "withdraw", token) for key in keys]


def hanging(token: str) -> Card | None:
    """The card of this link, if it hangs now. One that waits is not to be told from one gone."""
    return Card.objects.filter(withdraw_hash__in=_withdraw_hashes(token)).first()


def withdraw(token: str) -> None:
    """Take a card off, now. Says nothing of whether there was one.

    What hangs is deleted at once; what still waits for a person is left to the worker, because
    the public program may not reach it. Raises `WallUnavailable`.
    """
    hashes, hour = _withdraw_hashes(token), clock.hour_of(clock.now())
    try:
        with transaction.atomic(using="front"):
            gone, _each = Card.objects.filter(withdraw_hash__in=hashes).delete()
            notes = [Withdrawal(withdraw_hash=hashed, due_at=hour) for hashed in hashes]
            notes[0].took = gone > 0
            Withdrawal.objects.bulk_create(notes)
    except DatabaseError as error:
        raise WallUnavailable(type(error).__name__) from None
