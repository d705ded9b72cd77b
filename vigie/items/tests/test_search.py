"""Searching over keyed hashes: by reference, exact address and domain, page by page."""

import re
from datetime import timedelta

import pytest
import time_machine

from conftest import person
from tests.factories import a_confirmed_item, an_item
from vigie.cases.desk.listing import PAGE
from vigie.dispatch.tests.support import reading_english
from vigie.items import keys
from vigie.items.models import Item
from vigie.items.selectors import matching, visible_to
from vigie.lib import clock
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
SITE = "http://galerie.nord.test"


@pytest.fixture
def places() -> list[Item]:
    named = [f"{SITE}/a/one", f"{SITE}/a/two", "http://images.nord.test/x", "Telegram @somebody"]
    return [an_item(where) for where in named]


def found(text: str) -> list[str]:
    return [keys.opened(item.locator) for item in matching(Item.objects.order_by("pk"), text)]


def test_an_exact_address_is_found_and_nothing_else_of_its_site(places):
    assert found(f"{SITE}/a/one") == [f"{SITE}/a/one"]


@pytest.mark.parametrize(
    "typed",
    [
        " http://GALERIE.nord.test/a/one ",
        "hxxp://galerie[.]nord[.]test/a/one",
        f"{SITE}:80/a/one#x",
    ],
)
def test_an_address_is_found_however_it_is_typed(typed, places):
    assert found(typed) == [f"{SITE}/a/one"]


def test_an_address_that_nobody_reported_shows_the_rest_of_its_domain(places):
    """Hosts of one registered domain belong together; what is under another is not found."""
    an_item("http://beeld.polder.test/a/one")
    rest = [f"{SITE}/a/one", f"{SITE}/a/two", "http://images.nord.test/x"]
    assert found(f"{SITE}/not/reported") == rest
    assert found("nord.test") == rest
    assert found("http://nord.test/") == rest


def test_an_account_is_found_by_its_name(places):
    assert found("Telegram @somebody") == [keys.opened(places[3].locator)]
    assert found("Telegram @nobody_else") == []


def test_what_is_stored_to_search_by_is_no_plain_hash_and_no_text(places):
    stored = bytes(places[0].locator_hash) + bytes(places[0].domain_hash)
    assert b"nord" not in stored
    assert places[0].domain_hash == places[2].domain_hash != places[0].locator_hash


@pytest.mark.parametrize("text", ["I-{}", "i-{}", " I-{} "])
def test_a_reference_is_found(text, places):
    assert list(matching(Item.objects.all(), text.format(places[1].pk))) == [places[1]]


@pytest.mark.parametrize("text", ["I-²", "I-٣", "I-", "I--1", "I-" + "9" * 40, "", "   ", "\x00"])
def test_what_is_no_reference_and_no_place_finds_nothing(text, places):
    assert found(text) == []


def test_a_search_finds_only_what_one_may_see(places, liaison):
    confirmed = a_confirmed_item("http://galerie.nord.test/a/confirmed")
    assert list(matching(visible_to(liaison), "nord.test")) == [confirmed]
    assert not matching(visible_to(person(Role.MANAGER)), "nord.test").exists()


def test_a_domain_with_more_than_a_page_has_a_next_page(desk_client, analyst):
    for number in range(PAGE + 3):
        an_item(f"{SITE}/many/{number}")
    client = reading_english(desk_client, analyst)
    asked = client.post("/queue/search/", {"q": "nord.test"})
    assert "nord" not in asked["Location"]
    first = client.get(asked["Location"]).content.decode()
    assert first.count("/queue/items/") == PAGE
    last = Item.objects.order_by("rank", "pk")[PAGE - 1]
    assert f"&amp;after={last.rank}.{last.pk}" in first
    assert re.search(r'name="q"[^>]* value="nord.test"', first)
    second = client.get(f"{asked['Location']}&after={last.rank}.{last.pk}").content.decode()
    assert second.count("/queue/items/") == 3
    assert "&amp;after=" not in second.partition("<main")[2].partition("<dialog")[0]


@pytest.mark.parametrize("after", ["²", "-1", "x", "7", "1.²", "1.2.3", "9" * 19 + ".1"])
def test_a_next_page_that_is_no_number_is_404(after, desk_client, analyst):
    client = desk_client(analyst)
    found = client.post("/queue/search/", {"q": "nord.test"})["Location"]
    assert client.get(f"{found}&after={after}").status_code == 404
    assert client.get("/queue/", {"after": after}).status_code == 404


def test_the_desk_says_when_the_address_itself_was_not_reported(places, desk_client, analyst):
    client, said = reading_english(desk_client, analyst), "This address itself was not reported"
    for typed, nearby in (
        (f"{SITE}/not/reported", True),
        (f"{SITE}/a/one", False),
        ("nobody.test", False),
        (f"I-{places[0].pk}", False),
    ):
        page = client.post("/queue/search/", {"q": typed}, follow=True).content.decode()
        assert (said in page) is nearby, typed


def test_what_was_sought_comes_back_for_that_person_alone_and_not_for_ever(
    places, desk_client, analyst, lead
):
    client = desk_client(analyst)
    found = client.post("/queue/search/", {"q": f"{SITE}/a/one"})["Location"]
    assert f"I-{places[0].pk}" in client.get(found).content.decode()
    assert desk_client(lead).get(found)["Location"] == "/queue/"
    assert client.get("/queue/search/")["Location"] == "/queue/"
    with time_machine.travel(clock.now() + timedelta(days=1)):
        client.force_login(analyst)
        assert client.get(found)["Location"] == "/queue/"
