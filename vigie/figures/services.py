"""Publishing: on the same coarse grid as receipts, so that no figure answers a single report."""

from django.conf import settings
from django.db import IntegrityError, transaction

from vigie.figures.models import PublishedFigures
from vigie.figures.selectors import figures, suppressed
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock


def publish_if_due() -> bool:
    """One publication a tick of the grid; True if this call made it."""
    tick = clock.tick_before(clock.now(), settings.GRID_SECONDS)
    if PublishedFigures.objects.filter(week=tick).exists():
        return False
    values = suppressed(figures(), settings.FIGURES_MINIMUM)
    try:
        with transaction.atomic(using="front"):
            PublishedFigures.objects.create(week=tick, values=values)
    except IntegrityError:
        return False  # another worker published
    append(Verb.FIGURES_PUBLISHED, f"figures:{tick.date()}", "worker")
    return True
