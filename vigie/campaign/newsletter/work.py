"""What the worker asks the newsletter each round.

A lane of its own: ten thousand letters, or a mail server that does not answer, must not keep a
report or a referral waiting.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from vigie.campaign.newsletter import tallies, tokens
from vigie.campaign.newsletter.confirming import tend
from vigie.campaign.newsletter.models import (
    AppliedAct,
    Delivery,
    NewsletterAct,
    Proof,
    Quiet,
    Subscriber,
)
from vigie.campaign.newsletter.sending import deliver, end_editions, plan_deliveries, send_proof
from vigie.campaign.newsletter.subscribing import apply_act
from vigie.lib import clock
from vigie.lib.mail import Courier, line
from vigie.lib.work import Due, work_off

BATCH = 20


def _due(rows: "QuerySet[Any]", step: Callable[[Any], datetime | None]) -> int:
    return work_off(
        rows,
        step,
        lease_seconds=settings.LEASE_SECONDS,
        retry_seconds=settings.RETRY_SECONDS,
        limit=BATCH,
    )


def _mailed(rows: "QuerySet[Any]", step: Callable[[Any, Courier], datetime | None]) -> int:
    """One connection for the letters of a batch."""
    with line(settings.SMTP_URL) as by:
        return _due(rows, lambda row: step(row, by))


def tidy() -> int:
    """Forget what was kept only for a while."""
    done = 0
    for rows in (Quiet.objects.filter(until__lte=clock.now()), _applied_and_gone()):
        if rows.exists():  # a question costs nothing; a deletion makes other writers wait
            done += rows.delete()[0]
    return done


def _applied_and_gone() -> "QuerySet[AppliedAct]":
    """Left by a crash between the last two steps of `apply_act`; the act itself is gone."""
    yesterday = timezone.localdate() - timedelta(days=1)
    old = AppliedAct.objects.filter(day__lt=yesterday)
    numbers = list(old.values_list("act", flat=True)[:500])
    there = NewsletterAct.objects.filter(pk__in=numbers).values_list("pk", flat=True)
    return AppliedAct.objects.filter(act__in=set(numbers) - set(there))


def apply_acts() -> int:
    """None is tried with a key that was replaced: a failed act would wait longer and longer."""
    tokens.refuse_stale()
    return _due(NewsletterAct.objects.all(), apply_act)


Step = tuple[str, Callable[[], int]]
STEPS: list[Step] = [
    ("newsletter acts", apply_acts),
    ("newsletter subscribers", lambda: _mailed(Subscriber.objects.all(), tend)),
    ("newsletter tests", lambda: _mailed(Proof.objects.all(), send_proof)),
    ("newsletter plans", plan_deliveries),
    ("newsletter deliveries", lambda: _mailed(Delivery.objects.all(), deliver)),
    ("newsletter ends", end_editions),
    ("newsletter counts", tallies.tell),
    ("newsletter tidying", tidy),
]
# On the desk's page of failures.
WORK: list[type[Due]] = [NewsletterAct, Subscriber, Proof, Delivery]
