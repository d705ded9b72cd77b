"""Two people at the same button: one decision, and a plain answer to the one who was slower.

In threads, on the database that is under test: on SQLite a file, on PostgreSQL a server.
"""

from functools import partial

import pytest

from conftest import person
from tests.databases import in_threads
from tests.factories import looked
from vigie.cases.deciding.reopening import reopen
from vigie.cases.deciding.services import Decision, assess, conclude
from vigie.cases.models import Assessment, Classification
from vigie.items.flow import Move, Stale, State
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.matching.models import JudgedHash
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.fixture
def item(outside, report_of) -> Item:
    (found,) = report_of("Telegram @chaton_demo")
    looked(found)
    return found


def _moves(verb: Move) -> int:
    return Entry.objects.filter(verb=Verb.ITEM_MOVED, detail__contains=f'"move":"{verb}"').count()


def test_of_eight_who_decide_at_once_one_decides_and_seven_were_slower(item, analyst):
    kinds = [Classification.BASELINE, Classification.NOT_ILLEGAL] * 4
    look = item.looks.get().pk
    jobs = [
        partial(assess, Item.objects.get(pk=item.pk), analyst, Decision(k, look, "as told"))
        for k in kinds
    ]
    ends = in_threads(jobs)
    assert sorted(type(end).__name__ for end in ends) == ["Assessment"] + ["Stale"] * 7
    made = Assessment.objects.get()
    item.refresh_from_db()
    confirmed = made.classification == Classification.BASELINE
    assert item.state == (State.CONFIRMED if confirmed else State.CLOSED)
    assert Entry.objects.filter(verb=Verb.ITEM_ASSESSED).count() == 1
    assert _moves(Move.CONFIRM) + _moves(Move.DISMISS) == 1
    assert not JudgedHash.objects.exists()


def test_of_two_at_the_desk_one_is_told_that_a_colleague_was_quicker(item, desk_client):
    clients = [desk_client(person(role)) for role in (Role.ANALYST, Role.LEAD)]
    form = {"classification": "not_illegal", "look": item.looks.get().pk, "reason": "a cat"}
    path = f"/queue/items/{item.pk}/assess/"
    answers = in_threads([partial(client.post, path, form) for client in clients])
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "act", "move"),
    [(State.CLOSED, reopen, Move.REOPEN), (State.REFERRED, conclude, Move.CONCLUDE)],
)
def test_of_two_leads_one_opens_or_ends_it(item, lead, analyst, state, act, move):
    closing = state == State.CLOSED
    kind = Classification.NOT_ILLEGAL if closing else Classification.BASELINE
    assess(item, analyst, Decision(kind, item.looks.get().pk, "as told"))
    if not closing:
        move_item(item, Move.REFER, "worker")
    jobs = [partial(act, Item.objects.get(pk=item.pk), lead) for _ in range(2)]
    ends = in_threads(jobs)
    assert sorted(type(end).__name__ for end in ends) == ["Item", "Stale"]
    assert _moves(move) == 1


def test_a_decision_and_a_new_look_at_once_leave_one_whole_decision_or_none(item, analyst):
    """Whichever comes first, a half of one is never there."""
    look = item.looks.get().pk
    mine = partial(
        assess, Item.objects.get(pk=item.pk), analyst, Decision("baseline", look, "as told")
    )
    ends = in_threads([mine, partial(looked, Item.objects.get(pk=item.pk))])
    assert not [end for end in ends if isinstance(end, Exception) and not isinstance(end, Stale)]
    item.refresh_from_db()
    decided = item.state == State.CONFIRMED
    assert Assessment.objects.count() == int(decided)
    assert Entry.objects.filter(verb=Verb.ITEM_ASSESSED).count() == int(decided)
