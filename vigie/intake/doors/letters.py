"""A report that came by another door than the form, as a letter in the same sealed inbox."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, transaction

from vigie.intake.models import Letter
from vigie.intake.services import InboxUnavailable
from vigie.lib import clock
from vigie.lib.seal import keyed_hash, seal


@dataclass(frozen=True)
class Brought:
    """A report as a door understood it. ``said``: (name, value) of all else that the sender says.

    ``sender``: the number of a trusted sender, if there is one. ``danger``: a child is in danger
    now.
    """

    door: str
    where: str
    kind: str = ""
    seen: str = ""
    comment: str = ""
    contact: str = ""
    said: tuple[tuple[str, str], ...] = ()
    danger: bool = False
    sender: int | None = None


def letter_id(secret: bytes, *parts: object) -> uuid.UUID:
    """The same number for the same parts: what is sent twice is one letter, and one report."""
    text = json.dumps(parts, sort_keys=True)
    return uuid.UUID(bytes=keyed_hash(secret, "door", text)[:16])


def put(brought: Sequence[tuple[uuid.UUID, Brought]]) -> None:
    """Write letters into the inbox: all of them, durably, or `InboxUnavailable` and none.

    One that is there already is written once. Only inserts: nothing is read back.
    """
    letters = [_letter(number, one) for number, one in brought]
    try:
        with transaction.atomic(using="front"):
            Letter.objects.bulk_create(letters, ignore_conflicts=True, batch_size=100)
    except DatabaseError as error:
        raise InboxUnavailable(type(error).__name__) from None


def _letter(number: uuid.UUID, brought: Brought) -> Letter:
    hour = clock.hour_of(clock.now())
    for_worker = {
        "where": brought.where,
        "kind": brought.kind,
        "receipt": "",
        "danger": brought.danger,
        "door": brought.door,
        "sender": brought.sender,
    }
    words = {
        "where": brought.where,
        "kind": brought.kind,
        "danger": brought.danger,
        "seen": brought.seen,
        "comment": brought.comment,
        "contact": brought.contact,
        "said": brought.said,
    }
    return Letter(
        id=number,
        where=seal(settings.INBOX_RECIPIENT, json.dumps(for_worker)),
        words=seal(settings.OPERATORS_RECIPIENT, json.dumps(words)),
        received_hour=hour,
        due_at=hour,
    )
