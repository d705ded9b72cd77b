"""Leases: exactly one worker has a row, a lost lease changes nothing, and failures back off.

The rows are those of receipts (`ReceiptCourse`): `lib` has no table of its own.
"""

import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.databases import in_threads
from tests.environment import ROOT
from vigie.items.models import ReceiptCourse
from vigie.lib import clock
from vigie.lib.work import LONGEST_PAUSE, claim, postpone, settle, work_off

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROWS = ReceiptCourse.objects


def a_row(number: int = 1, due_at: datetime | None = NOON) -> ReceiptCourse:
    return ROWS.create(hash=bytes([number]) * 32, due_at=due_at)


def at(seconds: float) -> time_machine.travel:
    """``seconds`` after noon; the clock stands still."""
    return time_machine.travel(NOON + timedelta(seconds=seconds), tick=False)


def kept(row: ReceiptCourse) -> dict[str, object]:
    return ROWS.values().get(pk=row.pk)


def work(step, **more) -> int:
    return work_off(ROWS.all(), step, **{"lease_seconds": 10, "retry_seconds": 30, **more})


def fail(row: ReceiptCourse) -> None:
    raise TimeoutError("https://a.test/what-was-reported")


@pytest.mark.django_db(transaction=True)
def test_eight_workers_share_the_rows_and_no_row_is_taken_twice():
    rows = [a_row(number) for number in range(24)]
    taken = in_threads([lambda: [row.pk for row, _ in claim(ROWS.all(), 60, 24)]] * 8)
    assert sorted(pk for some in taken for pk in some) == sorted(row.pk for row in rows)


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_gets_the_only_row_and_its_lease_is_the_one_kept():
    row = a_row()
    taken = in_threads([lambda: list(claim(ROWS.all(), 60))] * 8)
    ((_, lease),) = [pair for some in taken for pair in some]
    assert (kept(row)["lease_by"], kept(row)["attempts"]) == (lease, 1)


def test_what_is_not_due_is_not_taken():
    a_row(1, None)
    a_row(2, NOON + timedelta(seconds=1))
    with at(0):
        assert list(claim(ROWS.all(), 10)) == []
    with at(1):
        assert [row.hash[0] for row, _ in claim(ROWS.all(), 10)] == [2]


def test_the_oldest_come_first_and_no_more_than_asked_for():
    for number in (3, 1, 4, 2):
        a_row(number, NOON - timedelta(hours=number))
    with at(0):
        assert [row.hash[0] for row, _ in claim(ROWS.all(), 10, limit=3)] == [4, 3, 2]
        assert work(lambda row: None, limit=3) == 1  # the others are leased


def test_a_lease_begins_when_its_row_is_reached_not_when_the_work_began():
    a_row(1)
    a_row(2)
    with at(0) as traveller:
        claims = claim(ROWS.all(), 10)
        next(claims)
        traveller.shift(7)
        late, _ = next(claims)
        assert late.lease_until == NOON + timedelta(seconds=17)


def test_a_lease_that_ends_makes_the_row_due_again_and_the_lost_attempt_counts():
    a_row()
    with at(0):
        list(claim(ROWS.all(), 10))
    with at(9.999):
        assert list(claim(ROWS.all(), 10)) == []
    with at(10):
        ((row, _),) = claim(ROWS.all(), 10)
    assert row.attempts == 2


def test_who_lost_the_lease_can_neither_settle_nor_postpone():
    a_row()
    with at(0):
        ((slow, lost),) = claim(ROWS.all(), 10)
    with at(11):
        ((row, lease),) = claim(ROWS.all(), 10)
        before = kept(row)
        assert settle(slow, lost, NOON, None) is False
        postpone(slow, lost, NOON, "TimeoutError", 30)
        assert kept(row) == before
        assert settle(row, lease, NOON, None) is True
        assert settle(row, lease, None, NOON) is False
    now = kept(row)
    assert (now["due_at"], now["lease_until"], now["lease_by"]) == (None, None, "")


def test_a_failing_row_is_tried_later_and_later_up_to_a_longest_pause():
    row, pauses = a_row(), []
    for _ in range(16):
        due = kept(row)["due_at"]
        with time_machine.travel(due, tick=False):
            assert work(fail) == 1
        pauses.append((kept(row)["due_at"] - due).total_seconds())
    longest = LONGEST_PAUSE.total_seconds()
    assert pauses == [min(30 * 2**n, longest) for n in range(16)]
    assert pauses[-1] == longest


