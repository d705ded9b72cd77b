"""A lead opens a closed item again: what was judged there no longer stands, here and elsewhere."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

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
from vigie.staff.permissions import Permission

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
        _open(item, by.actor)
        _call_back(rest, item, by)
    return item


def _call_back(others: QuerySet[Item], because_of: Item, by: User) -> Others:
    """Open these again; where that is not possible any more, their trail says so."""
    back = 0
    found = list(others.select_for_update(no_key=True).order_by("pk"))
    for other in found:
        opened = other.state in CALLED_BACK
        append(Verb.JUDGEMENT_UNDONE, other.subject, by.actor, item=because_of.pk, opened=opened)
        if other.state in TOLD:
            move_item(other, Move.CONCLUDE, by.actor)
        if opened:
            _open(other, by.actor)
        back += opened
    return Others(back, len(found) - back)


def _decided_with(source: Assessment) -> QuerySet[Item]:
    """The item of a decision and those it was applied to, where nobody decided otherwise since."""
    later = Assessment.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"))
    these = Assessment.objects.filter(Q(pk=source.pk) | Q(applied=source)).exclude(Exists(later))
    decided = Item.objects.exclude(state__in=[State.NEW, State.TO_ASSESS]).exclude(locator=b"")
    resting = resting_on(_judged_on(source.item)).values("pk")
    return decided.filter(Q(pk__in=these.values("item")) | Q(pk__in=resting))


def others_with(source: Assessment) -> Others:
    """What taking back a decision would do, its own item included."""
    states = list(_decided_with(source).values_list("state", flat=True))
    back = sum(state in CALLED_BACK for state in states)
    return Others(back, len(states) - back)


def may_take_back(source: Assessment, by: User) -> bool:
    """A lead may; whoever decided may until somebody outside was told."""
    if not source.stands:
        return False
    told = _decided_with(source).filter(state__in=TOLD).exists()
    return by.may(Permission.REOPEN) or (source.by_id == by.pk and not told)


def take_back(source: Assessment, by: User) -> Others:
    """Undo for all, in one act: the decision, what it was applied to, and what rests on it.

    What was judged no longer counts. The decisions stay written.
    """
    with transaction.atomic():
        others = _decided_with(source)
        numbers = list(others.values_list("pk", flat=True))  # before the judgement is undone
        undo(source.item_id)
        return _call_back(Item.objects.filter(pk__in=numbers), source.item, by)


def _open(item: Item, by: str) -> None:
    move_item(item, Move.REOPEN, by, outcome="", classification="", due_at=clock.now())
