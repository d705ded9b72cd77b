"""What is out of our remit is handed over by a person, and a new danger is told to the police."""

from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import localtime
from django.utils.translation import override

from tests.factories import a_confirmed_item, a_look, an_item
from vigie.cases.deciding.reopening import reopen
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.models import Classification
from vigie.dispatch.tests.support import lines_of, reading_english
from vigie.items import errands
from vigie.items.flow import Move, State
from vigie.items.models import Errand, Item
from vigie.items.selectors import visible_to
from vigie.items.services import move_item
from vigie.keeping.kinds import BY_NAME
from vigie.lib import clock
from vigie.oversight import counting

pytestmark = pytest.mark.django_db(databases="__all__")
TO, WHERE = "police of Gent, minors unit", "http://galerie.nord.test/a/page"


def decide(item: Item, by, kind=Classification.OUT_OF_REMIT) -> None:
    to = TO if kind == Classification.OUT_OF_REMIT else ""
    look = item.looks.first()
    assess(item, by, Decision(kind, look.pk, reason="by its words", hand_over_to=to))
    item.refresh_from_db()


@pytest.fixture
def item(analyst) -> Item:
    found = an_item(WHERE, comment="somebody asks my daughter for pictures")
    a_look(found)
    decide(found, analyst)
    return found


@pytest.fixture
def desk(liaison, desk_client):
    return reading_english(desk_client, liaison)


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def written(client, errand: Errand, **typed: str):
    now = localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")
    told = {"on": now, "whom": "Inspector A", **typed}
    return client.post(f"/letters/errands/{errand.pk}/", told)


def test_it_stands_with_the_letters_until_somebody_writes_down_that_it_was_handed_over(
    item, desk, liaison
):
    errand = Errand.objects.get()
    assert (errand.item, errand.why, errand.to) == (item, "hand_over", TO)
    letters = page(desk, "/letters/")
    assert TO in letters
    assert f"/queue/items/{item.pk}/" in letters
    assert "/words/" not in letters, "a liaison opens no words"
    assert "not handed over yet" in page(desk, f"/queue/items/{item.pk}/")
    assert written(desk, errand).status_code == 302
    letters = page(desk, "/letters/")
    assert "Nothing waits to be told by a person" in letters
    said = page(desk, f"/queue/items/{item.pk}/")
    assert "to Inspector A, by the liaison" in said
    assert [line.actor for line in lines_of(item, "hand_over.done")] == [liaison.actor]
    assert len(lines_of(item, "hand_over.asked")) == 1


def test_a_lead_writes_it_down_too_and_reads_the_words(item, lead, desk_client):
    client = reading_english(desk_client, lead)
    assert f"/queue/items/{item.pk}/words/" in page(client, "/letters/")
    assert written(client, Errand.objects.get()).status_code == 302


def test_a_liaison_sees_no_other_item_for_it(item, analyst, liaison):
    other = an_item("http://galerie.nord.test/a/other")
    a_look(other)
    closed = an_item("http://galerie.nord.test/a/closed")
    a_look(closed)
    decide(closed, analyst, Classification.NOT_ILLEGAL)
    confirmed = a_confirmed_item("http://galerie.nord.test/a/confirmed")
    assert set(visible_to(liaison)) == {item, confirmed}


@pytest.mark.parametrize(
    "typed",
    [
        {"whom": " "},
        {"whom": "."},
        {"on": ""},
        {"on": "2999-01-01T10:00"},
        {"on": "yesterday"},
        {"on": "2020-01-01T00:00"},
    ],
)
def test_what_is_not_whole_is_asked_for_once_more(typed, item, desk):
    answer = written(desk, Errand.objects.get(), **typed)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert Errand.objects.get().done_at is None


def test_of_two_who_write_it_down_one_is_first(item, desk, lead, desk_client):
    errand = Errand.objects.get()
    assert written(desk, errand).status_code == 302
    assert written(desk_client(lead), errand, whom="somebody else").status_code == 409
    assert Errand.objects.get().whom == "Inspector A"


def test_an_analyst_writes_nothing_down(item, analyst, desk_client):
    assert written(desk_client(analyst), Errand.objects.get()).status_code == 403


def test_taken_back_before_the_task_goes(item, lead, liaison, desk):
    reopen(item, lead)
    assert TO not in page(desk, "/letters/")
    assert not visible_to(liaison).exists()
    assert len(lines_of(item, "hand_over.called_off")) == 1
    assert written(desk, Errand.objects.get()).status_code == 409


def test_taken_back_after_the_row_says_so(item, lead, desk, desk_client):
    written(desk, Errand.objects.get())
    reopen(item, lead)
    assert "the decision was taken back since" in page(desk, "/letters/")
    said = page(reading_english(desk_client, lead), f"/queue/items/{item.pk}/")
    assert "the decision was taken back since" in said


def test_opened_again_by_the_worker_it_is_still_to_be_handed_over(item, analyst, liaison):
    move_item(item, Move.REOPEN, "worker", outcome="")
    assert set(visible_to(liaison)) == {item}
    decide(item, analyst)
    assert Errand.objects.get().round == 2
    move_item(item, Move.REOPEN, "worker", outcome="")
    decide(item, analyst, Classification.NOT_ILLEGAL)
    assert Errand.objects.get().void_at is not None


def test_it_is_counted_as_waiting_and_as_late(item, settings):
    hours = settings.ORGANISATION.hand_over_hours
    with override("en"):
        waiting = {str(line.words): line.count.n for line in counting.errands_waiting()}
        assert waiting["To be handed over to another service"] == 1
        late = [line.count.n for line in counting.late() if "hand-overs" in str(line.words)]
        assert late == [0]
        with time_machine.travel(clock.now() + timedelta(hours=hours, minutes=1), tick=False):
            late = [line.count.n for line in counting.late() if "hand-overs" in str(line.words)]
        assert late == [1]


def test_a_danger_reported_again_is_written_down_in_the_same_place(policy, desk, liaison):
    item = a_confirmed_item(WHERE)
    an_item(WHERE, danger=True)  # type: ignore[arg-type]
    assert ">Letters: call now<" in page(desk, "/queue/"), "wherever they are"
    assert "Call the police now" in page(desk, "/letters/")
    assert "a liaison or a lead tells the police" in page(desk, f"/queue/items/{item.pk}/")
    assert written(desk, Errand.objects.get(), whom="called 101").status_code == 302
    assert "called 101" in page(desk, f"/queue/items/{item.pk}/")
    assert ">Letters<" in page(desk, "/queue/")
    assert [line.actor for line in lines_of(item, "call.made")] == [liaison.actor]


def test_what_is_still_to_be_told_is_not_erased(item, liaison):
    with time_machine.travel(clock.now() + timedelta(days=900), tick=False):
        before = clock.now() - timedelta(days=1)
        assert not BY_NAME["items"].due(before).exists()
        assert not BY_NAME["words"].due(before).exists()
        errands.write_down(Errand.objects.get(), clock.now(), "Inspector A", liaison)
        assert item in BY_NAME["items"].due(before)
        assert BY_NAME["words"].due(before).exists()
        BY_NAME["items"].erase([item.pk])
    errand = Errand.objects.get()
    assert (errand.to, errand.whom) == ("", "")
    assert item.state == State.CLOSED
