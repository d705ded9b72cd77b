"""What people and the worker do with a card: hang it, refuse it, take it off, count."""

import hashlib
import secrets
import uuid

from django.db import transaction

from vigie.campaign.selectors import may_publish, named
from vigie.campaign.wall.models import (
    KINDS,
    OWN,
    Card,
    CardPicture,
    Submission,
    WallCount,
    Withdrawal,
)
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.staff.models import User


class Stale(Exception):
    """A colleague decided already, or the supporter took the card back. Nothing was changed."""


class NotOpen(Exception):
    """Nobody has said yet that the hotline's addresses on this card are the organisation's own."""


def approve(submission: uuid.UUID, by: User, *, with_name: bool = True) -> Card:
    """Hang a card. Raises `Stale`, `NotOpen`.

    The row of the submission is deleted by the same transaction that makes the card: of two who
    press at once exactly one makes it, and the other's is undone.
    """
    with transaction.atomic(), transaction.atomic(using="front"):
        row = _waiting(submission)
        if Withdrawal.objects.filter(withdraw_hash=row.withdraw_hash).exists():
            raise Stale  # the worker takes it away
        campaign = named(row.campaign)
        if campaign is None or not may_publish(campaign):
            raise NotOpen
        files = {kind: _file_name(bytes(getattr(row, kind))) for kind in KINDS}
        card = Card.objects.create(
            slug=secrets.token_urlsafe(8),
            campaign=row.campaign,
            language=row.language,
            name=row.name if with_name else "",
            alt=row.alt,
            colour=row.colour,
            small=files["small"],
            approved_on=clock.now().date(),
            withdraw_hash=row.withdraw_hash,
            pdq=row.pdq,
            own=OWN in row.flags.split(),
            age=row.age,
            consent=row.consent,
        )
        CardPicture.objects.bulk_create(
            CardPicture(card=card, kind=kind, file=file, data=getattr(row, kind))
            for kind, file in files.items()
        )
        _take(row)
        append(Verb.CARD_APPROVED, card.subject, by.actor, submission=str(row.pk), name=with_name)
    return card


def refuse(submission: uuid.UUID, by: User) -> None:
    """A picture that does not go on the wall: it is gone. Raises `Stale`."""
    with transaction.atomic(), transaction.atomic(using="front"):
        row = _waiting(submission)
        _take(row)
        append(Verb.CARD_REFUSED, row.subject, by.actor)


def _waiting(submission: uuid.UUID) -> Submission:
    row = Submission.objects.filter(pk=submission, state="waiting").first()
    if row is None:
        raise Stale
    return row


def _take(row: Submission) -> None:
    """Delete it, if it is still as we read it."""
    if Submission.objects.filter(pk=row.pk, state=row.state).delete()[0] != 1:
        raise Stale


def _file_name(data: bytes) -> str:
    ending = "webp" if data[8:12] == b"WEBP" else "jpg"
    return f"{hashlib.sha256(data).hexdigest()[:32]}.{ending}"


def purge_withdrawn(note: Withdrawal) -> None:
    """The worker's part: whatever is left of the card, wherever it is on its road.

    Submissions first: one that is being approved at this moment has become a card when we are let
    in, and then goes as a card. A link that nobody was given leaves no line in the journal.
    """
    hashed = bytes(note.withdraw_hash)
    with transaction.atomic(), transaction.atomic(using="front"):
        waiting, _each = Submission.objects.filter(withdraw_hash=hashed).delete()
        hung, _each = Card.objects.filter(withdraw_hash=hashed).delete()
        Withdrawal.objects.filter(pk=note.pk).delete()
        if waiting or hung or note.took:
            append(Verb.CARD_WITHDRAWN, "wall", "worker")
    if hung or note.took:
        recount()


def recount() -> None:
    """Count the cards of each wall. A page must not: at a million it takes a tenth of a second."""
    slugs = set(WallCount.objects.values_list("campaign", flat=True))
    slugs |= set(Card.objects.values_list("campaign", flat=True).distinct())
    for slug in slugs:
        cards = Card.objects.filter(campaign=slug).count()
        WallCount.objects.update_or_create(campaign=slug, defaults={"cards": cards})
