"""A page that opens many addresses at once leaves one line that says how many."""

import json

import pytest

from tests.factories import a_confirmed_item, an_item
from vigie.dispatch.models import Referral
from vigie.dispatch.services import plan_referrals
from vigie.items.flow import Move
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb

pytestmark = pytest.mark.django_db(databases="__all__")
SITE = "http://galerie.nord.test/a"


def lines(verb: Verb) -> list[Entry]:
    return list(Entry.objects.filter(verb=verb).order_by("seq"))


def told() -> list[tuple[str, dict[str, object]]]:
    return [(line.actor, json.loads(line.detail)) for line in lines(Verb.ITEMS_LISTED)]


@pytest.fixture
def referred(policy):
    item = a_confirmed_item(f"{SITE}/referred")
    plan_referrals()
    return move_item(item, Move.REFER, "worker")


@pytest.mark.parametrize(("state", "count"), [("new", 3), ("to_assess", 0), ("referred", 1)])
def test_a_page_of_the_queue(state, count, referred, desk_client, analyst):
    for number in range(3):
        an_item(f"{SITE}/{number}")
    assert desk_client(analyst).get("/queue/", {"state": state}).status_code == 200
    detail = {"page": "queue", "state": state, "count": count}
    assert told() == [(analyst.actor, detail)]


@pytest.mark.parametrize("page", ["letters", "watch"])
def test_the_letters_and_the_watch(page, referred, desk_client, liaison):
    assert desk_client(liaison).get(f"/{page}/").status_code == 200
    assert told() == [(liaison.actor, {"page": page, "count": 1})]


def test_a_referral_shows_an_items_address_and_is_a_page_opened(referred, desk_client, liaison):
    pk = Referral.objects.get().pk
    assert desk_client(liaison).get(f"/letters/referrals/{pk}/").status_code == 200
    (line,) = lines(Verb.ITEM_OPENED)
    assert (line.actor, line.subject) == (liaison.actor, referred.subject)
    assert json.loads(line.detail) == {"referral": pk}


def test_no_line_holds_an_address(referred, desk_client, liaison):
    client = desk_client(liaison)
    for page in ("/queue/?state=referred", "/letters/", "/watch/"):
        client.get(page)
    assert len(told()) == 3
    assert not Entry.objects.filter(detail__contains="nord").exists()


@pytest.mark.parametrize("page", ["/queue/?state=nothing", "/queue/?after=x"])
def test_a_page_that_was_not_shown_leaves_no_line(page, desk_client, analyst):
    assert desk_client(analyst).get(page).status_code == 404
    assert told() == []


def test_who_is_refused_leaves_no_line(desk_client, manager):
    client = desk_client(manager)
    for page in ("/queue/", "/letters/", "/watch/"):
        assert client.get(page).status_code == 403
    assert told() == []
