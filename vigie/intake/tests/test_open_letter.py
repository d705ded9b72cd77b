"""Opening letters: each becomes one report of its items, whatever falls between the two databases.

A letter that cannot be opened stays where it is, where the desk can see it, in nobody's way.
"""

import json
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from tests.databases import in_threads
from vigie.intake.models import Letter, Report
from vigie.intake.receipts import mint
from vigie.intake.services import NewReport, receive
from vigie.intake.tests.test_receive import AWKWARD
from vigie.items import keys
from vigie.items.locators import parse
from vigie.items.models import Item, Mention, ReceiptCourse, ReceiptReport
from vigie.items.services import open_letter
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.lib.seal import new_identity, seal, unseal
from vigie.lib.work import work_off

pytestmark = pytest.mark.django_db(databases="__all__")


def a_letter(where: str = "https://a.test/x", **more: str) -> Letter:
    before = set(Letter.objects.values_list("pk", flat=True))
    receive(NewReport(where=where, **more))
    return Letter.objects.exclude(pk__in=before).get()


def work() -> int:
    return work_off(Letter.objects.all(), open_letter, lease_seconds=20, retry_seconds=30)


def _everything() -> dict[str, list[dict[str, object]]]:
    models = (Report, Item, Mention, ReceiptCourse, ReceiptReport, Entry)
    return {m.__name__: list(m._default_manager.order_by("pk").values()) for m in models}


# --- once ------------------------------------------------------------------------------------


def test_a_crash_between_the_two_databases_leaves_one_report_when_repeated():
    letter = a_letter("https://a.test/1\nhttps://a.test/2", receipt=mint("en"), comment="mine")
    row = Letter.objects.values().get(pk=letter.pk)
    open_letter(letter)
    before = _everything()
    Letter.objects.create(**row)  # as if the worker had fallen before it could delete it
    assert work() == 1
    assert _everything() == before
    assert [len(before[name]) for name in ("Report", "Mention", "ReceiptReport")] == [1, 2, 1]
    assert not Letter.objects.exists()


def test_a_letter_whose_report_the_database_refuses_is_kept():
    letter = a_letter()
    letter.received_hour = None  # a report cannot be without; no repetition, so no reason to delete
    with pytest.raises(IntegrityError):
        open_letter(letter)
    assert (Letter.objects.count(), Report.objects.count()) == (1, 0)


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_letter_that_two_workers_open_at_once_is_one_report():
    for number in range(3):
        pk = a_letter(f"https://a.test/{number}", receipt=mint("en")).pk
        copies = [Letter.objects.get(pk=pk) for _ in range(2)]
        work = [lambda copy=copy: open_letter(copy) for copy in copies]
        assert in_threads(work) == [None, None]
        assert Report.objects.filter(letter_id=pk).count() == 1
        assert not Letter.objects.exists()
    assert (Report.objects.count(), Mention.objects.count()) == (3, 3)


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_share_the_letters_and_join_one_item_to_all_of_them():
    for number in range(10):
        a_letter("https://a.test/x", comment=str(number))
    taken = in_threads([work, work])
    assert sum(taken) == 10
    assert not Letter.objects.exists()
    assert Item.objects.get().mentions.count() == 10
    assert Entry.objects.filter(verb="item.joined").count() == 1
    assert Entry.objects.filter(verb="report.opened").count() == 10


def test_the_same_place_in_two_letters_is_one_item_mentioned_twice():
    for where in ("https://a.test/x", "see HXXPS://A[.]test/x#part"):
        open_letter(a_letter(where))
    assert Item.objects.get().mentions.count() == 2
    assert Entry.objects.filter(verb="item.joined").count() == 1


def test_the_same_place_twice_in_a_letter_is_mentioned_once():
    open_letter(a_letter("https://a.test/x\nhttps://a.test/x#part"))
    assert Mention.objects.count() == 1


def test_what_the_person_wrote_goes_along_sealed_as_it_came():
    letter = a_letter(comment="mine")
    words, hour = bytes(letter.words), letter.received_hour
    open_letter(letter)
    report = Report.objects.get()
    assert (bytes(report.words), report.received_hour) == (words, hour)


