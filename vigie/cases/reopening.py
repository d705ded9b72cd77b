"""A lead opens a closed item again: what was judged there no longer stands, here and elsewhere."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from vigie.cases.models import AssessedPicture, Assessment
from vigie.items.flow import IllegalMove, Move, State
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.models import JudgedHash
from vigie.matching.services import undo
from vigie.staff.models import User

# Of these the round that others were told of ends, and a new one begins.
TOLD = frozenset({State.REFERRED, State.AUTHORISED, State.NOTIFIED})
CALLED_BACK = TOLD | {State.CLOSED}


@dataclass(frozen=True)
class Others:
    """Items that rest on a judgement. ``staying``: on their way to the police, or removed."""

    back: int
    staying: int


def others_of(item: Item) -> Others:
    """What opening this item again would do to others."""
    states = list(resting_on(_judged_on(item)).values_list("state", flat=True))
    back = sum(state in CALLED_BACK for state in states)
    return Others(back, len(states) - back)


def _judged_on(item: Item) -> QuerySet[JudgedHash]:
    return JudgedHash.objects.filter(item=item, undone_at=None)


def resting_on(judgements: QuerySet[JudgedHash]) -> QuerySet[Item]:
    """Items whose last decision applied one of these to a picture that nobody looked at."""
    later = Assessment.objects.filter(item=OuterRef("assessment__item"))
    applied = AssessedPicture.objects.filter(judgement__in=judgements, seen=False)
    last = applied.exclude(Exists(later.filter(pk__gt=OuterRef("assessment"))))
    decided = Item.objects.exclude(state__in=[State.NEW, State.TO_ASSESS]).exclude(locator=b"")
    return decided.filter(pk__in=last.values("assessment__item"))


def reopen(item: Item, by: User) -> Item:
    """A lead takes up a closed item again, in a new round; the earlier decision stays written.

    1. What was judged on it no longer counts: nobody can apply it any more.
    2. Other items that it was applied to without a look are opened again with it; where that is
       not possible any more, their trail says so.
    3. The worker looks again meanwhile. `IllegalMove` where there is nothing left to look at.
    """
    if item.is_erased:
        raise IllegalMove(f"{item.reference} was erased")
    with transaction.atomic():
        undone = undo(item.pk)
        rest = resting_on(JudgedHash.objects.filter(pk__in=undone)).exclude(pk=item.pk)
        others = list(rest.select_for_update(no_key=True).order_by("pk"))
        _open(item, by.actor)
        for other in others:
            back = other.state in CALLED_BACK
            append(Verb.JUDGEMENT_UNDONE, other.subject, by.actor, item=item.pk, opened=back)
            if other.state in TOLD:
                move_item(other, Move.CONCLUDE, by.actor)
            if back:
                _open(other, by.actor)
    return item


def _open(item: Item, by: str) -> None:
    move_item(item, Move.REOPEN, by, outcome="", classification="", due_at=clock.now())
