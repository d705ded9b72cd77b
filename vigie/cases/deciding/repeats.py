"""What repeats a decision has a time of its own: it can be taken back when the decision cannot.

Whoever reads fifty lines before they decide alike takes longer than the first one's minute.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from vigie.cases.deciding import reopening, undo
from vigie.cases.deciding.reopening import CALLED_BACK, Others
from vigie.cases.models import Assessment
from vigie.items.flow import Stale, State
from vigie.lib.words import in_words
from vigie.staff.models import User
from vigie.staff.permissions import Permission


@dataclass(frozen=True)
class Repeats:
    """So many items are opened again. ``until``: nobody outside is told of one of them before.
    ``slip``: all are their own to correct."""

    back: int
    until: datetime | None
    slip: bool


def theirs(source: Assessment, by: User) -> bool:
    """Is the decision, or something that repeats it, this person's to take back? A lead's it is."""
    made = Assessment.objects.filter(Q(pk=source.pk) | Q(applied=source), by=by)
    return by.may(Permission.REOPEN) or made.exists()


def repeats_of(source: Assessment, by: User) -> Repeats | None:
    """What this person can take back of it, each for itself; None for nothing."""
    found = _recallable(source, by)
    ends = [end for one in found if (end := undo.until(one))]
    return Repeats(len(found), min(ends, default=None), _slips(found, by)) if found else None


def take_back(source: Assessment, by: User, why: str = "") -> Others:
    """Each for itself, as far as it can be. ``staying``: stands as decided, the first one too.

    `WhyNeeded` before anything is done, as of one decision.
    """
    back = told = 0
    found = _recallable(source, by)
    if not in_words(why) and not _slips(found, by):
        raise reopening.WhyNeeded(source.item.reference)
    for one in found:
        try:
            made = reopening.take_back(one, by, why)
        except (Stale, reopening.WhyNeeded):  # told, or taken back, in this very moment
            continue
        back, told = back + made.back, told + made.told
    first = Assessment.objects.select_related("item").get(pk=source.pk)
    return Others(back, _standing(source).count() + first.stands, told)


def _slips(found: list[Assessment], by: User) -> bool:
    return all(reopening.own_slip(one, by) for one in found)


def _standing(source: Assessment) -> QuerySet[Assessment]:
    later = Assessment.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"))
    made = source.applied_to.filter(taken_back_at=None).exclude(Exists(later))
    return made.exclude(item__state__in=[State.NEW, State.TO_ASSESS])


def _recallable(source: Assessment, by: User) -> list[Assessment]:
    made = _standing(source).filter(item__state__in=CALLED_BACK).select_related("item")
    if not by.may(Permission.REOPEN):
        made = made.filter(by=by)
    return [one for one in made.order_by("pk") if reopening.may_take_back(one, by)]
