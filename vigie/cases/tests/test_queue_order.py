"""The queue stands in the order of what matters, and says why; nothing waits forever."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.databases import in_threads
from tests.factories import a_confirmed_item, a_look, an_item, decided, hosted
from vigie.cases.deciding.reopening import reopen
from vigie.cases.desk.listing import Cursor, Filter, page_of
from vigie.intake.models import Letter
from vigie.intake.services import NewReport, receive
from vigie.items.models import Item
from vigie.items.ranking import Reason, place, rank_of, reasons_of
from vigie.items.services import open_letter
from vigie.lib import clock
from vigie.tracing.facts import note_facts

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def the_kept_place_is_the_one_that_the_reasons_give(db) -> Iterator[None]:
    """Whoever changes a reason writes the place: whatever a test did, nothing is behind."""
    yield
    assert all(item.rank == rank_of(item) for item in Item.objects.all())


def seen(where: str, country: str = "NL", pictures: int = 0, age: int = 1, **said: object) -> Item:
    """An item that waits for a decision, first reported so many hours ago."""
    receive(NewReport(where=where, **said))
    for letter in Letter.objects.all():
        open_letter(letter)
    item = Item.objects.latest("pk")
    hosted(a_look(item, [f"{where}/{n}.jpg" for n in range(pictures)]), country)
    Item.objects.filter(pk=item.pk).update(created_at=clock.now() - timedelta(hours=age))
    note_facts(item)
    item.refresh_from_db()
    return item


def order(user, **asked: str) -> list[Item]:
    return page_of(user, Filter.read(asked), Cursor())[0]


def test_what_matters_stands_first_and_says_why(analyst):
    plain = seen("http://plain.test/", age=5)
    here = seen("http://here.test/", "BE")
    new = seen("http://new.test/", pictures=1)
    danger = seen("http://danger.test/", danger=True)
    own = seen("http://own.test/", "BE", own=True)
    assert order(analyst) == [danger, own, new, here, plain]
    assert [reasons_of(item) for item in order(analyst)] == [
        [Reason.DANGER],
        [Reason.OWN, Reason.HERE],
        [Reason.NOVEL],
        [Reason.HERE],
        [],
    ]


def test_nothing_waits_forever_but_danger_goes_before_everything(analyst):
    old = seen("http://old.test/", age=24 * 30)
    new, danger = seen("http://new.test/", "BE", 2), seen("http://danger.test/", danger=True)
    assert order(analyst) == [danger, old, new]


def test_many_reports_bring_it_forward(analyst):
    first, often = seen("http://first.test/", age=3), seen("http://often.test/", age=1)
    for _ in range(2):
        an_item("http://often.test/")
    often.refresh_from_db()
    assert (often.report_count, order(analyst)) == (3, [often, first])
    assert reasons_of(often) == [Reason.MANY]


def test_a_match_with_the_baseline_says_young_child_and_known_is_not_new(analyst):
    confirmed = a_confirmed_item("http://known.test/", pictures=["http://x.test/1.jpg"])
    assert confirmed.state != "to_assess"
    item = an_item("http://again.test/")
    a_look(item, ["http://x.test/1.jpg"])
    note_facts(item)
    item.refresh_from_db()
    assert (item.material, item.young) == ("known", True)
    assert reasons_of(item) == [Reason.YOUNG]


def test_a_danger_told_later_moves_what_waits_already(analyst):
    seen("http://first.test/", age=9)
    told = seen("http://later.test/")
    an_item("http://later.test/")  # by somebody else
    receive(NewReport(where="http://later.test/", danger=True))
    open_letter(Letter.objects.get())
    assert order(analyst)[0] == told


def test_what_waits_for_the_worker_and_cannot_wait_stands_with_what_is_to_be_assessed(analyst):
    waits = seen("http://waits.test/", age=9)
    receive(NewReport(where="http://danger.test/", danger=True))
    open_letter(Letter.objects.get())
    danger = Item.objects.latest("pk")
    assert (danger.state, order(analyst)) == ("new", [danger, waits])


def test_what_is_opened_again_waits_since_then(analyst, lead):
    item = seen("http://closed.test/", age=24 * 90)
    decided(item, item.looks.get(), "not_illegal")
    item.refresh_from_db()
    reopen(item, lead)
    item.refresh_from_db()
    assert item.rank > seen("http://other.test/", age=20).rank


def test_what_was_decided_is_listed_by_its_age(analyst):
    items = [seen(f"http://n{n}.test/", "BE", n, age=9 - n) for n in range(3)]
    for item in items:
        decided(item, item.looks.get(), "not_illegal")
    assert order(analyst, state="closed") == items


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_reports_at_once_are_all_counted_and_leave_the_right_place(db):
    an_item("http://often.test/")
    for _ in range(11):
        receive(NewReport(where="http://often.test/"))
    letters = list(Letter.objects.all())
    ends = in_threads([lambda letter=letter: open_letter(letter) for letter in letters])
    assert not [end for end in ends if isinstance(end, Exception)]
    item = Item.objects.get()
    assert (item.report_count, item.rank) == (12, rank_of(item))


def test_a_page_begins_where_the_one_before_ended(analyst, monkeypatch):
    items = [seen(f"http://n{n}.test/", age=n) for n in range(7)]
    Item.objects.filter(pk__in=[i.pk for i in items[:4]]).update(
        created_at=items[0].created_at
    )  # of one second: the number decides
    place(Item.objects.all())
    monkeypatch.setattr("vigie.cases.desk.listing.PAGE", 3)
    found, after = [], Cursor()
    while after is not None:
        page, after = page_of(analyst, Filter(), after)
        found += page
    assert found == sorted(Item.objects.all(), key=lambda item: (item.rank, item.pk))


def test_a_page_asks_as_many_questions_whatever_stands_on_it(
    analyst, desk_client, django_assert_max_num_queries
):
    for n in range(12):
        seen(f"http://n{n}.test/", pictures=2)
    client = desk_client(analyst)
    with django_assert_max_num_queries(45):
        client.get("/queue/")
