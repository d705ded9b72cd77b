"""Publishing: on the same coarse grid as receipts, so that no figure answers a single report."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from vigie.figures.models import PublishedFigures
from vigie.figures.selectors import Figures, figures, last_published
from vigie.figures.shown import Lag, next_shown, reached, span
from vigie.items import keys
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock

# How many places the reports named is not among them: beside the reports, and to the reporter of
# known and new ones, it would say which are known.
OUTCOMES = ("confirmed", "referred", "notices", "removed")
MEDIAN = "median_hours_to_removal"


def publish_if_due() -> bool:
    """One publication a tick of the grid; True if this call made it.

    It tells what had happened by the tick before: nothing that came since the last publication is
    in this one.
    """
    tick = clock.tick_before(clock.now(), settings.GRID_SECONDS)
    if PublishedFigures.objects.filter(week=tick).exists():
        return False
    until = tick - timedelta(seconds=settings.GRID_SECONDS)
    last = last_published(before=tick)
    values = shown_of(figures(until), settings.FIGURES_MINIMUM, last.values if last else {})
    values["until"] = until.isoformat()
    try:
        with transaction.atomic(using="front"):
            PublishedFigures.objects.create(week=tick, values=values)
    except IntegrityError:
        return False  # another worker published
    append(Verb.FIGURES_PUBLISHED, f"figures:{tick.date()}", "worker")
    return True


def shown_of(found: Figures, minimum: int, before: dict[str, Any]) -> dict[str, Any]:
    """What may be published after ``before``; None where a count is too small to be told.

    Whether an address was known changes nothing in ``reports``. It changes the outcomes: of those
    one rung a publication is shown, whatever came. The median changes with *removed* alone.
    """
    begun = "until" in before  # what was published before the ladder was, is no rung
    values: dict[str, Any] = {"minimum": minimum}
    for name in ("reports", *OUTCOMES):
        now = reached(getattr(found, name), minimum, _lag_of(name))
        last = before.get(name) or 0
        if begun:
            now = next_shown(last, now, minimum) if name in OUTCOMES else max(last, now)
        values[name] = now or None
    hours = found.median_hours_to_removal
    if begun and values["removed"] == before.get("removed"):
        values[MEDIAN] = before.get(MEDIAN)
    else:
        values[MEDIAN] = span(hours) if values["removed"] and hours is not None else None
    return values


def _lag_of(name: str) -> Lag:
    def lag(rung: int, gap: int) -> int:
        return keys.drawn("figures", f"{name} {rung}", gap)

    return lag
