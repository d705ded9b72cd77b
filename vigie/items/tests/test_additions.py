"""What is added later joins its report, whichever letter is opened first, and is never lost."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine

from tests.databases import in_threads
from vigie.intake import services
from vigie.intake.models import Addition, Letter, Report
from vigie.intake.receipts import mint
from vigie.intake.services import More, NewReport, receive
from vigie.items import keys
from vigie.items.models import Alarm, Item
from vigie.items.services import open_letter
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.lib.work import work_off

pytestmark = pytest.mark.django_db(databases="__all__")
NOON = datetime(2026, 11, 26, 12, 40, tzinfo=UTC)
PLACE = More("place", {"how": "the third door"})


def work() -> int:
    return work_off(Letter.objects.all(), open_letter, lease_seconds=20, retry_seconds=30)


def reported(**more: object) -> UUID:
    return receive(NewReport("https://a.test/x", **more))


def opened(letter: UUID) -> None:
    open_letter(Letter.objects.get(pk=letter))


def added(report: UUID, more: More = PLACE) -> Letter:
    before = set(Letter.objects.values_list("pk", flat=True))
    services.add(report, more)
    return Letter.objects.exclude(pk__in=before).get()


def verbs() -> list[str]:
    return list(Entry.objects.order_by("seq").values_list("verb", flat=True))


def test_an_addition_is_bound_to_its_report_and_makes_no_item():
    first = reported()
    second = added(first)
    words = bytes(second.words)
    assert work() == 2
    addition = Addition.objects.get()
    assert addition.report == Report.objects.get(letter_id=first)
    assert bytes(addition.words) == words
    assert (Item.objects.count(), Letter.objects.count()) == (1, 0)
    assert verbs().count("report.added_to") == 1


def test_an_addition_that_comes_first_waits_and_that_is_no_failure():
    first = reported()
    second = added(first)
    for _ in range(3):
        due = open_letter(second)
        assert due is not None
        assert due > second.due_at
    assert not Addition.objects.exists()
    Letter.objects.filter(pk=first).update(due_at=second.due_at + timedelta(seconds=1))
    assert work() == 2  # the older one is asked first, and put off
    left = Letter.objects.get()
    assert (left.pk, left.attempts, left.last_error) == (second.pk, 0, "")
    with time_machine.travel(left.due_at, tick=False):
        assert work() == 1
    assert Addition.objects.get().report == Report.objects.get()


def test_an_addition_opened_twice_is_one():
    first = reported()
    opened(first)
    second = added(first)
    row = Letter.objects.values().get(pk=second.pk)
    open_letter(second)
    Letter.objects.create(**row)  # as if the worker had fallen before it could delete it
    assert work() == 1
    assert (Addition.objects.count(), Letter.objects.count()) == (1, 0)
    assert verbs().count("report.added_to") == 1


def test_the_same_page_sent_again_after_it_was_opened_is_one_addition():
    first = reported()
    for _ in range(2):
        services.add(first, PLACE)
        work()
    assert Addition.objects.count() == 1


@pytest.mark.parametrize("receipt", [False, True])
def test_an_addition_whose_report_was_erased_becomes_a_report_that_somebody_reads(receipt):
    first = reported(receipt=mint("en") if receipt else "")
    opened(first)
    Report.objects.all().delete()
    second = added(first, More("danger", {"child": "he hurts her"}, danger=True))
    number, words = second.pk, bytes(second.words)
    assert work() == 1
    report = Report.objects.get()
    assert (report.letter_id, bytes(report.words)) == (number, words)
    item = Item.objects.get(mentions__report=report)
    assert "no longer here" in keys.opened(item.locator)
    assert report.danger and Alarm.objects.get().report == report
    assert not Letter.objects.exists(), "it ends; nothing goes round for ever"


def test_two_additions_without_a_report_are_two_items():
    gone = reported()
    Letter.objects.all().delete()
    services.add(gone, PLACE)
    services.add(gone, More("contact", {"contact": "me"}))
    work()
    assert (Report.objects.count(), Item.objects.count()) == (2, 2)


def test_the_hour_of_the_newest_word_is_kept_and_never_goes_back():
    with time_machine.travel(NOON, tick=False):
        first = reported()
        opened(first)
        assert Report.objects.get().last_word_at == NOON.replace(minute=0)
        earlier = added(first, More("contact", {"contact": "me"}))
    with time_machine.travel(NOON + timedelta(hours=5), tick=False):
        open_letter(added(first))
    open_letter(earlier)
    assert Report.objects.get().last_word_at == NOON.replace(hour=17, minute=0)


def test_their_own_picture_without_a_place_is_an_item_of_its_own():
    for _ in range(2):
        receive(NewReport("", own=True, comment="help", receipt=mint("en")))
    work()
    assert Report.objects.filter(own=True).count() == 2
    places = {keys.opened(item.locator) for item in Item.objects.all()}
    assert len(places) == 2
    assert all("named no place" in place for place in places)


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_bind_each_addition_once_and_raise_one_alarm():
    for number in range(4):
        first = receive(NewReport(f"https://a.test/{number}"))
        for text in ("one", "two"):
            services.add(first, More("danger", {"child": text}, danger=True))
    for _ in range(2):
        in_threads([work, work])
        Letter.objects.update(due_at=clock.hour_of(clock.now()))
    assert (Report.objects.count(), Addition.objects.count()) == (4, 8)
    assert (Alarm.objects.count(), Letter.objects.count()) == (4, 0)
    assert verbs().count("danger.reported") == 4


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_an_addition_that_two_workers_open_at_once_is_one():
    for _ in range(3):
        first = reported()
        opened(first)
        pk = added(first).pk
        copies = [Letter.objects.get(pk=pk) for _ in range(2)]
        assert in_threads([lambda copy=copy: open_letter(copy) for copy in copies]) == [None, None]
        assert Addition.objects.filter(letter_id=pk).count() == 1
        assert not Letter.objects.exists()
