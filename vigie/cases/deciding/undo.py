"""How long a confirmation can be taken back before anybody outside hears of it.

The desk asks until when; whoever tells others asks what is too young to be told. Both ask `ends`.
Telling waits a little longer than taking back may, for two machines have two clocks. What decides
is not the clock but the item: it is taken back, or told, from the same state and round.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from vigie.cases.models import CONFIRMING, Assessment
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.lib import clock

APART = timedelta(seconds=2)  # by so much two clocks may differ


def ends(decided_at: datetime, seconds: float, *, danger: bool) -> datetime:
    """When a confirmation can no longer be taken back: at once where a child is in danger now."""
    return decided_at if danger else decided_at + timedelta(seconds=seconds)


def until(source: Assessment) -> datetime | None:
    """Until when this confirmation can be taken back and nobody was told; None if it is too late.

    What came back by itself was confirmed in an earlier round: others have known of it.
    """
    item = source.item
    fresh = source.round == item.round and item.state == State.CONFIRMED and source.stands
    end = ends(source.at, settings.UNDO_SECONDS, danger=item.danger)
    return end if fresh and clock.now() < end else None


def may_be_told(item: Item) -> bool:
    """Is its confirmation old enough to be told? (It is asked of the item as it is now.)"""
    decided = Assessment.objects.filter(item=item, round=item.round, classification__in=CONFIRMING)
    last = decided.values_list("at", flat=True).first()
    if last is None:
        return True
    end = ends(last, settings.UNDO_SECONDS, danger=item.danger)
    return clock.now() >= (end if end == last else end + APART)


def young() -> QuerySet[Assessment]:
    """Decisions of which nobody outside hears yet, unless a child is in danger."""
    if not settings.UNDO_SECONDS:
        return Assessment.objects.none()
    oldest = ends(clock.now(), -settings.UNDO_SECONDS, danger=False) - APART
    return Assessment.objects.filter(at__gt=oldest)
