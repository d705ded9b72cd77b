"""How many came and went: counted by the day, and told to the journal once the day is over."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vigie.campaign.newsletter.models import Tally
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock

WORKER = "worker"
GRACE = timedelta(hours=1)  # a transaction begun before midnight has ended by then


def count(what: str) -> None:
    """One more of ``what`` today (a column of `Tally`), inside the transaction of the act."""
    today = timezone.localdate()
    Tally.objects.get_or_create(day=today)
    Tally.objects.filter(day=today).update(**{what: F(what) + 1})


def tell() -> int:
    """A line of the journal for each day that is over. Safe to do twice: the tally goes with it."""
    over = timezone.localdate(clock.now() - GRACE)
    told = 0
    for day in list(Tally.objects.filter(day__lt=over).values_list("day", flat=True)):
        with transaction.atomic():
            tally = Tally.objects.select_for_update().filter(day=day).first()
            if tally is None:
                continue  # another worker told it
            Tally.objects.filter(day=day).delete()
            _write(tally)
        told += 1
    return told


def _write(tally: Tally) -> None:
    append(
        Verb.NEWSLETTER_COUNTED,
        "newsletter",
        WORKER,
        day=tally.day.isoformat(),
        confirmed=tally.confirmed,
        unsubscribed=tally.unsubscribed,
        lapsed=tally.lapsed,
        unreachable=tally.unreachable,
    )
