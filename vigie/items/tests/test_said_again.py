"""What is said of a place that no longer waits for us reaches a person all the same."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from tests.factories import a_confirmed_item, a_look, an_item, decided, looked
from vigie.cases.deciding.reopening import reopen
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.desk.floods import floods
from vigie.cases.desk.listing import Cursor, Filter, page_of
from vigie.cases.models import Classification
from vigie.intake import services
from vigie.intake.models import Letter, Report
from vigie.intake.pressure import SCRIPT
from vigie.intake.services import More, NewReport, receive
from vigie.items import errands
from vigie.items.alarms import DANGERS_OF_A_FLOOD
from vigie.items.flow import Move, State
from vigie.items.models import Errand, Item
from vigie.items.ranking import FIRST_IN_DANGER
from vigie.items.services import ONE_VISIT_IN, move_item, open_letter
from vigie.items.tests.support import lines_about
from vigie.lib import clock
from vigie.worker.loop import OUTSIDE, one_round

pytestmark = pytest.mark.django_db(databases="__all__")
DEAD, ACCOUNT = "http://galerie.nord.test/gone", "Telegram @dangerchat12"
FLOOD = UUID(bytes=b"one flood of all", version=SCRIPT)
SOON, DAYS = timedelta(hours=1), timedelta(days=2)


def opened(flood: UUID | None = None, **told: object) -> None:
    receive(NewReport(**told), flood)  # type: ignore[arg-type]
    for letter in Letter.objects.all():
        open_letter(letter)


def looks_due() -> None:
    """The worker goes round until nothing is due."""
    while one_round(OUTSIDE):
        pass


def closed(where: str, kind: Classification = Classification.CANNOT_ASSESS) -> Item:
    """Looked at, and closed by an analyst."""
    item = an_item(where)
    decided(item, looked(item), kind)
    item.refresh_from_db()
    assert item.state == State.CLOSED
    return item


def closed_page(number: int = 0) -> Item:
    item = an_item(f"http://galerie.nord.test/a/{number}")
    decided(item, a_look(item), Classification.NOT_ILLEGAL)
    item.refresh_from_db()
    return item


def after(item: Item, passed: timedelta, **told: object) -> State:
    """Reported again when so much has passed, and where it stands then."""
    with time_machine.travel(clock.now() + passed, tick=False):
        opened(**told)
        looks_due()
    item.refresh_from_db()
    return State(item.state)


@pytest.fixture
def visits(outside) -> object:
    return outside


@pytest.mark.parametrize("where", [DEAD, ACCOUNT, "http://galerie.nord.test/a/0"])
def test_a_danger_opens_a_closed_item_at_once_at_the_head_of_the_queue(where, visits, analyst):
    item = closed_page() if where.endswith("0") else closed(where)
    opened(where=where, danger=True)
    item.refresh_from_db()
    assert (item.state, item.outcome, item.round) == (State.TO_ASSESS, "", 2)
    an_item("http://galerie.nord.test/another")
    first = page_of(analyst, Filter(danger=True), Cursor())[0]
    assert first == [item]
    verbs = [line.verb for line in lines_about(item)]
    assert "item.in_danger" in verbs


def test_a_danger_added_on_a_later_page_opens_it_too(visits):
    item = an_item(ACCOUNT)
    letter = Report.objects.get().letter_id
    decided(item, looked(item), Classification.CANNOT_ASSESS)
    services.add(letter, More("danger", {"child": "next door"}, danger=True))
    open_letter(Letter.objects.get())
    item.refresh_from_db()
    assert (item.state, item.danger) == (State.TO_ASSESS, True)


def test_of_a_report_the_first_places_open_at_once_and_the_others_one_by_one(visits, analyst):
    wheres = [f"Telegram @dangerchat{n}" for n in range(FIRST_IN_DANGER + 2)]
    items = [closed(where) for where in wheres]
    opened(where="\n".join(wheres), danger=True)
    waiting = Item.objects.filter(pk__in=[i.pk for i in items], state=State.TO_ASSESS)
    assert waiting.count() == FIRST_IN_DANGER
    with time_machine.travel(clock.now() + DAYS, tick=False):
        looks_due()
    assert waiting.count() == len(items)


def test_new_words_about_an_account_open_it_once_in_a_rest(visits, analyst):
    item = closed(ACCOUNT)
    assert after(item, SOON, where=ACCOUNT, comment="he has sent my son these") == State.CLOSED
    assert item.due_at == item.changed_at + timedelta(days=1), "nothing is lost: it waits its rest"
    with time_machine.travel(item.due_at, tick=False):
        looks_due()
    item.refresh_from_db()
    assert (item.state, item.round, item.looks.count()) == (State.TO_ASSESS, 2, 1)
    with time_machine.travel(clock.now() + DAYS, tick=False):
        assess(item, analyst, Decision(Classification.CANNOT_ASSESS, item.looks.get().pk))
        for number in range(30):
            opened(where=ACCOUNT, comment=f"once more, {number}")
        looks_due()
    item.refresh_from_db()
    assert item.state == State.CLOSED, "a thousand reports open it no sooner than one"


def test_words_about_a_page_where_nothing_answers_open_it_and_a_bare_report_does_not(visits):
    item = closed(DEAD)
    assert after(item, DAYS, where=DEAD) == State.CLOSED
    assert after(item, DAYS * 2, where=DEAD, contact="call me") == State.TO_ASSESS


def test_words_beside_the_address_are_words(visits):
    item = closed(DEAD)
    assert after(item, DAYS, where=f"He lives next door: {DEAD}") == State.TO_ASSESS


def test_where_the_page_stands_as_it_was_judged_its_look_is_the_answer(outside):
    outside.site.album("/album", b"")
    where = outside.site.url("/album")
    item = closed(where, Classification.NOT_ILLEGAL)
    assert after(item, DAYS, where=where, comment="look at this") == State.CLOSED
    assert item.looks.count() == 2, "it was visited all the same"
    assert after(item, DAYS * 2, where=where, own=True) == State.TO_ASSESS


def test_what_is_added_to_an_earlier_report_opens_it_and_makes_no_visit(outside):
    outside.site.pages.clear()
    item = closed(outside.site.url("/gone"))
    letter, asked = Report.objects.get().letter_id, list(outside.site.asked)
    services.add(letter, More("place", {"seen": "behind a password"}))
    with time_machine.travel(clock.now() + DAYS, tick=False):
        open_letter(Letter.objects.get())
        looks_due()
    item.refresh_from_db()
    assert (item.state, outside.site.asked) == (State.TO_ASSESS, asked)


def test_what_a_flood_alone_names_again_stands_in_its_line(visits):
    wheres = [f"Telegram @dangerchat{n}" for n in range(DANGERS_OF_A_FLOOD + 3)]
    items = [closed(where) for where in wheres]
    with time_machine.travel(clock.now() + DAYS, tick=False):
        for where in wheres:
            opened(FLOOD, where=where, danger=True)
        looks_due()
    waiting = Item.objects.filter(pk__in=[item.pk for item in items], state=State.TO_ASSESS)
    assert waiting.count() == len(items)
    assert waiting.filter(flood=None).count() == DANGERS_OF_A_FLOOD
    (line,) = floods(State.TO_ASSESS)
    assert (line.places, line.dangers) == (3, 3)


def on_its_way(state: State) -> Item:
    item = a_confirmed_item("http://galerie.nord.test/a/9")
    steps = [Move.REFER, Move.AUTHORISE, Move.NOTIFY, Move.REMOVE]
    for move in steps:
        if item.state == state:
            break
        item = move_item(item, move, "worker")
    assert item.state == state
    return item


@pytest.mark.parametrize(
    "state",
    [State.CONFIRMED, State.REFERRED, State.AUTHORISED, State.NOTIFIED, State.REMOVED],
)
def test_of_what_is_on_its_way_a_person_tells_the_police(state, policy, liaison):
    item = on_its_way(state)
    for _ in range(3):
        opened(where="http://galerie.nord.test/a/9", danger=True)
    (errand,) = errands.waiting()
    assert (errand.item, errand.why, errand.behind) == (item, "danger", False)
    item.refresh_from_db()
    assert item.state == state, "the road goes on"
    verbs = [line.verb for line in lines_about(item)]
    assert (verbs.count("item.in_danger"), verbs.count("call.asked")) == (3, 1)
    errands.write_down(errand, clock.now(), "the police of Gent", liaison)
    assert not errands.waiting().exists()
    opened(where="http://galerie.nord.test/a/9", danger=True, comment="again")
    assert errands.waiting().count() == 1


def test_what_a_flood_says_of_what_is_on_its_way_stands_behind(policy):
    for number in range(DANGERS_OF_A_FLOOD + 1):
        where = f"http://galerie.nord.test/b/{number}"
        a_confirmed_item(where)
        opened(FLOOD, where=where, danger=True)
    assert [e.behind for e in errands.waiting()] == [False] * DANGERS_OF_A_FLOOD + [True]
    opened(where=where, danger=True, comment="by somebody else")
    assert not Errand.objects.filter(behind=True).exists()


def test_a_first_report_in_danger_asks_for_no_call():
    opened(where=ACCOUNT, danger=True)
    assert not Errand.objects.exists()


def test_what_was_opened_by_words_can_be_closed_and_opened_by_a_lead_as_before(visits, lead):
    item = closed(ACCOUNT)
    assert after(item, DAYS, where=ACCOUNT) == State.TO_ASSESS
    decided(item, item.looks.get(), Classification.CANNOT_ASSESS)
    item.refresh_from_db()
    reopen(item, lead)
    assert item.state == State.TO_ASSESS


def test_ten_minutes_between_visits_hide_no_words(visits):
    item = closed(DEAD)
    assert after(item, DAYS, where=DEAD) == State.CLOSED
    soon = DAYS + ONE_VISIT_IN / 2
    assert after(item, soon, where=DEAD, comment="he is there") == State.TO_ASSESS
    assert item.looks.count() == 2
