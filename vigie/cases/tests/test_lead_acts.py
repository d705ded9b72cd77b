"""What a lead alone may do: take up a closed item again, and end what was left to others."""

import pytest

from tests.factories import looked
from vigie.cases.deciding.reopening import reopen
from vigie.cases.deciding.services import Decision, assess, conclude
from vigie.cases.models import Classification
from vigie.items.flow import IllegalMove, Move, State
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.lib import clock

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def item(outside, report_of) -> Item:
    (found,) = report_of("http://galerie.nord.test/a/lead")
    looked(found)
    return found


def _decide(item: Item, by, kind: Classification) -> None:
    assess(item, by, Decision(kind, item.looks.get().pk, reason="by its words"))


def test_a_closed_item_is_taken_up_again_and_the_earlier_decision_stays(item, analyst, lead):
    _decide(item, analyst, Classification.NOT_ILLEGAL)
    reopen(item, lead)
    assert (item.state, item.outcome) == (State.TO_ASSESS, "")
    assert item.due_at <= clock.now(), "the worker looks again meanwhile"
    assert item.assessments.get().classification == "not_illegal"
    _decide(item, analyst, Classification.BASELINE)
    assert item.assessments.count() == 2
    assert item.state == State.CONFIRMED


def test_what_was_referred_can_be_ended_as_left_to_others(item, analyst, lead):
    _decide(item, analyst, Classification.BASELINE)
    with pytest.raises(IllegalMove):
        conclude(item, lead)
    move_item(item, Move.REFER, "worker")
    conclude(item, lead)
    assert (item.state, item.outcome) == (State.CLOSED, "left_to_others")
    assert item.classification == "baseline", "what it was found to be is not forgotten"


@pytest.mark.parametrize("act", ["reopen", "conclude"])
def test_an_act_the_road_does_not_have_is_a_conflict_and_changes_nothing(
    item, desk_client, lead, act
):
    answer = desk_client(lead).post(f"/queue/items/{item.pk}/{act}/")
    assert answer.status_code == 409
    item.refresh_from_db()
    assert item.state == State.TO_ASSESS


@pytest.mark.parametrize("act", ["reopen", "conclude"])
def test_an_analyst_is_refused_and_nothing_changes(item, desk_client, analyst, act):
    _decide(item, analyst, Classification.NOT_ILLEGAL)
    assert desk_client(analyst).post(f"/queue/items/{item.pk}/{act}/").status_code == 403
    item.refresh_from_db()
    assert item.state == State.CLOSED


def test_a_page_shown_before_a_colleague_acted_is_stale_and_says_so(item, desk_client, lead):
    """The form still stands on somebody's screen; the item has gone on."""
    client, form = desk_client(lead), {"look": item.looks.get().pk}
    _decide(Item.objects.get(pk=item.pk), lead, Classification.NOT_ILLEGAL)
    path = f"/queue/items/{item.pk}/assess/"
    answer = client.post(path, {**form, "classification": "baseline"})
    assert answer.status_code == 409
    assert item.assessments.count() == 1


def test_a_look_asked_for_by_a_person_is_due_at_once(item, desk_client, analyst):
    Item.objects.filter(pk=item.pk).update(due_at=None)
    assert desk_client(analyst).post(f"/queue/items/{item.pk}/again/").status_code == 302
    item.refresh_from_db()
    assert item.due_at <= clock.now()
