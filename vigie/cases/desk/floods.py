"""Floods on the desk: what came in great numbers from one direction is one line of the queue.

Each place in it stays an item of its own, and each danger is counted on that line.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Subquery

from vigie.cases.desk.listing import MOST_COUNTED, UpTo
from vigie.items.flow import WAITING, State
from vigie.items.models import Item
from vigie.items.ranking import CALM_FLOOD
from vigie.lib.prepared import Blank, Prepared

MOST = 20  # lines


@dataclass(frozen=True)
class Flood:
    """``places``: items of it that wait, ``dangers``: of these, a child is said in danger.

    Neither is counted past `MOST_COUNTED`.
    """

    number: uuid.UUID
    places: int
    dangers: int
    since: datetime

    @property
    def many(self) -> bool:
        return self.places > MOST_COUNTED


def floods(state: State) -> list[Flood]:
    """For whoever sees all items: the floods with some that wait in this state, the oldest first;
    `MOST` at most."""
    if state not in WAITING:
        return []
    found: list[Flood] = []
    last = [uuid.UUID(int=0)]
    # From one to the next along the index: a flood of a million rows costs as much as of two.
    while len(found) < MOST and (last := _next(state=state, last=last[0])):
        found += _flood(state, last[0])
    return sorted(found, key=lambda flood: flood.since)


def _flood(state: State, number: uuid.UUID) -> list[Flood]:
    """None, if the last of it was decided in this moment."""
    return [
        Flood(number, places, dangers, min(moment for moment in since if moment))
        for places, dangers, *since in _told(state=state, flood=number)
    ]


def _one(state: Blank, flood: Blank) -> QuerySet[Item, Any]:
    """Its dangers and the rest stand in two bands of ranks; the first of each is its oldest."""
    places = Item.objects.filter(state=state, flood=flood).order_by("rank")
    calm = places.filter(rank__gte=CALM_FLOOD)
    dangers = places.filter(rank__lt=CALM_FLOOD)
    counted = [UpTo(some.values("pk")[: MOST_COUNTED + 1]) for some in (places, dangers)]
    return places.values_list(*counted, "created_at", Subquery(calm.values("created_at")[:1]))[:1]


_told = Prepared(_one)
_next: Prepared[Any] = Prepared(
    lambda state, last: (
        Item.objects.filter(state=state, flood__gt=last)
        .order_by("flood")
        .values_list("flood", flat=True)[:1]
    )
)
