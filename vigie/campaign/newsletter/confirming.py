"""The confirmation mail, and the end of what nobody confirms."""

import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from vigie.campaign.newsletter import letters, tokens
from vigie.campaign.newsletter.addresses import parse
from vigie.campaign.newsletter.models import Quiet, Subscriber
from vigie.campaign.newsletter.subscribing import QUIET, State, erase, erased_at, quieten
from vigie.lib import clock
from vigie.lib.mail import Courier, refused_for_good

PAUSE = timedelta(minutes=10)


def tend(subscriber: Subscriber, by: Courier) -> datetime | None:
    """What is due for a subscriber: to be erased, or to be asked. Returns when to come back."""
    moment = clock.now()
    if subscriber.erase_at and subscriber.erase_at <= moment:
        _lapse(subscriber, moment)
        return None
    if subscriber.wanted is None:
        return subscriber.erase_at
    if _mails_of_the_last_hour(moment) >= settings.NEWSLETTER_CONFIRMATIONS:
        return moment + PAUSE  # somebody feeds the form with addresses: they get it slowly
    return _ask(subscriber, by, moment)


def _lapse(subscriber: Subscriber, moment: datetime) -> None:
    with transaction.atomic():
        locked = Subscriber.objects.select_for_update()
        row = locked.filter(pk=subscriber.pk, state=State.PENDING, erase_at__lte=moment).first()
        if row is not None:
            erase(row, "lapsed")


def _mails_of_the_last_hour(moment: datetime) -> int:
    return Quiet.objects.filter(until__gt=moment + QUIET - timedelta(hours=1)).count()


def _ask(subscriber: Subscriber, by: Courier, moment: datetime) -> datetime | None:
    """Mail the question. Repeated after a crash: the same Message-ID.

    A mailbox that does not exist counts as asked: the row lapses like any that nobody confirms.
    """
    tokens.refuse_stale()
    message = letters.confirmation(subscriber)
    try:
        by.send(message, letters.sender(), letters.recipient(message))
    except smtplib.SMTPRecipientsRefused as error:
        if not refused_for_good(error):
            raise
    address = parse(tokens.keys().opened(subscriber.address))
    ends = erased_at(moment)
    with transaction.atomic():
        if address:
            quieten(address, moment + QUIET)
        row = Subscriber.objects.filter(pk=subscriber.pk, wanted=subscriber.wanted)
        row.filter(state=State.PENDING).update(erase_at=ends)
        row.update(wanted=None)
    return ends if subscriber.state == State.PENDING else None
