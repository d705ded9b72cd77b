"""The page of what is watched: each referred item, what the last look met, when the next is due."""

import pytest

from conftest import person
from tests.factories import a_confirmed_item
from vigie.dispatch.tests.support import reading_english
from vigie.staff.permissions import Role
from vigie.watch.services import plan_checks
from vigie.watch.tests.support import ANSWERS, PATH, look, looks, referred

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def page(liaison, desk_client):
    client = reading_english(desk_client, liaison)
    return lambda: client.get("/watch/").content.decode()


def row_of(page, item):
    (row,) = [row for row in page.split("<tr>") if f">{item.reference}<" in row]
    return row


def test_nothing_watched_is_said_so(page):
    assert "Nothing is being watched." in page()


@pytest.mark.parametrize(
    ("met", "says"), [("gone", ">gone<"), ("there", ">there<"), ("unclear", ">unclear<")]
)
def test_the_last_look_of_each_item_is_shown(met, says, page, site):
    item = referred(site.url(PATH), pictures=2)
    looks(item, site, f"0 unclear, 6 {met}")
    row = row_of(page(), item)
    assert site.url(PATH) in row
    assert "referred" in row
    assert says in row
    assert "2 of 2 pictures gone" in row
    assert "http_" not in row and "answered" in row


def test_before_the_first_look_there_is_none(page, site):
    item = referred(site.url(PATH))
    assert "–" in row_of(page(), item)
    assert "by a person" in row_of(page(), item)
    plan_checks()
    assert "by a person" not in row_of(page(), item)


def test_what_cannot_be_fetched_is_for_a_person(page, site):
    item = referred("telegram @somebody")
    plan_checks()
    assert "by a person" in row_of(page(), item)


def test_a_removed_item_stays_listed_and_a_confirmed_one_is_not_yet(page, site):
    removed, confirmed = referred(site.url(PATH)), a_confirmed_item(site.url("/p/other"))
    looks(removed, site, "0 gone, 6 gone")
    assert "removed" in row_of(page(), removed)
    assert f">{confirmed.reference}<" not in page()


def test_an_item_that_reappeared_leaves_the_list_until_it_is_referred(page, site):
    item = referred(site.url(PATH))
    looks(item, site, "0 gone, 6 gone, 400 there")
    assert f">{item.reference}<" not in page()


def test_an_address_with_markup_is_shown_as_text(page, site):
    address = site.url("/p/&lt;script&gt;alert(1)&quot;")
    item = referred(address)
    site.pages["/p/&lt;script&gt;alert(1)&quot;"] = ANSWERS["gone"]
    look(item)
    assert "&amp;lt;script&amp;gt;" in row_of(page(), item)


@pytest.mark.parametrize("role", Role)
def test_who_works_on_items_may_read_it(role, desk_client):
    status = desk_client(person(role)).get("/watch/").status_code
    assert status == (200 if role in (Role.ANALYST, Role.LEAD, Role.LIAISON) else 403)
