"""Counting, read-only. Exact: for the desk; the public is shown less (`shown`)."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from vigie.cases.models import CONFIRMING, Assessment
from vigie.dispatch.models import Notice, Referral
from vigie.figures.models import PublishedFigures
from vigie.intake.models import Report
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.lib import clock
from vigie.lib.fetch import Outcome
from vigie.watch.verdict import GONE


@dataclass(frozen=True)
class Figures:
    """Counts since the beginning; hours from the decision to the second look that found it gone."""

    reports: int
    items: int
    confirmed: int
    referred: int
    notices: int
    removed: int
    median_hours_to_removal: float | None


def figures(until: datetime | None = None) -> Figures:
    """What had happened by ``until`` (now, if not given)."""
    end = until or clock.now()
    kinds = [c.value for c in CONFIRMING]
    stood = Q(taken_back_at=None) | Q(taken_back_at__gt=end)
    confirmed = Assessment.objects.filter(stood, classification__in=kinds, at__lte=end)
    to_hosts = Notice.objects.filter(kind=Notice.Kind.HOST)  # a partner's pack is no notice
    return Figures(
        reports=Report.objects.filter(received_hour__lte=end).count(),
        items=Item.objects.filter(created_at__lte=end).count(),
        confirmed=confirmed.values("item").distinct().count(),
        referred=Referral.objects.filter(sent_at__lte=end).values("item").distinct().count(),
        notices=to_hosts.filter(sent_at__lte=end).count(),
        removed=_removed(end).count(),
        median_hours_to_removal=_median_hours(end),
    )


def _removed(end: datetime) -> QuerySet[Item]:
    """Without what was gone already at the look of every decision: nobody took it down since."""
    kinds = [c.value for c in CONFIRMING]
    decided = Assessment.objects.filter(item=OuterRef("pk"), classification__in=kinds)
    gone = Q(look__outcome=Outcome.OK, look__status__in=GONE)
    dead = Exists(decided.filter(gone)) & ~Exists(decided.filter(~gone))
    return Item.objects.filter(state=State.REMOVED, changed_at__lte=end).exclude(dead)


def _median_hours(end: datetime) -> float | None:
    removed = _removed(end)
    spans = [
        (changed - decided).total_seconds() / 3600
        for changed, decided in removed.annotate(decided=Min("assessments__at")).values_list(
            "changed_at", "decided"
        )
        if decided
    ]
    return round(median(spans), 1) if spans else None


def last_published(before: datetime | None = None) -> PublishedFigures | None:
    found = PublishedFigures.objects.order_by("-week")
    return (found.filter(week__lt=before) if before else found).first()
