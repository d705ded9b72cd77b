"""Whose turn it is: a report of thousands of places must not keep the next report waiting.

1. The first places of a report have their turn when it is opened. Each further one has its turn a
   little later than the one before; so a report that comes meanwhile goes between them. When
   nobody else waits, nobody waits: a turn is a place in the row, not a time before which nothing
   happens.
2. Of each domain the first in the row goes before the second of any other. The row is made anew
   every few visits: one slow host takes a share of them, however many of its pages are reported.
3. A place that waits already and is reported again keeps the earlier of its two turns.
"""

from datetime import datetime, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber

FIRST = 5  # places of one report that have their turn at once
APART = timedelta(minutes=1)

# In this order due items are taken: see `lib.work.claim`.
FAIR = (
    Window(RowNumber(), partition_by=[F("domain_hash")], order_by=[F("turn_at"), F("pk")]),
    F("turn_at"),
    F("pk"),
)


def turn_of(position: int, moment: datetime) -> datetime:
    """The turn of the place at this position (from 0) of a report opened at ``moment``."""
    return moment + max(0, position - FIRST + 1) * APART
