"""No screen says what is not so, and none loses what somebody typed or where they were."""

import re

import pytest

from config.organisation import Organisation
from tests.factories import looked
from tests.outside import Says
from vigie.cases.models import Assessment, Note, Opinion
from vigie.dispatch.tests.support import reading_english
from vigie.items import keys
from vigie.items.models import Item
from vigie.sandbox.pictures import picture

pytestmark = pytest.mark.django_db(databases="__all__")
FILTER = "state=to_assess&country=BE"


@pytest.fixture
def item(outside, report_of) -> Item:
    outside.site.album("/album", picture("cat", "jpg"))
    (found,) = report_of(outside.site.url("/album"))
    looked(found)
    return found


def _form(item: Item, **more: object) -> dict[str, object]:
    look = item.looks.latest("pk").pk
    return {"classification": "not_illegal", "look": look, "reason": "a cat", **more}


def _page(item: Item) -> str:
    return f"/queue/items/{item.pk}/"


def _chosen(page: str) -> str:
    (chosen,) = re.findall('name="classification" value="([a-z_]+)"[^>]* checked', page)
    return chosen


def test_a_second_press_of_ones_own_decision_is_recognised(item, desk_client, analyst):
    client, form = reading_english(desk_client, analyst), _form(item, back=FILTER)
    for _ in range(2):
        answer = client.post(_page(item) + "assess/", form)
        assert answer["Location"] == f"/queue/?{FILTER}"
        assert "your decision is kept" in client.get("/queue/").content.decode()
    assert Assessment.objects.count() == 1
    other = client.post(_page(item) + "assess/", {**form, "reason": "a dog"})
    assert other.status_code == 409, "another decision is another decision"


def test_a_note_and_another_look_leave_what_was_typed_of_a_decision(item, desk_client, analyst):
    client, typed = desk_client(analyst), _form(item, text="call them back")
    for path in ("notes/", "again/", "notes/"):
        page = client.post(_page(item) + path, typed).content.decode()
        assert "a cat" in page and _chosen(page) == "not_illegal"
    hand = '<input type="hidden" name="by_hand" value="7"'
    assert hand in client.post(_page(item) + "notes/", {**typed, "by_hand": "7"}).content.decode()
    assert Note.objects.count() == 1, "a page that is loaded again writes no second note"
    assert client.post(_page(item) + "again/").status_code == 302


def test_so_is_a_second_press_of_the_first_of_two(item, desk_client, analyst, settings):
    two = {"decisions": ["national", "not_illegal"]}
    settings.ORGANISATION = Organisation({**settings.ORGANISATION.data, "second": two})
    client = desk_client(analyst)
    for _ in range(2):
        assert client.post(_page(item) + "assess/", _form(item))["Location"] == "/queue/"
    assert Opinion.objects.count() == 1
    other = client.post(_page(item) + "assess/", _form(item, reason="a note of mine"))
    assert other.status_code == 409 and "a note of mine" in other.content.decode()


def test_who_was_slower_reads_who_decided_what_and_keeps_the_text(item, desk_client, analyst, lead):
    form = _form(item, reason="it is a cat, I rang them")
    desk_client(analyst).post(_page(item) + "assess/", _form(item, classification="cannot_assess"))
    client = reading_english(desk_client, lead)
    answer = client.post(_page(item) + "assess/", form)
    text = answer.content.decode()
    assert answer.status_code == 409
    for said in (analyst.name, "Cannot be assessed", "Not illegal", form["reason"]):
        assert said in text
    client.post(_page(item) + "notes/", {"text": form["reason"]})
    assert keys.opened(Note.objects.get().text) == form["reason"]


def test_where_something_else_is_there_meanwhile_the_form_comes_back_about_that(
    item, outside, desk_client, analyst
):
    client, form = desk_client(analyst), _form(item, answer_youngest="")
    outside.site.pages["/album-1"] = Says(body=picture("dog", "jpg"), type="image/jpeg")
    looked(item)
    answer = client.post(_page(item) + "assess/", form)
    text = answer.content.decode()
    assert answer.status_code == 409 and "a cat</textarea>" in text
    for leads_away in ('action="/language/"', 'name="on"'):
        assert leads_away not in text, "what would load the page anew, and empty it"
        assert leads_away in client.get(_page(item)).content.decode()
    assert f'name="look" value="{item.looks.latest("pk").pk}"' in text
    assert _chosen(text) == "not_illegal"
    assert not Assessment.objects.exists()


def test_taking_over_keeps_what_was_typed(item, desk_client, analyst, lead):
    desk_client(analyst).get(_page(item))
    client = desk_client(lead)
    form = _form(item, classification="out_of_remit", hand_over_to="the consumer line")
    text = client.post(_page(item) + "take/", form).content.decode()
    assert "a cat</textarea>" in text and 'value="the consumer line"' in text
    assert _chosen(text) == "out_of_remit"
    assert client.post(_page(item) + "assess/", form).status_code == 302


def test_what_was_sent_after_the_session_ended_leads_back_and_says_so(
    item, stranger, desk_client, analyst
):
    asked = stranger.post(_page(item) + "assess/", _form(item))["Location"]
    assert asked.endswith(f"next={_page(item)}assess/%3Flost%3Dyes")
    client = reading_english(desk_client, analyst)
    answer = client.get(_page(item) + "assess/?lost=yes", follow=True)
    assert answer.redirect_chain[-1] == (_page(item), 303)
    assert "Nothing was decided" in answer.content.decode()
    assert not Assessment.objects.exists()


def test_no_blank_page_where_a_browser_asks_for_what_takes_forms_only(item, desk_client, analyst):
    client = desk_client(analyst)
    for name, above in {
        f"{_page(item)}assess/": _page(item),
        f"{_page(item)}pictures/7/": _page(item),
        "/queue/views/": "/queue/",
        "/language/": "/",
    }.items():
        answer = client.get(name)
        assert (answer.status_code, answer["Location"]) == (303, above)


def test_what_was_sought_is_found_again_from_the_item_and_its_site(item, desk_client, analyst):
    client = desk_client(analyst)
    found = client.post("/queue/search/", {"q": item.reference})["Location"]
    token = found.partition("?s=")[2]
    carried = f"{_page(item)}?back=s%3D{token.replace('%', '%25')}"
    assert carried in client.get(found).content.decode()
    page, site = (client.get(carried.replace("?", f"{way}?")) for way in ("", "site/"))
    assert f'href="{found}" data-queue' in page.content.decode()
    assert carried.replace("?", "site/?") in page.content.decode()
    assert f'href="{carried}" aria-keyshortcuts="q"' in site.content.decode()
    assert 'href="/queue/" data-queue' in client.get(carried[:-9]).content.decode()


def test_the_filter_one_had_is_carried_to_the_item_and_back(item, desk_client, analyst):
    Item.objects.filter(pk=item.pk).update(country="BE")
    client = desk_client(analyst)
    row = client.get(f"/queue/?{FILTER}").content.decode()
    carried = f"{_page(item)}?back=state%3Dto_assess%26country%3DBE"
    assert carried in row
    page = client.get(carried).content.decode()
    assert 'href="/queue/?state=to_assess&amp;country=BE" data-queue' in page
    assert 'name="back" value="state=to_assess&amp;country=BE"' in page
    words = f"{_page(item)}words/?back=state%3Dto_assess%26country%3DBE"
    assert words in page and carried in client.get(words).content.decode()
    assert "?back" not in client.get("/queue/").content.decode()
    assert (
        'href="/queue/" data-queue' in client.get(f"{_page(item)}?back=//x.test").content.decode()
    )
