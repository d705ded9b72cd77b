"""Floods on the desk: what came in great numbers from one direction is one line of the queue.

Each place in it stays an item of its own, and each danger is counted on that line.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from vigie.cases.desk.listing import MOST_COUNTED
from vigie.items.flow import WAITING, State
from vigie.items.models import Item
from vigie.items.ranking import CALM_FLOOD

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


def floods(items: QuerySet[Item], state: State) -> list[Flood]:
    """The floods with items that wait in this state, the oldest first; `MOST` at most."""
    if state not in WAITING:
        return []
    waiting = items.filter(state=state, flood__isnull=False)
    found: list[Flood] = []
    last: uuid.UUID | None = uuid.UUID(int=0)
    while len(found) < MOST:
        # From one to the next along the index: a flood of a million rows costs as much as of two.
        numbers = waiting.filter(flood__gt=last).order_by("flood").values_list("flood", flat=True)
        last = numbers.first()
        if last is None:
            break
        found.append(_flood(waiting.filter(flood=last), last))
    return sorted(found, key=lambda flood: flood.since)


def _flood(places: QuerySet[Item], number: uuid.UUID) -> Flood:
    """Its dangers and the rest stand in two bands of ranks; the first of each is its oldest."""
    in_order = places.order_by("rank").values_list("created_at", flat=True)
    dangers = list(in_order.filter(rank__lt=CALM_FLOOD)[: MOST_COUNTED + 1])
    calm = in_order.filter(rank__gte=CALM_FLOOD)[:1]
    count = in_order[: MOST_COUNTED + 1].count()
    return Flood(number, count, len(dangers), min([*dangers[:1], *calm]))
