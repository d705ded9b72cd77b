"""A clock that jumps must not erase everything at once.

The moment at which erasing last went round is kept. A present far from it is not believed: erasing
waits until a person says that the clock is right. (A clock that is led astray by hours a day is
not noticed; it erases as much too early as it is wrong.)
"""

from datetime import datetime, timedelta

from django.db import transaction

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.keeping.models import TrustedTime
from vigie.lib import clock

AHEAD = timedelta(days=3)
BACK = timedelta(hours=1)
NOTED_EVERY = timedelta(minutes=10)
ONLY = 1


class ClockDoubted(Exception):
    """The present is far from when erasing last went round: a person has to confirm it."""


def last_trusted() -> datetime | None:
    return TrustedTime.objects.filter(pk=ONLY).values_list("at", flat=True).first()


def is_doubted(moment: datetime) -> bool:
    last = last_trusted()
    return last is None or not last - BACK <= moment <= last + AHEAD


def present() -> datetime:
    """Now, if it can be believed; it is kept as the last believed. Raises `ClockDoubted`."""
    moment, last = clock.now(), last_trusted()
    if last is None or is_doubted(moment):
        raise ClockDoubted
    if moment - last >= NOTED_EVERY:
        TrustedTime.objects.filter(pk=ONLY, at=last).update(at=moment)
    return moment


def confirm(by: str) -> None:
    """A person says that the clock is right."""
    moment = clock.now()
    with transaction.atomic():
        TrustedTime.objects.update_or_create(pk=ONLY, defaults={"at": moment})
        append(Verb.CLOCK_CONFIRMED, "retention", by, present=moment.isoformat(timespec="minutes"))