def test_a_row_that_failed_a_million_times_still_has_a_next_time():
    row = a_row()
    ROWS.update(attempts=1_000_000)
    with at(0):
        work(fail)
    assert kept(row)["due_at"] == NOON + LONGEST_PAUSE


def test_a_failing_row_does_not_keep_the_others_waiting():
    rows, done = [a_row(n, NOON - timedelta(seconds=9 - n)) for n in range(5)], []

    def step(row: ReceiptCourse) -> None:
        if row.hash[0] % 2 == 0:
            fail(row)
        done.append(row.hash[0])

    with at(0):
        assert work(step) == 5
    assert done == [1, 3]
    assert [kept(row)["last_error"] for row in rows] == ["TimeoutError", ""] * 2 + ["TimeoutError"]


def test_what_went_wrong_is_kept_as_a_name_and_never_in_words(caplog):
    row = a_row()
    with at(0), caplog.at_level(logging.DEBUG):
        work(fail)
    assert kept(row)["last_error"] == "TimeoutError"
    assert f"ReceiptCourse {row.pk} failed: TimeoutError" in caplog.text
    assert "a.test" not in caplog.text


def test_a_long_name_of_an_error_is_cut_and_does_not_fail_in_its_turn():
    row = a_row()
    error = type("E" * 200, (Exception,), {"__module__": "m"})

    def step(row: ReceiptCourse) -> None:
        raise error

    with at(0):
        work(step)
    assert kept(row)["last_error"] == "m." + "E" * 78


def test_success_clears_the_error_and_the_count_and_gives_the_next_time():
    row = a_row()
    with at(0):
        work(fail)
    with at(30):
        assert work(lambda row: NOON + timedelta(hours=1)) == 1
    now = kept(row)
    assert (now["last_error"], now["attempts"], now["lease_by"]) == ("", 0, "")
    assert now["due_at"] == NOON + timedelta(hours=1)


@pytest.mark.parametrize("wish", [NOON + timedelta(seconds=3), None], ids=["soon", "never"])
@pytest.mark.parametrize("ends", [lambda row: NOON + timedelta(days=1), lambda row: None, fail])
def test_what_was_asked_for_during_the_lease_is_not_lost(wish, ends):
    """*Look again*, a new report or an end, while the step works; it may read the row anew."""
    row = a_row()

    def step(claimed: ReceiptCourse) -> datetime | None:
        ROWS.filter(pk=row.pk).update(due_at=wish)
        claimed.refresh_from_db()
        return ends(claimed)

    with at(0):
        assert work(step) == 1
    now = kept(row)
    assert (now["due_at"], now["lease_by"]) == (wish, "")
    with at(3):
        assert work(lambda row: None) == int(wish is not None)


def test_a_step_may_remove_its_row():
    a_row()
    with at(0):
        assert work(lambda row: row.delete() and None) == 1
    assert not ROWS.exists()


CHILD = """
import sys, time, django
django.setup()
from django.db import transaction
from vigie.items.models import ReceiptCourse
from vigie.lib.work import work_off

def step(row):
    with transaction.atomic():
        ReceiptCourse.objects.filter(pk=row.pk).update(course="in_hand")
        print("in the middle", flush=True)
        time.sleep(60)

work_off(ReceiptCourse.objects.all(), step, lease_seconds=20, retry_seconds=30)
"""


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_what_a_killed_worker_left_another_does_when_the_lease_ends(child_environment):
    row = a_row(due_at=clock.now() - timedelta(hours=1))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=ROOT,
        env=child_environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout and child.stdout.readline() == "in the middle\n"
    finally:
        child.kill()  # SIGKILL: nothing of it can tidy up
        child.communicate()
    left = kept(row)
    assert (left["course"], left["attempts"]) == ("received", 1)
    assert left["lease_by"]
    with time_machine.travel(left["lease_until"] - timedelta(seconds=1), tick=False):
        assert work(lambda row: None) == 0
    with time_machine.travel(left["lease_until"], tick=False):
        assert work(lambda row: None) == 1
    assert (kept(row)["due_at"], kept(row)["lease_by"]) == (None, "")
