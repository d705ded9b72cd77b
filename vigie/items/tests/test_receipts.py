"""A receipt is no oracle: the same draws give the same course, whatever became of the report.

The two draws (`secrets.randbelow`) are replaced by a seeded source, so that two reports can be
given the same luck; a month of the worker's rounds is then watched from the public's side.
"""

import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from vigie.intake.models import Letter, ShownReceipt
from vigie.intake.receipts import mint
from vigie.intake.selectors import shown_receipt
from vigie.intake.services import NewReport, receive
from vigie.items import receipts
from vigie.items.flow import State
from vigie.items.models import Item, ReceiptCourse
from vigie.items.services import hold_item, open_letter
from vigie.items.tests.support import an_item
from vigie.lib.work import work_off

pytestmark = pytest.mark.django_db(databases="__all__")
WEDNESDAY = datetime(2026, 11, 25, 15, 20, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
FATES = [State.CLOSED, State.REMOVED]
PATIENCE = 16  # weeks
MANY = [pytest.param(seed, marks=pytest.mark.matrix) for seed in range(2, 6)]


@pytest.fixture
def luck(monkeypatch):
    """Give what is drawn from now on the luck of this seed."""

    def of(seed: int) -> None:
        source = random.Random(seed)
        monkeypatch.setattr(receipts, "secrets", SimpleNamespace(randbelow=source.randrange))

    return of


def reported(where: str, words: str, comment: str = "") -> None:
    receive(NewReport(where=where, receipt=words, comment=comment))
    for letter in Letter.objects.all():
        open_letter(letter)


def _round() -> None:
    work_off(ReceiptCourse.objects.all(), receipts.advance, lease_seconds=60, retry_seconds=30)


def _shows(words: str) -> str:
    shown = shown_receipt(words)
    assert shown is not None
    return shown.course


def watched(words: str, weeks: int = PATIENCE) -> list[tuple[int, str, str]]:
    """(days since Wednesday, course, week shown) of each change that a visitor can see."""
    seen: list[tuple[int, str, str]] = []
    for day in range(weeks * 7):
        with time_machine.travel(WEDNESDAY + timedelta(days=day), tick=False):
            _round()
            shown = shown_receipt(words)
        assert shown is not None and shown.outcome == ""
        if not seen or (shown.course, str(shown.week)) != seen[-1][1:]:
            seen.append((day, shown.course, str(shown.week)))
    return seen


def _course(where: str, fate: State | None, *, known: bool = False) -> list[tuple[int, str, str]]:
    """The course of a report of ``where`` whose item has (or had, if ``known``) this fate."""
    words = mint("en")
    with time_machine.travel(WEDNESDAY, tick=False):
        if known:
            reported(where, "")
            Item.objects.update(state=fate)
        reported(where, words)
        if fate:
            Item.objects.update(state=fate)
    return watched(words)


@pytest.mark.parametrize("seed", [0, 1, *MANY])
def test_known_and_new_removed_and_dismissed_have_one_course(luck, seed):
    courses = set()
    for number, fate in enumerate(FATES):
        for known in (False, True):
            luck(seed)
            where = f"https://{seed}.test/{number}{known}"
            courses.add(tuple(_course(where, fate, known=known)))
    (course,) = courses
    assert [step for _, step, _ in course] == ["received", "in_hand", "closed"]


@pytest.mark.parametrize("state", [s for s in State if s not in FATES])
def test_in_hand_is_shown_at_the_drawn_tick_whatever_the_state(luck, state):
    luck(1)
    course = _course("https://a.test/", state)
    luck(1)
    ended = _course("https://b.test/", State.CLOSED)
    assert [step for _, step, _ in course] == ["received", "in_hand"]
    assert course[1] == ended[1]


def _weeks_until_due() -> set[float]:
    """From the first Monday; a whole number is a tick."""
    return {(due - MONDAY) / WEEK for due in ReceiptCourse.objects.values_list("due_at", flat=True)}


def test_every_tick_the_draws_allow_is_drawn_and_no_other(luck):
    with time_machine.travel(WEDNESDAY, tick=False):
        luck(7)
        for number in range(60):
            reported(f"https://a.test/{number}", mint("en"))
        Item.objects.update(state=State.CLOSED)
    assert _weeks_until_due() == {0, 1}
    ReceiptCourse.objects.update(due_at=MONDAY)
    with time_machine.travel(MONDAY + timedelta(hours=5), tick=False):
        for _ in range(3):
            _round()
    assert _weeks_until_due() == {3, 4, 5, 6, 7, 8}


def test_every_change_is_shown_on_a_tick_of_the_grid_and_dated_by_it(luck):
    for seed in range(8):
        luck(seed)
        for day, _, week in _course(f"https://a.test/{seed}", State.REMOVED)[1:]:
            changed = WEDNESDAY + timedelta(days=day)
            assert changed.weekday() == 0  # ticks are Mondays, at 00:00
            assert str(changed.date()) == week


def _silence(held: bool) -> None:
    hold_item(Item.objects.get(), "staff:1", held=held)


def test_a_receipt_stands_still_while_the_police_ask_for_silence(luck):
    luck(2)
    words = mint("en")
    with time_machine.travel(WEDNESDAY, tick=False):
        reported("https://a.test/", words)
        Item.objects.update(state=State.REMOVED)
        _silence(True)
    assert [step for _, step, _ in watched(words)] == ["received", "in_hand"]
    with time_machine.travel(WEDNESDAY + PATIENCE * WEEK, tick=False):
        _silence(False)
        _round()
        assert _shows(words) == "in_hand"  # lifting is no tick
    with time_machine.travel(WEDNESDAY + (PATIENCE + 5) * WEEK, tick=False):
        _round()
        assert _shows(words) == "closed"


def test_one_receipt_for_two_reports_closes_only_when_both_have_ended(luck):
    luck(3)
    words = mint("en")
    with time_machine.travel(WEDNESDAY, tick=False):
        reported("https://a.test/", words)
        reported("https://b.test/", words)
        assert ReceiptCourse.objects.get().links.count() == 2
        Item.objects.filter(pk=Item.objects.earliest("pk").pk).update(state=State.REMOVED)
    assert [step for _, step, _ in watched(words)] == ["received", "in_hand"]
    Item.objects.update(state=State.CLOSED)
    with time_machine.travel(WEDNESDAY + (PATIENCE + 5) * WEEK, tick=False):
        _round()
        assert _shows(words) == "closed"


def test_an_item_nobody_reported_with_it_does_not_matter_to_a_receipt(luck):
    luck(4)
    words = mint("en")
    with time_machine.travel(WEDNESDAY, tick=False):
        reported("https://a.test/", words)
        Item.objects.update(state=State.CLOSED)
        an_item(State.NEW)
    assert [step for _, step, _ in watched(words)][-1] == "closed"


def _closed_as(state: State, words: str) -> str:
    with time_machine.travel(WEDNESDAY, tick=False):
        reported("https://a.test/", words)
        Item.objects.update(state=state)
    for week in range(1, PATIENCE):
        with time_machine.travel(WEDNESDAY + week * WEEK, tick=False):
            _round()
            shown = ShownReceipt.objects.get()
            assert shown.course == "closed" or shown.outcome == ""
    assert shown.course == "closed"
    return shown.outcome


@pytest.mark.parametrize(
    ("permitted", "state", "outcome"),
    [
        (False, State.REMOVED, ""),
        (False, State.CLOSED, ""),
        (True, State.REMOVED, "removed"),
        (True, State.CLOSED, ""),
    ],
)
def test_an_outcome_is_named_only_where_the_policy_permits_it(settings, permitted, state, outcome):
    assert settings.RECEIPT_OUTCOME_WORDS is False  # what is so when nobody says otherwise
    settings.RECEIPT_OUTCOME_WORDS = permitted
    assert _closed_as(state, mint("en")) == outcome


@pytest.mark.parametrize("begun", ["received", "in_hand"])
def test_a_step_done_twice_is_done_once(begun):
    words = mint("en")
    reported("https://a.test/", words)
    Item.objects.update(state=State.CLOSED)
    ReceiptCourse.objects.update(course=begun)
    with time_machine.travel(WEDNESDAY, tick=False):
        receipts.advance(ReceiptCourse.objects.get())
        first = (ShownReceipt.objects.values().get(), ReceiptCourse.objects.values().get())
        # The worker fell before its second write: the course is as it was, the public's row is not.
        ReceiptCourse.objects.update(course=begun)
        receipts.advance(ReceiptCourse.objects.get())
    assert (ShownReceipt.objects.values().get(), ReceiptCourse.objects.values().get()) == first
