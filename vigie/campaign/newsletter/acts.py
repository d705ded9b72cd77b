"""What the public program does: it writes down, sealed, what somebody asked for. It reads nothing.

So no page can tell whether an address is on the list. Every act has the same size and shape.
"""

import json
import re

from django.conf import settings
from django.db import DatabaseError, transaction

from vigie.campaign.newsletter.addresses import Address
from vigie.campaign.newsletter.consent import CURRENT
from vigie.campaign.newsletter.models import NewsletterAct
from vigie.lib import clock
from vigie.lib.seal import seal

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits; see `tokens`


class NotWritten(Exception):
    """The act was not written. The page must say so."""


def subscribe(address: Address, language: str) -> None:
    _write(kind="subscribe", address=str(address), language=language, consent=CURRENT)


def confirm(token: str) -> None:
    if _TOKEN.fullmatch(token):
        _write(kind="confirm", token=token, consent=CURRENT)


def unsubscribe(token: str) -> None:
    if _TOKEN.fullmatch(token):
        _write(kind="unsubscribe", token=token)


def _write(**said: str) -> None:
    """One row, durably. Raises `NotWritten`. The hour and not the minute, as for a report."""
    act = NewsletterAct(
        sealed=seal(settings.INBOX_RECIPIENT, json.dumps(said, ensure_ascii=False)),
        due_at=clock.hour_of(clock.now()),
    )
    try:
        with transaction.atomic(using="front"):
            NewsletterAct.objects.bulk_create([act], ignore_conflicts=True)
    except DatabaseError as error:
        raise NotWritten(type(error).__name__) from None
