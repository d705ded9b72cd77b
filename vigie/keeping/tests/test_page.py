"""The desk's page of retention, and every page after something was erased."""

import pytest
from django.template.loader import render_to_string

from tests.factories import a_look, an_item, decided, hosted
from vigie.cases.models import Classification
from vigie.items.models import Item
from vigie.keeping.erasing import erase_due
from vigie.keeping.holds import place_hold
from vigie.keeping.models import Hold
from vigie.staff.models import User

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def item(retention) -> Item:
    found = an_item("https://secret.test/place", comment="mine")
    look = a_look(found, ["https://secret.test/1.jpg"])
    hosted(look, "BE", abuse_contact="abuse@host.test")
    decided(found, look, Classification.NOT_ILLEGAL)
    found.refresh_from_db()
    return found


def test_the_page_says_what_is_due_and_what_has_gone(item, later, manager, desk_client):
    later(200)
    client = desk_client(manager)
    page = client.get("/retention/").content.decode()
    assert "demonstration 1" in page and "180" in page and "secret.test" not in page
    assert page.count(">1</td>") == 1, "the words are due, and nothing else"
    erase_due()
    page = client.get("/retention/").content.decode()
    assert page.count(">1</td>") == 0
    assert page.count(">1 <span") == 1


def test_a_lead_holds_and_lifts_by_the_page(item, lead, desk_client):
    client = desk_client(lead)
    prefilled = client.get(f"/retention/?thing={item.reference}").content.decode()
    assert f'value="{item.reference}"' in prefilled
    sent = {"thing": item.reference, "reason": "A court asked."}
    assert client.post("/retention/hold/", sent).status_code == 302
    assert client.post("/retention/hold/", sent).status_code == 409
    for bad in ({**sent, "thing": "I-999"}, {**sent, "reason": " "}, {**sent, "reason": "."}, {}):
        assert client.post("/retention/hold/", bad).status_code == 422
    hold = Hold.objects.get()
    page = client.get("/retention/").content.decode()
    assert "A court asked." in page and item.reference in page
    assert client.post(f"/retention/hold/{hold.pk}/lift/").status_code == 302
    assert client.post(f"/retention/hold/{hold.pk}/lift/").status_code == 302
    assert "A court asked." not in client.get("/retention/").content.decode()


def test_the_clock_is_confirmed_by_a_person_on_the_page(item, later, lead, desk_client):
    client = desk_client(lead)
    button = 'action="/retention/clock/"'
    assert button not in client.get("/retention/").content.decode()
    later(500, confirmed=False)
    client.force_login(lead)
    assert button in client.get("/retention/").content.decode()
    assert client.post("/retention/clock/").status_code == 302
    assert button not in client.get("/retention/").content.decode()
    assert erase_due() > 0


def test_every_page_of_an_erased_item_still_opens_and_tells_nothing(
    item, later, lead, analyst, desk_client
):
    later(4000)
    while erase_due():
        pass
    User.objects.filter(pk=lead.pk).update(language="en")
    client = desk_client(lead)
    page = client.get(f"/queue/items/{item.pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "secret.test" not in text and "abuse@host.test" not in text
    assert f'action="/queue/items/{item.pk}/reopen/"' not in text
    assert f"thing={item.reference}" not in text
    assert client.post(f"/queue/items/{item.pk}/reopen/").status_code == 409
    for address in ("/queue/?state=closed", "/watch/", "/letters/", "/figures/", "/journal/"):
        assert client.get(address).status_code == 200, address
    found = client.post("/queue/search/", {"q": "https://secret.test/place"}, follow=True)
    assert item.reference not in found.content.decode()
    found = client.post("/queue/search/", {"q": item.reference}, follow=True).content.decode()
    assert item.reference in found and ">erased<" in found
    Item.objects.update(state="removed")
    assert item.reference not in client.get("/watch/").content.decode()


def test_a_hold_is_in_the_trail_of_its_item(item, lead, analyst, desk_client):
    place_hold(item, "A court asked.", lead)
    page = desk_client(analyst).get(f"/queue/items/{item.pk}/").content.decode()
    assert lead.name in page or lead.username in page
    assert "A court asked." not in page


@pytest.mark.pure
def test_erased_words_are_not_told_as_words_that_a_key_is_missing_for():
    erased = render_to_string("cases/_words.html", {"words": None, "erased": True})
    closed = render_to_string("cases/_words.html", {"words": None})
    assert "error" not in erased and "error" in closed
