"""Where an item stands in the queue: one number, the smaller the sooner, kept with the item.

1. The band: a child said to be in danger now, then all others, then what belongs to a flood (there
   too the dangers first).
2. In a band the moment since which it waits, in seconds, less a head start for each reason. A head
   start is no wall: what has no reason but its age gets its turn, some days later.
3. What no longer waits for us stands by its age alone.

Whatever changes a reason writes the reason first (which locks the row) and then calls `place`.
"""

from enum import StrEnum

from django.conf import settings
from django.db.models import QuerySet

from vigie.items.flow import WAITING, State
from vigie.items.models import Item

HOUR = 3600
BAND = 10**11  # more seconds than any clock here will show
CALM, FLOOD, CALM_FLOOD, END = BAND, 2 * BAND, 3 * BAND, 4 * BAND
FIRST_IN_DANGER = 5  # places of one report: one that names thousands must not hide the next


class Reason(StrEnum):
    DANGER = "danger"
    YOUNG = "young"
    NOVEL = "novel"
    OWN = "own"
    MANY = "many"
    HERE = "here"
    RULE = "rule"


HOURS = {Reason.YOUNG: 72, Reason.NOVEL: 48, Reason.OWN: 48, Reason.HERE: 24}
HOURS_OF_MANY = ((100, 72), (10, 36), (3, 12))  # reports from, hours


def reasons_of(item: Item) -> list[Reason]:
    """Why it stands before what came as early, the weightiest first."""
    said = {
        Reason.DANGER: item.danger,
        Reason.YOUNG: item.young,
        Reason.NOVEL: item.material in Item.NOVEL,
        Reason.OWN: item.own,
        Reason.MANY: item.report_count >= HOURS_OF_MANY[-1][0],
        Reason.HERE: bool(item.country) and item.country == _home(),
        Reason.RULE: item.head_start != 0,
    }
    return [reason for reason, holds in said.items() if holds]


def rank_of(item: Item) -> int:
    if State(item.state) not in WAITING:
        return CALM + int(item.created_at.timestamp())
    hours = sum(HOURS.get(reason, 0) for reason in reasons_of(item))
    hours += next((head for most, head in HOURS_OF_MANY if item.report_count >= most), 0)
    hours += item.head_start
    since = item.created_at if item.round == 1 else item.changed_at
    band = (0 if item.urgent else CALM) + (FLOOD if item.flood else 0)
    return band + int(since.timestamp()) - hours * HOUR


def place(items: QuerySet[Item]) -> None:
    """Give these the place that their reasons give them now; part of the caller's transaction."""
    moved = []
    for item in items.order_by("pk").defer("locator"):
        rank = rank_of(item)
        if rank != item.rank:
            item.rank = rank
            moved.append(item)
    items.model._default_manager.bulk_update(moved, ["rank"], batch_size=500)


def hold(items: QuerySet[Item]) -> list[int]:
    """Lock these rows, always in one order: two letters never wait for each other."""
    found = items.order_by("pk").select_for_update(no_key=True)
    return list(found.values_list("pk", flat=True))


def _home() -> str:
    return str(settings.ORGANISATION.data.get("country", ""))
