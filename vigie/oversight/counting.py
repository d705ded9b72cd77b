"""What the manager's page says. Every number comes from an index, or is counted to a bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vigie.campaign.newsletter.models import Delivery, Proof
from vigie.cases.deciding.avoided import Avoided, avoided
from vigie.cases.deciding.opinions import pending
from vigie.cases.models import Assessment, Opinion
from vigie.dispatch.models import Notice, Referral
from vigie.items import errands
from vigie.items.errands import Why
from vigie.items.flow import WAITING, WATCHED, State
from vigie.items.models import Alarm, Errand, Item, Question
from vigie.lib import clock
from vigie.lib.work import Due
from vigie.people import four_eyes
from vigie.people.models import StaffLetter
from vigie.worker.views import FAILED

BOUND = 1000
DECISIONS = 1000
MOST_AGAINST = 20
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Bounded:
    """``more``: there are more than ``n``; how many was not counted."""

    n: int
    more: bool = False


def bounded(rows: QuerySet[Any]) -> Bounded:
    found = rows.order_by()[: BOUND + 1].count()
    return Bounded(min(found, BOUND), found > BOUND)


@dataclass(frozen=True)
class Age:
    words: Promise
    look: Bounded  # waits for the worker's first look
    decision: Bounded  # waits for a person


# From, to: how long ago it was first reported.
AGES: list[tuple[Promise, timedelta | None, timedelta]] = [
    (_("up to a day"), DAY, timedelta(0)),
    (_("one to three days"), 3 * DAY, DAY),
    (_("three to seven days"), 7 * DAY, 3 * DAY),
    (_("more than seven days"), None, 7 * DAY),
]


def ages() -> list[Age]:
    now = clock.now()
    return [
        Age(words, *(_aged(state, now, oldest, newest) for state in (State.NEW, State.TO_ASSESS)))
        for words, oldest, newest in AGES
    ]


def _aged(state: State, now: datetime, oldest: timedelta | None, newest: timedelta) -> Bounded:
    rows = Item.objects.filter(state=state, created_at__lte=now - newest)
    return bounded(rows.filter(created_at__gt=now - oldest) if oldest else rows)


def oldest() -> datetime | None:
    """When the item that has waited longest for a decision was first reported."""
    rows = Item.objects.filter(state=State.TO_ASSESS).order_by("created_at", "id")
    return rows.values_list("created_at", flat=True).first()


@dataclass(frozen=True)
class Line:
    """``page``: the name of the page where something can be done about it, if there is one."""

    words: Promise | str
    count: Bounded
    page: str = ""


def late() -> list[Line]:
    now, step = clock.now(), Referral.Step
    sent = Referral.objects.filter(sent_at__lt=now - 3 * DAY)
    silent = Referral.objects.filter(step=step.ACKNOWLEDGED, sent_at__lt=now - 7 * DAY)
    waiting = Notice.objects.filter(step=Notice.Step.WAITING, created_at__lt=now - DAY)
    hours = settings.ORGANISATION.danger_hours
    soon = gettext("a child may be in danger, undecided after %(hours)s h") % {"hours": hours}
    calls = gettext("danger reported again, the police not called after %(hours)s h")
    others = gettext("hand-overs, not written down after %(hours)s h")
    more = settings.ORGANISATION.hand_over_hours
    found: list[tuple[Promise | str, QuerySet[Any], str]] = [
        (soon, _in_danger(now - hours * HOUR), ""),
        (calls % {"hours": hours}, _errands(Why.DANGER, now - hours * HOUR), "letters"),
        (others % {"hours": more}, _errands(Why.HAND_OVER, now - more * HOUR), "letters"),
        (_("first looks, an hour late"), _due(now - HOUR, State.NEW), "failures"),
        (_("decisions, after three days"), _undecided(now - 3 * DAY), ""),
        (_("second assessments, not given for a day"), _of_two(1, now - DAY), ""),
        (_("two assessments that differ, not settled for a day"), _of_two(2, now - DAY), ""),
        (_("confirmed, not told for an hour"), _untold(now - HOUR), "failures"),
        (_("referrals, not acknowledged after three days"), sent.filter(step=step.SENT), ""),
        (_("removals, not authorised after seven days"), silent.exclude(rule__gate=""), ""),
        (_("notices, waiting for a lead for a day"), waiting, ""),
        (_("notices, no contact known"), Notice.objects.filter(step=Notice.Step.NO_CONTACT), ""),
        (_("checks whether it is still there, a day late"), _due(now - DAY, *WATCHED), "failures"),
        (_("acts, waiting for a second person"), four_eyes.waiting(), "acts"),
    ]
    return [Line(words, bounded(rows), page) for words, rows, page in found]


def errands_waiting() -> list[Line]:
    """What a person has to tell others, late or not."""
    now = clock.now()
    found = (
        (_("Dangers reported again, of which the police are to be told"), Why.DANGER),
        (_("To be handed over to another service"), Why.HAND_OVER),
    )
    return [Line(words, bounded(_errands(why, now)), "letters") for words, why in found]


def _errands(why: Why, before: datetime) -> QuerySet[Errand]:
    return errands.waiting().filter(why=why, at__lte=before)


def _due(before: datetime, *states: State) -> QuerySet[Item]:
    return Item.objects.filter(due_at__lt=before, state__in=[state.value for state in states])


def _in_danger(before: datetime) -> QuerySet[Item]:
    """Whichever state it waits in: for the worker, or for a person."""
    return Item.objects.filter(state__in=WAITING, danger=True, created_at__lt=before)


def _undecided(before: datetime) -> QuerySet[Item]:
    return Item.objects.filter(state=State.TO_ASSESS, created_at__lt=before)


def _of_two(given: int, before: datetime) -> QuerySet[Opinion]:
    """The last of so many assessments, where as many are given of an item and none came since."""
    more = pending().filter(item=OuterRef("item"), place__gt=given)
    return pending().filter(place=given, at__lt=before).exclude(Exists(more))


def _untold(before: datetime) -> QuerySet[Item]:
    return Item.objects.filter(state=State.CONFIRMED, held=False, changed_at__lt=before)


def failed_to_leave() -> list[Line]:
    """What was tried and is still here; it is tried again."""
    kinds: Sequence[tuple[Promise, type[Due]]] = [
        (_("referrals"), Referral),
        (_("notices"), Notice),
        (_("letters to the people on call"), Alarm),
        (_("questions to reporters"), Question),
        (_("letters to colleagues"), StaffLetter),
        (_("letters of the newsletter"), Delivery),
        (_("tests of the newsletter"), Proof),
    ]
    return [Line(words, bounded(_failing(model))) for words, model in kinds]


def _failing(model: type[Due]) -> QuerySet[Any]:
    return model._default_manager.filter(FAILED, due_at__isnull=False)


def against() -> QuerySet[Assessment]:
    """The latest that closed an item over what is known or listed as abuse, and still stand."""
    found = _standing().filter(against__gt=0)
    return found.select_related("item", "by").order_by("-at")[:MOST_AGAINST]


def in_danger() -> QuerySet[Assessment]:
    """The latest that closed what was said to be a child in danger, and still stand."""
    found = _standing().filter(danger=True)
    return found.select_related("item", "by").order_by("-at")[:MOST_AGAINST]


def _standing() -> QuerySet[Assessment]:
    """Of the item's present round: what was opened again since waits in the queue instead."""
    waits = [state.value for state in WAITING]
    of_round = Assessment.objects.filter(taken_back_at=None, round=F("item__round"))
    return of_round.exclude(item__state__in=waits)


@dataclass(frozen=True)
class Spared:
    """Of the last ``decisions``: how many items were confirmed without anybody's look."""

    decisions: int
    of: Avoided


def spared() -> Spared:
    last = list(Assessment.objects.order_by("-pk").values_list("pk", flat=True)[:DECISIONS])
    return Spared(len(last), avoided(Assessment.objects.filter(pk__in=last)))
