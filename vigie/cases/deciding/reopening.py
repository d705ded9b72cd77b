"""A decision is taken back: what was judged there no longer stands, here and elsewhere.

A lead opens a closed item again, or takes a decision back with all that was decided with it.
Whoever decided may do the same until somebody outside was told. That others were told is for
`vigie.dispatch` to see: it asks which decisions were taken back, and tells them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from vigie.cases.deciding import undo
from vigie.cases.models import CONFIRMING, AssessedPicture, Assessment
from vigie.items import errands
from vigie.items.flow import IllegalMove, Move, Stale, State, target
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.words import in_words
from vigie.matching import services as matching
from vigie.matching.lists.writing import hold_still
from vigie.matching.models import JudgedHash
from vigie.staff.models import User
from vigie.staff.permissions import Permission

# Of these the round that others were told of ends, and a new one begins.
TOLD = frozenset({State.REFERRED, State.AUTHORISED, State.NOTIFIED})
# A lead takes back what is on its way, too: it is not sent, or whoever got it is told.
CALLED_BACK = TOLD | {State.CLOSED, State.CONFIRMED}


class WhyNeeded(Exception):
    """It is no slip of their own that this person corrects: they say why."""


@dataclass(frozen=True)
class Others:
    """Items that rest on a judgement. ``staying``: removed, or not for this person to open.

    ``told``: of those that go back, others outside know of so many.
    """

    back: int
    staying: int
    told: int = 0


def others_of(item: Item) -> Others:
    """What opening this item again would do to others."""
    return _counted(resting_on(_judged_on(item)), CALLED_BACK)


def _counted(items: QuerySet[Item], opens: frozenset[State]) -> Others:
    states = [State(state) for state in items.values_list("state", flat=True)]
    back = [state for state in states if state in opens]
    return Others(len(back), len(states) - len(back), sum(state in TOLD for state in back))


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
    target(Move.REOPEN, State(item.state))
    with transaction.atomic():
        undone = matching.undo(item.pk)
        rest = resting_on(JudgedHash.objects.filter(pk__in=undone)).exclude(pk=item.pk)
        append(Verb.DECISION_TAKEN_BACK, item.subject, by.actor)
        _open(item, by)
        _call_back(list(_held(rest)), item, by)
    return item


def _held(items: QuerySet[Item]) -> QuerySet[Item]:
    """In one order, and nobody moves one of them meanwhile."""
    return items.select_for_update(no_key=True).order_by("pk")


def _call_back(found: list[Item], because_of: Item, by: User, why: str = "") -> Others:
    """Open these again; where that is not possible any more, their trail says so."""
    back = told = 0
    for other in found:
        opened = other.state in _opens(by)
        own = other.pk == because_of.pk
        verb = Verb.DECISION_TAKEN_BACK if own else Verb.JUDGEMENT_UNDONE
        last = other.assessments.values_list("pk", flat=True).first()
        told_of = {"item": because_of.pk, "opened": opened, "taken_back": last}
        append(verb, other.subject, by.actor, **told_of)
        told += opened and other.state in TOLD
        if opened:
            _open(other, by, why)
        back += opened
    return Others(back, len(found) - back, told)


def _opens(by: User) -> frozenset[State]:
    """From which states this person opens an item again."""
    return CALLED_BACK if by.may(Permission.REOPEN) else CALLED_BACK - TOLD


def _decided_with(source: Assessment) -> QuerySet[Item]:
    """The item of a decision and those it was applied to, where nobody decided otherwise since."""
    later = Assessment.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"))
    these = Assessment.objects.filter(Q(pk=source.pk) | Q(applied=source)).exclude(Exists(later))
    decided = Item.objects.exclude(state__in=[State.NEW, State.TO_ASSESS]).exclude(locator=b"")
    resting = resting_on(_judged_on(source.item)).values("pk")
    return decided.filter(Q(pk__in=these.values("item")) | Q(pk__in=resting))


def others_with(source: Assessment, by: User) -> Others:
    """What taking back a decision would do, its own item included."""
    return _counted(_decided_with(source), _opens(by))


@dataclass(frozen=True)
class WayBack:
    """``until``: nobody outside is told before. ``may``: this person can take it back now.
    ``slip``: as its author, who need not say why."""

    source: Assessment
    until: datetime | None
    may: bool
    slip: bool
    others: Others


def way_back(item: Item, by: User) -> WayBack | None:
    """How a decision can be taken back; None where there is nothing to say of it. (What is closed a
    lead opens again, with a reason.)"""
    states = CALLED_BACK - ({State.CLOSED} if by.may(Permission.REOPEN) else set())
    if item.state not in states or item.is_erased:
        return None
    source = item.assessments.select_related("item", "by").first()
    if source is None or not source.stands:
        return None
    found = way_back_of(source, by)
    return found if found.may or found.until else None


def way_back_of(source: Assessment, by: User) -> WayBack:
    may = may_take_back(source, by)
    others = others_with(source, by) if may else Others(0, 0)
    return WayBack(source, undo.until(source), may, may and own_slip(source, by), others)


def may_take_back(source: Assessment, by: User) -> bool:
    """A lead may, and says why; so may whoever corrects their own slip."""
    return source.stands and (by.may(Permission.REOPEN) or own_slip(source, by))


def own_slip(source: Assessment, by: User) -> bool:
    """Whoever decided may until somebody outside was told, or is about to be."""
    if source.by_id != by.pk:
        return False
    confirmed = source.kind in CONFIRMING
    going = confirmed and not (source.item.state == State.CONFIRMED and undo.until(source))
    return not going and not _decided_with(source).filter(state__in=TOLD).exists()


def take_back(source: Assessment, by: User, why: str = "") -> Others:
    """Undo for all, in one act: the decision, what it was applied to, and what rests on it.

    What was judged no longer counts. The decisions stay written, and say that they were taken
    back. `Stale`, and nothing is written, where it no longer stands or is too late by now: of two
    who press at once, or of somebody and the worker who tells others, one is first. `WhyNeeded`
    where ``why`` is needed and says nothing.
    """
    with transaction.atomic():
        hold_still()  # nobody decides alike meanwhile
        found = list(_held(Item.objects.filter(pk__in=_decided_with(source).values("pk"))))
        now = Assessment.objects.select_related("item").get(pk=source.pk)
        if not may_take_back(now, by):
            raise Stale(source.item.reference)
        if not in_words(why) and not own_slip(now, by):
            raise WhyNeeded(source.item.reference)
        matching.undo(source.item_id)
        return _call_back(found, source.item, by, why)


def _open(item: Item, by: User, why: str = "") -> None:
    """To be assessed anew; every decision that it had stands no more."""
    Assessment.objects.filter(item=item, taken_back_at=None).update(
        taken_back_at=clock.now(), taken_back_by=by, taken_back_why=why
    )
    errands.take_back(item, by.actor)
    blank = {"outcome": "", "classification": ""}
    if item.state == State.CONFIRMED:
        move_item(item, Move.TAKE_BACK, by.actor, due_at=None, **blank)
        return
    if item.state in TOLD:
        move_item(item, Move.CONCLUDE, by.actor)
    move_item(item, Move.REOPEN, by.actor, due_at=clock.now(), **blank)
