"""A case: the items of one site, and what happened to them, in one order.

A case is named by one of its items; an address belongs in no address bar. What has no domain (an
account, a description) is a case of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from vigie.cases.desk.listing import counted_together, number_words
from vigie.cases.desk.trail import whys
from vigie.cases.models import CONFIRMING, Classification
from vigie.items.flow import State
from vigie.items.models import STATE_WORDS, Item, Mention
from vigie.items.selectors import visible_to
from vigie.journal.models import Entry
from vigie.journal.selectors import Read, not_for_a_second, readable
from vigie.journal.verbs import Verb
from vigie.lib.prepared import Blank, Prepared
from vigie.staff.models import User

MOST_ITEMS, MOST_REPORTS = 500, 2_000
PAGE = 50
DISMISSED = frozenset(set(Classification) - CONFIRMING)
# What is told of an item: not every look of the worker, nor who read it.
OF_ITEMS = (
    *(Verb.ITEM_MOVED, Verb.ITEM_ASSESSED, Verb.ITEM_RECOGNISED, Verb.JUDGEMENT_UNDONE),
    *(Verb.DECISION_TAKEN_BACK, Verb.LETTER_DROPPED),
    *(Verb.WITHDRAWAL_PLANNED, Verb.WITHDRAWAL_SENT),
    *(Verb.ITEM_HELD, Verb.ITEM_RELEASED, Verb.HOLD_PLACED, Verb.HOLD_LIFTED, Verb.NOTE_WRITTEN),
    *(Verb.OPINION_GIVEN, Verb.OPINIONS_SET_ASIDE, Verb.ITEM_TAKEN),
    *(Verb.REFERRAL_PLANNED, Verb.REFERRAL_SENT, Verb.REFERRAL_ACKNOWLEDGED),
    *(Verb.REFERRAL_AUTHORISED, Verb.REFERRAL_REFUSED, Verb.HOST_CONTACTED),
    *(Verb.AUTHORISATION_TAKEN_BACK, Verb.REFERENCE_CORRECTED),
    *(Verb.NOTICE_PLANNED, Verb.NOTICE_APPROVED, Verb.NOTICE_SENT, Verb.CONTACT_NAMED),
)
OF_REPORTS = (
    *(Verb.REPORT_OPENED, Verb.REPORT_ADDED_TO, Verb.DANGER_REPORTED, Verb.ON_CALL_TOLD),
    *(Verb.QUESTION_ASKED, Verb.QUESTION_ANSWERED),
)


@dataclass(frozen=True)
class Case:
    """``counts``: of the whole site, by state. ``items``: no more than `MOST_ITEMS` of it."""

    items: Sequence[Item]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def more(self) -> bool:
        return self.total > len(self.items)

    @property
    def states(self) -> list[tuple[State, str, int]]:
        found = self.counts
        return [(s, str(STATE_WORDS[s]), found[s]) for s in State if s in found]


@dataclass(frozen=True)
class Line:
    """``items``: which of the case it is about. ``why``: as of `trail.Step`."""

    read: Read
    items: Sequence[Item]
    why: str


@dataclass(frozen=True)
class History:
    """Of a site, what this person may see: each is a number, or "1000+". ``dismissed``: decided by
    a person: not for us. ``since``: None where there are too many to look for the first."""

    items: str
    confirmed: str
    removed: str
    dismissed: str
    since: datetime | None


def history_of(item: Item, user: User) -> History | None:
    """None for what has no domain, and for the only place of its site.

    What was decided is counted by itself: who reports thousands of places does not hide it.
    """
    if item.domain_hash is None:
        return None
    domain = bytes(item.domain_hash)
    (counted,) = _of_site(user.role)(by=user.pk, domain=domain)
    if counted[0] == 1:
        return None
    found = [number_words(number) for number in counted]
    first = _first(user.role).first(domain=domain) if found[0].isdigit() else None
    return History(found[0], found[1], found[2], found[3], first)


@cache
def _first(role: str) -> Prepared[datetime]:
    items = visible_to(User(role=role))
    return Prepared(
        lambda domain: (
            items.filter(domain_hash=domain)
            .order_by("created_at")
            .values_list("created_at", flat=True)[:1]
        )
    )


@cache
def _of_site(role: str) -> Prepared[tuple[int, ...]]:
    items = visible_to(User(role=role))

    def parts(by: Blank, domain: Blank) -> QuerySet[User, Any]:
        of_site = items.filter(domain_hash=domain)
        confirmed, decided = of_site.exclude(classification=""), of_site.exclude(outcome="")
        removed = confirmed.filter(state=State.REMOVED)
        dismissed = decided.filter(outcome__in=DISMISSED)
        return counted_together(by, [of_site.order_by("rank"), confirmed, removed, dismissed])

    return Prepared(parts)


def case_of(item: Item, user: User) -> Case:
    """The items of its site that this person may see: itself and what was decided before the rest,
    then the newest first."""
    one = Q(pk=item.pk)
    of_site = visible_to(user).filter(
        one if item.domain_hash is None else Q(domain_hash=item.domain_hash)
    )
    undecided = ~one & Q(classification="", outcome="")
    counts = dict(of_site.values_list("state").annotate(Count("pk")).order_by())
    found = of_site.defer("locator").alias(later=undecided).order_by("later", "-pk")
    items: list[Item] = sorted(found[:MOST_ITEMS], key=lambda one: one.pk, reverse=True)
    return Case(items, counts)


def timeline(case: Case, user: User, before: int | None) -> tuple[list[Line], int | None]:
    """A page of what happened, the last first; and where the next page begins, if there is one.
    Of an item that this person may be the second to assess, it tells nothing of what was decided.

    ``before``: lines of the journal with a smaller number.
    """
    about = _subjects(case)
    lines = Entry.objects.filter(subject__in=list(about), verb__in=[*OF_ITEMS, *OF_REPORTS])
    lines = lines.exclude(not_for_a_second(user))
    if before:
        lines = lines.filter(seq__lt=before)
    # By a sum: a database that walks the whole journal backwards for fifty lines is no help.
    found = list(lines.order_by((F("seq") + 0).desc())[: PAGE + 1])
    reads = readable(found[:PAGE])
    why = whys(reads)
    page = [Line(read, about[read.subject], why.get(read.seq, "")) for read in reads]
    return page, page[-1].read.seq if len(found) > PAGE else None


def _subjects(case: Case) -> dict[str, list[Item]]:
    """By subject of the journal: the items that a line with it is about."""
    found = {item.subject: [item] for item in case.items}
    by_pk = {item.pk: item for item in case.items}
    mentions = Mention.objects.filter(item__in=case.items).order_by("-report")
    for report, item in mentions.values_list("report", "item")[:MOST_REPORTS]:
        found.setdefault(f"report:{report}", []).append(by_pk[item])
    return found