# --- whole -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [t for t in AWKWARD if len(t) < 20_000], ids=ascii)
def test_any_text_reaches_the_items_as_it_was_understood(text):
    expected = parse(text)
    assert expected
    open_letter(a_letter(text))
    found = {(item.kind, keys.opened(item.locator)) for item in Item.objects.all()}
    assert found == {(place.kind, place.canonical) for place in expected}
    assert Mention.objects.count() == len(expected)


def test_what_was_typed_around_a_place_stays_with_the_report_to_the_letter(settings):
    operators, settings.OPERATORS_RECIPIENT = new_identity()
    text = "  https://a.test/x\0 \ud800 password هنا\r\n\tsince May  "
    open_letter(a_letter(text))
    assert json.loads(unseal(operators, bytes(Report.objects.get().words)))["where"] == text


def test_a_letter_about_no_place_is_still_a_report():
    open_letter(a_letter("\0"))
    assert (Report.objects.count(), Item.objects.count()) == (1, 0)


def test_a_long_list_costs_few_more_statements_than_a_short_one():
    """A few more, because SQLite takes a long insert in pieces; not one for each line."""
    cost = {}
    for lines in (5, 50, 150):
        letter = a_letter("\n".join(f"https://{lines}.test/{n}" for n in range(lines)))
        with CaptureQueriesContext(connection) as queries:
            open_letter(letter)
        cost[lines] = len(queries)
    assert Item.objects.count() == 205
    assert cost[150] - cost[5] < 15


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_letters_of_the_same_places_in_other_orders_never_wait_for_each_other():
    places = [f"https://a.test/{number}" for number in range(40)]
    letters = [a_letter("\n".join(some)) for some in (places, places[::-1], places)]
    assert in_threads([partial(open_letter, letter) for letter in letters]) == [None] * 3
    assert (Letter.objects.count(), Item.objects.count()) == (0, 40)
    assert Entry.objects.filter(verb="item.joined").count() == 40


# --- poison ----------------------------------------------------------------------------------

GOOD = {"where": "https://a.test/x", "kind": "", "receipt": ""}


def _to_us(text: str) -> bytes:
    return keys.sealed(text)


POISON = {
    "not sealed at all": lambda: b"https://a.test/x",
    "empty": lambda: b"",
    "sealed to somebody else": lambda: seal(new_identity()[1], json.dumps(GOOD)),
    "cut short": lambda: _to_us(json.dumps(GOOD))[:-9],
    "not JSON": lambda: _to_us("https://a.test/x"),
    "another JSON": lambda: _to_us("[1, 2]"),
    "without a place": lambda: _to_us(json.dumps({"kind": "", "receipt": ""})),
    "a place that is no text": lambda: _to_us(json.dumps({**GOOD, "where": 7})),
    "a receipt that is none": lambda: _to_us(json.dumps({**GOOD, "receipt": "zz"})),
}


@pytest.mark.parametrize("name", POISON)
def test_a_letter_that_cannot_be_opened_stays_visible_and_out_of_the_way(name):
    hour = clock.hour_of(clock.now())
    due = hour - timedelta(hours=1)  # the first in the row
    poison = Letter.objects.create(where=POISON[name](), words=b"", received_hour=hour, due_at=due)
    a_letter("https://b.test/1")
    a_letter("https://b.test/2")
    assert work() == 3
    left = Letter.objects.get()
    assert (left.pk, left.attempts) == (poison.pk, 1)
    assert left.last_error and "test" not in left.last_error
    assert left.due_at > clock.now() and left.lease_until is None
    assert Report.objects.count() == 2  # and nothing half done of the third
    assert not Report.objects.filter(letter_id=poison.pk).exists()
    assert Item.objects.count() == 2
    assert work() == 0
    with time_machine.travel(left.due_at, tick=False):
        assert work() == 1
    assert Letter.objects.get().attempts == 2
