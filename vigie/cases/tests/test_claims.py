"""Two people never work on one item unknowingly."""

import json
from datetime import timedelta
from functools import partial

import pytest
import time_machine

from conftest import person
from tests.databases import in_threads
from tests.factories import an_analyst, looked
from vigie.cases import claims
from vigie.cases.models import Assessment, Claim, View
from vigie.cases.welfare import exposure
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.sandbox.pictures import picture
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def item(outside, report_of) -> Item:
    (found,) = report_of("Telegram @chaton_demo")
    looked(found)
    return found


def _page(item: Item) -> str:
    return f"/queue/items/{item.pk}/"


def _form(item: Item) -> dict[str, object]:
    return {"classification": "not_illegal", "look": item.looks.get().pk, "reason": "a cat"}


def test_who_opens_second_is_told_and_the_queue_says_whose_it_is(item, desk_client, analyst, lead):
    first, other = desk_client(analyst), desk_client(lead)
    first.get(_page(item))
    assert "take/" in other.get(_page(item)).content.decode()
    assert analyst.name in other.get("/queue/").content.decode()
    assert Claim.objects.get().by == analyst
    assert "take/" not in first.get(_page(item)).content.decode()


def test_a_decision_against_a_colleagues_claim_is_not_written_and_not_lost(
    item, desk_client, analyst, lead
):
    late = desk_client(lead)
    late.get(_page(item))
    with time_machine.travel(clock.now() + claims.LEASE + timedelta(seconds=1)):
        desk_client(analyst).get(_page(item))
        answer = late.post(_page(item) + "assess/", _form(item))
        assert answer.status_code == 409
        assert "a cat" in answer.content.decode()
        assert not Assessment.objects.exists()
        late.post(_page(item) + "take/")
        assert late.post(_page(item) + "assess/", _form(item)).status_code == 302
    assert not Claim.objects.exists()
    (line,) = Entry.objects.filter(verb=Verb.ITEM_TAKEN)
    assert (line.actor, json.loads(line.detail)) == (lead.actor, {"held_by": analyst.actor})


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEAD])
def test_a_picture_of_what_a_colleague_has_is_looked_at_once_it_is_taken_over(
    outside, report_of, desk_client, role
):
    """A look that can lead to no decision is spared; nothing of it is fetched, counted or kept."""
    outside.site.album("/in-hand", picture("cat", "jpg"))
    (item,) = report_of(outside.site.url("/in-hand"))
    looked(item)
    path = f"{_page(item)}pictures/{item.looks.get().media.get().pk}/"
    colleague, late = desk_client(an_analyst()), desk_client(person(role))
    User.objects.update(language="en")
    late.get(_page(item))
    with time_machine.travel(clock.now() + claims.LEASE + timedelta(seconds=1)):
        colleague.get(_page(item))
        asked = len(outside.site.asked)
        answer = late.post(path, {"own_why": "a detail has to be checked"})
        assert (answer.status_code, answer["X-Why"]) == (204, "in_hand")
        assert len(outside.site.asked) == asked and not View.objects.exists()
        assert "take it over first: key T" in late.get(_page(item)).content.decode()
        assert colleague.post(path).status_code == 200
        late.post(_page(item) + "take/")
        assert late.post(path).status_code == 200
        assert colleague.post(path)["X-Why"] == "in_hand"


def test_a_lease_that_ended_is_nobodys(item, analyst, lead):
    claims.claim(item, analyst)
    with time_machine.travel(clock.now() + claims.LEASE + timedelta(seconds=1)):
        claims.in_hand(item, lead)
        assert claims.claim(item, lead).by == lead
        with pytest.raises(claims.InOtherHands):
            claims.in_hand(item, analyst)


def test_who_rests_leaves_everything_to_colleagues(item, analyst, lead):
    claims.claim(item, analyst)
    exposure.rest_today(analyst, True)
    assert claims.claim(item, lead).by == lead


def test_taking_over_what_nobody_has_is_taking_it_up(item, lead):
    claims.take_over(item, lead)
    assert Claim.objects.get().by == lead
    assert not Entry.objects.filter(verb=Verb.ITEM_TAKEN).exists()


def test_put_back_it_is_free_at_once_and_whoever_did_so_is_back_where_they_came_from(
    item, desk_client, analyst, lead
):
    reader = desk_client(lead)
    page = reader.get(_page(item) + "?back=kind%3Daccount").content.decode()
    assert f'action="{_page(item)}put-back/"' in page and 'aria-keyshortcuts="Q"' in page
    answer = reader.post(_page(item) + "put-back/", {"back": "kind=account"})
    assert answer["Location"] == "/queue/?state=to_assess&kind=account"
    assert not Claim.objects.exists()
    assert lead.name not in desk_client(analyst).get("/queue/").content.decode()
    (line,) = Entry.objects.filter(verb=Verb.ITEM_PUT_BACK)
    assert (line.actor, line.subject) == (lead.actor, item.subject)


def test_nobody_puts_back_what_a_colleague_has(item, desk_client, analyst, lead):
    claims.claim(item, analyst)
    other = desk_client(lead)
    assert "put-back/" not in other.get(_page(item)).content.decode()
    assert other.post(_page(item) + "put-back/")["Location"] == "/queue/"
    assert Claim.objects.get().by == analyst
    assert not Entry.objects.filter(verb=Verb.ITEM_PUT_BACK).exists()


def test_who_only_reads_takes_nothing_in_hand(item, desk_client, liaison):
    desk_client(liaison).get(_page(item))
    assert not Claim.objects.exists()


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_eight_who_open_it_at_once_one_has_it(item):
    people = [person(Role.ANALYST)]
    for number in range(7):
        people.append(type(people[0]).objects.add(f"analyst {number}", "x" * 12, Role.ANALYST))
    held = in_threads([partial(claims.claim, item, who) for who in people])
    assert len({one.by_id for one in held}) == 1
