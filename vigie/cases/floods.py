"""Floods on the desk: what came in great numbers from one direction is one line of the queue.

Each place in it stays an item of its own, and each danger is counted on that line.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from vigie.cases.selectors import WAITING
from vigie.items.flow import State
from vigie.items.models import Item


@dataclass(frozen=True)
class Flood:
    """``places``: items of it that wait; ``dangers``: those of which a child is said in danger."""

    number: uuid.UUID
    places: int
    dangers: int
    since: datetime


def number_of(text: str) -> uuid.UUID | None:
    """Of an address of ours; `ValueError` for what is none."""
    return uuid.UUID(text) if text else None


def of_flood(items: QuerySet[Item], flood: uuid.UUID | None) -> QuerySet[Item]:
    """The items of one flood; without one, those that the queue shows one by one."""
    if flood:
        return items.filter(flood=flood)
    return items.exclude(flood__isnull=False, state__in=WAITING)


def floods(items: QuerySet[Item], state: State) -> list[Flood]:
    """The floods with items that wait in this state, the oldest first."""
    if state not in WAITING:
        return []
    waiting = items.filter(state=state, flood__isnull=False)
    dangerous = waiting.filter(mentions__report__danger=True).values("flood")
    dangers = dict(dangerous.annotate(n=Count("pk", distinct=True)).values_list("flood", "n"))
    found = waiting.values("flood").annotate(places=Count("pk"), since=Min("created_at"))
    return [
        Flood(row["flood"], row["places"], dangers.get(row["flood"], 0), row["since"])
        for row in found.order_by("since")
    ]
