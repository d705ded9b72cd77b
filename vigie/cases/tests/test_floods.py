"""A flood is one line of the queue: it hides neither a place of its own nor a danger."""

import re
import uuid

import pytest

from vigie.cases.desk.listing import PAGE
from vigie.intake.models import Letter
from vigie.intake.services import NewReport, receive
from vigie.items.alarms import DANGERS_OF_A_FLOOD
from vigie.items.models import Item
from vigie.items.ranking import FIRST_IN_DANGER
from vigie.items.services import open_letter
from vigie.journal.models import Entry

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
FLOOD = uuid.UUID(int=78)
MANY = 120  # several pages
DANGERS = DANGERS_OF_A_FLOOD + 2
LEFT = MANY - DANGERS_OF_A_FLOOD  # in the line of the flood


@pytest.fixture
def page(analyst, desk_client):
    analyst.language = "en"
    analyst.save()
    client = desk_client(analyst)
    return lambda query="": client.get(f"/queue/?state=new{query}").content.decode()


@pytest.fixture
def flooded() -> None:
    for number in range(MANY):
        receive(NewReport(where=f"http://n{number}.flood.test/", danger=number < DANGERS), FLOOD)
    receive(NewReport(where="http://citizen.test/"))
    for letter in Letter.objects.all():
        open_letter(letter)


def first_of_it() -> Item:
    return Item.objects.filter(flood=FLOOD).earliest("pk")


def places(page: str) -> list[str]:
    return re.findall(r'<span dir="ltr">([^<]+)</span>', page)


def test_the_queue_shows_the_citizen_and_one_line(page, flooded):
    said = page()
    assert len(places(said)) == DANGERS_OF_A_FLOOD + 1
    assert places(said)[-1] == "http://citizen.test/"
    assert f"A flood: {LEFT} places" in said and "in 2 a child may be in danger" in said


def test_every_place_of_it_can_be_reached_the_dangers_first(page, flooded):
    seen, query = [], f"&flood={FLOOD}"
    while query:
        said = page(query)
        seen += places(said)
        more = re.search(r'href="\?state=new&amp;(flood[^"]+&amp;after=[^"]+)"', said)
        query = "&" + more[1].replace("&amp;", "&") if more else ""
    assert set(seen[:2]) < {f"http://n{n}.flood.test/" for n in range(DANGERS)}
    assert len(set(seen)) == LEFT
    alone = set(places(page())) - {"http://citizen.test/"}
    assert set(seen) | alone == {f"http://n{n}.flood.test/" for n in range(MANY)}
    pages = -(-LEFT // PAGE)
    assert Entry.objects.filter(verb="items.listed", detail__contains=str(FLOOD)).count() == pages


def test_what_somebody_else_reports_is_a_line_of_its_own(page, flooded):
    receive(NewReport(where="http://n33.flood.test/"))
    open_letter(Letter.objects.get())
    said = page()
    assert {"http://citizen.test/", "http://n33.flood.test/"} < set(places(said))
    assert f"A flood: {LEFT - 1} places" in said


def test_an_item_that_goes_on_its_road_is_listed_with_the_others(page, flooded):
    Item.objects.filter(locator_hash=first_of_it().locator_hash).update(state="confirmed")
    assert len(places(page("&state=confirmed"))) == 1


def test_one_report_of_many_places_in_danger_leaves_room_for_the_next(page):
    many = "\n".join(f"http://n{number}.test/" for number in range(60))
    for where in (many, "http://citizen.test/"):
        receive(NewReport(where=where, danger=True))
    for letter in Letter.objects.order_by("pk"):
        open_letter(letter)
    urgent = places(page())[: FIRST_IN_DANGER + 1]
    assert "http://citizen.test/" in urgent


def test_a_number_that_is_none_is_not_found(analyst, desk_client):
    client = desk_client(analyst)
    assert client.get("/queue/?flood=x").status_code == 404
    assert client.get(f"/queue/?flood={uuid.UUID(int=1)}").status_code == 200
