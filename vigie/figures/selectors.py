"""Counting, read-only. Small numbers are suppressed before anything is published."""

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from django.db.models import Min

from vigie.cases.models import CONFIRMING, Assessment
from vigie.dispatch.models import Notice, Referral
from vigie.intake.models import Report
from vigie.items.flow import State
from vigie.items.models import Item


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


def figures() -> Figures:
    confirmed = Assessment.objects.filter(classification__in=[c.value for c in CONFIRMING])
    return Figures(
        reports=Report.objects.count(),
        items=Item.objects.count(),
        confirmed=confirmed.values("item").distinct().count(),
        referred=Referral.objects.exclude(sent_at=None).values("item").distinct().count(),
        notices=Notice.objects.exclude(sent_at=None).count(),
        removed=Item.objects.filter(state=State.REMOVED).count(),
        median_hours_to_removal=_median_hours(),
    )


def _median_hours() -> float | None:
    removed = Item.objects.filter(state=State.REMOVED).annotate(decided=Min("assessments__at"))
    spans = [
        (changed - decided).total_seconds() / 3600
        for changed, decided in removed.values_list("changed_at", "decided")
        if decided
    ]
    return round(median(spans), 1) if spans else None


def suppressed(found: Figures, minimum: int) -> dict[str, Any]:
    """What may be published: a count below ``minimum`` (but not zero) becomes None.

    The median is published only when enough removals stand behind it.
    """
    values: dict[str, Any] = asdict(found)
    for name in ("reports", "items", "confirmed", "referred", "notices", "removed"):
        if 0 < values[name] < minimum:
            values[name] = None
    if found.removed < minimum:
        values["median_hours_to_removal"] = None
    return {**values, "minimum": minimum}
