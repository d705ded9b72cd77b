"""A quiet screen between stills, and how each person wants them shown: never less than demanded."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine

from tests.databases import in_threads
from tests.factories import looked
from vigie.cases.deciding.services import view_picture
from vigie.cases.looks.looking import Why
from vigie.cases.models import View, Wish
from vigie.cases.welfare import calm, exposure
from vigie.cases.welfare.calm import CalmFirst, calmed
from vigie.cases.welfare.manner import Manner
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.selectors import visible_to
from vigie.journal.verbs import Verb
from vigie.keeping.kinds import BY_NAME
from vigie.lib import clock
from vigie.people.leaving import leave
from vigie.sandbox.pictures import picture
from vigie.staff.models import User

everywhere = pytest.mark.django_db(databases="__all__")
AGAIN = {"own_why": "a detail"}
STRICT = Manner("strong", grey=True, small=True, calm_every=3)


@pytest.fixture
def item(outside, report_of) -> Item:
    outside.site.album("/album", picture("cat", "jpg"))
    (found,) = report_of(outside.site.url("/album"))
    looked(found)
    return found


@pytest.fixture
def every_second(settings, monkeypatch) -> None:
    monkeypatch.setattr(type(settings.ORGANISATION), "manner", Manner(calm_every=2))


def path_of(item: Item) -> str:
    return f"/queue/items/{item.pk}/pictures/{item.looks.get().media.get().pk}/"


def seen_by(user: User, item: Item) -> None:
    """They looked at its picture a moment ago."""
    media = item.looks.get().media.get()
    View.objects.create(item=item, media=media, by=user, at=clock.now(), outcome="ok")


@pytest.mark.pure
def test_of_a_demand_and_a_wish_whatever_shows_less_holds():
    wish = Manner("light", negative=True, calm_every=20)
    assert STRICT.with_wish(wish) == Manner("strong", True, True, True, 3)
    assert Manner(calm_every=0).with_wish(wish).calm_every == 20
    assert Manner(calm_every=20).with_wish(Manner(calm_every=5)).calm_every == 5
    assert Manner("middle").with_wish(Manner("strong")).blur == "strong"
    assert Manner("middle").with_wish(Manner("light")).blur == "middle"


@pytest.mark.pure
@pytest.mark.parametrize(
    "wrong", [{"blur": "none"}, {"grey": 1}, {"small": "no"}, {"calm_every": -1},
              {"calm_every": True}, {"calm_every": "often"}],
)  # fmt: skip
def test_an_organisation_that_demands_nonsense_is_told_what(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Manner.read(wrong)
    assert Manner.read({"pictures_a_day": 3}) == Manner()


@everywhere
def test_after_some_stills_a_quiet_screen_comes_and_is_no_look(
    item, every_second, desk_client, analyst, lead, outside
):
    client = desk_client(analyst)
    seen_by(analyst, item)
    assert client.post(path_of(item), AGAIN).status_code == 200
    asked, lines = len(outside.site.asked), Entry.objects.count()
    answer = client.post(path_of(item), AGAIN)
    assert (answer.status_code, answer["X-Calm"], answer.content) == (204, "yes", b"")
    assert "X-View" not in answer
    assert client.post("/queue/care/calm/").status_code == 204
    assert (len(outside.site.asked), Entry.objects.count()) == (asked, lines)
    assert View.objects.count() == 2 == exposure.standing_of(analyst).pictures
    assert client.post(path_of(item), AGAIN).status_code == 200
    calm.calm_first(lead)  # each has their own count
    assert 'id="calm"' in client.get(f"/queue/items/{item.pk}/").content.decode()


@everywhere
def test_tomorrow_begins_anew_and_without_a_demand_there_is_none(
    item, every_second, analyst, settings, monkeypatch
):
    for _ in range(2):
        seen_by(analyst, item)
    with pytest.raises(CalmFirst):
        calm.calm_first(analyst)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        calm.calm_first(analyst)
    monkeypatch.setattr(type(settings.ORGANISATION), "manner", Manner())
    calm.calm_first(analyst)


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_windows_do_not_get_past_a_quiet_screen(item, every_second, analyst):
    media = item.looks.get().media.get()
    seen_by(analyst, item)
    ends = in_threads([partial(view_picture, item, media, analyst, Why("again"))] * 3)
    assert sorted(type(end).__name__ for end in ends) == ["CalmFirst", "CalmFirst", "tuple"]


@everywhere
def test_a_person_chooses_more_than_is_demanded_and_never_less(
    item, analyst, desk_client, settings, monkeypatch
):
    monkeypatch.setattr(type(settings.ORGANISATION), "manner", Manner(grey=True, calm_every=10))
    client = desk_client(analyst)
    weaker = {"blur": "light", "calm_every": "20"}
    assert client.post("/queue/care/manner/", weaker).status_code == 422
    chosen = {"blur": "strong", "negative": "on", "calm_every": "5"}  # and no "grey"
    assert client.post("/queue/care/manner/", chosen).status_code == 302
    assert calm.manner_of(analyst) == Manner("strong", True, False, True, 5)
    page = client.get(f"/queue/items/{item.pk}/").content.decode()
    assert 'class="veil blur-strong held-grey negative"' in page
    monkeypatch.setattr(type(settings.ORGANISATION), "manner", STRICT)
    assert calm.manner_of(analyst) == Manner("strong", True, True, True, 3)


@everywhere
def test_what_somebody_chose_is_theirs_and_the_welfare_policys_to_read(analyst, lead, manager):
    for _ in range(2):
        calm.choose(analyst, Manner("strong"))
    assert Entry.objects.filter(verb=Verb.MANNER_CHOSEN).count() == 1
    may = [u for u in (analyst, lead, manager) if visible_to(u).filter(verb="manner.chosen")]
    assert may == [analyst, manager]


@everywhere
def test_it_goes_with_its_person_and_stays_with_who_stays(analyst, lead, administrator):
    for user in (analyst, lead):
        calm.choose(user, Manner("strong"))
        calmed(user)
    leave(analyst, administrator)
    kind = BY_NAME["wishes"]
    assert not kind.due(clock.now() - timedelta(days=30)).exists()
    with time_machine.travel(clock.now() + timedelta(days=40)):
        due = list(kind.due(clock.now() - timedelta(days=30)).values_list("pk", flat=True))
    kind.erase(due)
    assert list(Wish.objects.values_list("by", flat=True)) == [lead.pk]
