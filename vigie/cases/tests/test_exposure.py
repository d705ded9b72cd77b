"""Who has looked enough is served no picture; how long each looked is theirs to read."""

import re
from datetime import timedelta
from functools import partial
from urllib.parse import unquote

import pytest
import time_machine

from conftest import person
from tests.databases import in_threads
from tests.factories import looked
from vigie.cases.deciding.services import view_picture
from vigie.cases.looks.looking import Why
from vigie.cases.models import View
from vigie.cases.welfare import exposure
from vigie.cases.welfare.budget import Budget
from vigie.cases.welfare.exposure import NotServed
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.selectors import trail_of, visible_to
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.sandbox.pictures import picture
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
CAT = picture("cat", "jpg")
AGAIN = {"own_why": "a detail"}


@pytest.fixture
def item(outside, report_of) -> Item:
    outside.site.album("/album", CAT)
    (found,) = report_of(outside.site.url("/album"))
    looked(found)
    return found


@pytest.fixture
def three_a_day(settings, monkeypatch) -> None:
    small = Budget(3, 60, 60, 5, 0.6, {})
    monkeypatch.setattr(type(settings.ORGANISATION), "budget", small)


def _path(item: Item) -> str:
    return f"/queue/items/{item.pk}/pictures/{item.looks.get().media.get().pk}/"


def test_past_the_limit_no_picture_is_fetched_and_the_pages_say_so(
    item, three_a_day, desk_client, analyst, lead, outside
):
    client = desk_client(analyst)
    assert [client.post(_path(item), AGAIN).status_code for _ in range(3)] == [200] * 3
    asked = len(outside.site.asked)
    answer = client.post(_path(item))
    assert (answer.status_code, answer["X-Rest"], answer.content) == (204, "spent", b"")
    assert len(outside.site.asked) == asked
    assert View.objects.count() == 3
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    assert 'class="standing small warned"' in page and "data-still" not in page
    assert 'class="standing small warned"' in client.get("/queue/").content.decode()
    colleague = desk_client(lead)
    colleague.post(f"/queue/items/{item.pk}/take/")
    assert colleague.post(_path(item)).status_code == 200, "a colleague is served"


def test_each_still_says_how_much_was_looked_at_today(item, three_a_day, desk_client, analyst):
    client = desk_client(analyst)
    answers = [client.post(_path(item), AGAIN) for _ in range(4)]
    assert [answer["X-Warned"] for answer in answers] == ["no", "yes", "yes", "yes"]
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    for answer in answers[2:]:
        assert unquote(answer["X-Standing"]) in page
    assert len({answer["X-Standing"] for answer in answers}) == 3


def test_tomorrow_is_another_day(item, three_a_day, analyst):
    media = item.looks.get().media.get()
    for _ in range(3):
        view_picture(item, media, analyst, Why("again"))
    with pytest.raises(NotServed):
        view_picture(item, media, analyst, Why("again"))
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert view_picture(item, media, analyst, Why("again"))[0].outcome == "ok"


def test_what_could_not_be_shown_does_not_count(item, three_a_day, analyst, outside):
    outside.site.pages.clear()
    media = item.looks.get().media.get()
    for _ in range(5):
        assert view_picture(item, media, analyst)[0].outcome == "http_404"
    assert exposure.standing_of(analyst).pictures == 0


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_eight_windows_of_one_person_do_not_get_past_the_limit(item, three_a_day, analyst):
    media = item.looks.get().media.get()
    ends = in_threads([partial(view_picture, item, media, analyst, Why("again"))] * 8)
    assert sorted(type(end).__name__ for end in ends) == ["NotServed"] * 5 + ["tuple"] * 3


def test_a_look_has_its_length_once_and_no_more_than_has_passed(item, analyst, desk_client):
    _still, view = view_picture(item, item.looks.get().media.get(), analyst)
    client = desk_client(analyst)
    with time_machine.travel(view.at + timedelta(seconds=9), tick=False):
        client.post(f"/queue/care/looks/{view.pk}/", {"seconds": "5000"})
        client.post(f"/queue/care/looks/{view.pk}/", {"seconds": "1"})
    view.refresh_from_db()
    assert view.seconds == 9
    assert Entry.objects.filter(verb=Verb.VIEW_ENDED).count() == 1


def test_a_decision_says_itself_how_long_its_still_was_on_the_screen(item, analyst, desk_client):
    _still, view = view_picture(item, item.looks.get().media.get(), analyst)
    client, form = desk_client(analyst), {"classification": "", "look": item.looks.get().pk}
    with time_machine.travel(view.at + timedelta(seconds=6.2), tick=False):
        form["ended"] = [f"{view.pk}:7", "x:1", "9:", ":", "9" * 30]
        client.post(f"/queue/items/{item.pk}/assess/", form)
        client.post(f"/queue/care/looks/{view.pk}/", {"seconds": "7"})  # as the page is left
    told = Entry.objects.filter(verb__in=[Verb.VIEW_ENDED, Verb.VIEW_UNTOLD])
    assert [(one.verb, '"seconds":7' in one.detail) for one in told] == [(Verb.VIEW_ENDED, True)]


@pytest.mark.parametrize("seconds", ["", "-3", "many", "\x00", "9" * 5000])
def test_a_length_that_makes_no_sense_costs_nothing(item, analyst, desk_client, seconds):
    _still, view = view_picture(item, item.looks.get().media.get(), analyst)
    path = f"/queue/care/looks/{view.pk}/"
    assert desk_client(analyst).post(path, {"seconds": seconds}).status_code == 204


def test_nobody_says_how_long_another_looked(item, analyst, lead, desk_client):
    _still, view = view_picture(item, item.looks.get().media.get(), analyst)
    path = f"/queue/care/looks/{view.pk}/"
    assert desk_client(lead).post(path, {"seconds": "1"}).status_code == 404


def test_how_long_somebody_looked_is_theirs_and_the_welfare_policys_to_read(
    item, analyst, lead, manager
):
    _still, view = view_picture(item, item.looks.get().media.get(), analyst)
    exposure.looked(view, analyst, 3)
    exposure.rest_today(analyst, True)
    private = {Verb.VIEW_ENDED, Verb.REST_CHOSEN}

    def read(user):
        return private & set(visible_to(user).values_list("verb", flat=True))

    assert read(analyst) == private == read(manager)
    assert read(lead) == set(), "though a lead reads all the rest"
    assert not trail_of(item.subject, lead).filter(verb=Verb.VIEW_ENDED).exists()
    assert trail_of(item.subject, lead).filter(verb=Verb.MEDIA_VIEWED).exists()
    assert not trail_of(item.subject, person(Role.LIAISON)).filter(verb=Verb.VIEW_ENDED).exists()


def test_not_today_is_one_button_and_asks_for_no_reason(item, desk_client, analyst):
    client = desk_client(analyst)
    for _ in range(2):  # pressed twice
        assert client.post("/queue/care/rest/", {"rest": "yes"}).status_code == 302
    assert client.post(_path(item))["X-Rest"] == "not_today"
    assert Entry.objects.filter(verb=Verb.REST_CHOSEN).count() == 1
    page = client.get("/queue/care/").content.decode()
    on_again = re.search('<button[^>]* value="no"[^>]*>', page)
    assert on_again and "data-goes" in on_again[0], "the same key, pressed twice, ends no rest"
    client.post("/queue/care/rest/", {"rest": "no"})
    assert client.post(_path(item)).status_code == 200
