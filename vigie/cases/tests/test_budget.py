"""Limits of looking: what the rule says of a day (pure)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.cases.welfare.budget import LONGEST, Budget, Looked, Rest, lasted_at_least, standing

pytestmark = pytest.mark.pure
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
BUDGET = Budget(10, 30, 20, 10, 0.8, {"baseline": 2, "national": 1.5})


def at(minute: float, seconds: int | None = 10, weight: float = 1) -> Looked:
    return Looked(NOON + timedelta(minutes=minute), seconds, weight)


def test_a_day_without_looks_is_free():
    assert standing(BUDGET, [], NOON).rest is None
    assert not standing(BUDGET, [], NOON).warned


def test_it_warns_and_then_stops():
    looks = [at(30 * number) for number in range(10)]
    evening = NOON + timedelta(hours=8)
    assert not standing(BUDGET, looks[:7], evening).warned
    assert standing(BUDGET, looks[:8], evening).warned
    assert standing(BUDGET, looks[:9], evening).rest is None
    assert standing(BUDGET, looks, evening).rest is Rest.SPENT


def test_minutes_stop_as_pictures_do_and_what_was_worse_counts_for_more():
    long = [at(60, 900), at(120, 899)]
    evening = NOON + timedelta(hours=8)
    assert standing(BUDGET, long, evening).rest is None
    assert standing(BUDGET, [*long, at(200, 1)], evening).rest is Rest.SPENT
    assert standing(BUDGET, [at(60, 900, 2)], evening).rest is Rest.SPENT
    five = [at(30 * number, 1, 2) for number in range(5)]
    assert standing(BUDGET, five, evening).rest is Rest.SPENT


def test_a_long_stretch_asks_for_a_break_and_a_pause_ends_a_stretch():
    on_end = [at(minute) for minute in (0, 9, 18, 20)]
    after = NOON + timedelta(minutes=21)
    found = standing(BUDGET, on_end, after)
    end = NOON + timedelta(minutes=30, seconds=10)
    assert (found.rest, found.until) == (Rest.BREAK, end)
    assert standing(BUDGET, on_end, end).rest is None
    paused = [at(minute) for minute in (0, 9, 19.2, 21)]
    assert standing(BUDGET, paused, NOON + timedelta(minutes=22)).rest is None


def test_a_break_that_is_due_does_not_end_at_midnight():
    evening = [at(minute) for minute in (0, 9, 18, 20)]
    after = NOON + timedelta(minutes=21)
    found = standing(BUDGET, [], after, before=evening)
    assert (found.rest, found.pictures) == (Rest.BREAK, 0)
    assert standing(BUDGET, [], after).rest is None


@pytest.mark.parametrize(
    ("told", "passed", "lasted"),
    [(None, 4, 4), (None, 5000, 600), (0, 4, 4), (0, 5000, 20), (30, 31, 30), (None, -9, 0)],
)
def test_the_next_request_says_how_long_it_was_there_at_least(told, passed, lasted):
    found = lasted_at_least(told, timedelta(seconds=passed))
    assert found == timedelta(seconds=lasted) and found <= LONGEST


def test_a_look_of_which_nobody_told_the_length_counts_twenty_seconds():
    assert standing(BUDGET, [at(0, None)] * 3, NOON).minutes == 1


def test_not_today_comes_before_all():
    assert standing(BUDGET, [], NOON, not_today=True).rest is Rest.NOT_TODAY


looks_of_a_day = st.lists(
    st.builds(
        at,
        st.floats(-600, 600),
        st.none() | st.integers(0, 600),
        st.sampled_from([1, 1.5, 2]),
    ),
    max_size=30,
)


@given(looks_of_a_day, st.floats(-700, 700))
def test_nobody_is_served_beyond_a_limit_whatever_the_clock_does(looks, minute):
    found = standing(BUDGET, looks, NOON + timedelta(minutes=minute))
    if found.rest is None:
        assert len(looks) < BUDGET.pictures_a_day
        assert sum((one.lasted for one in looks), timedelta()) < timedelta(minutes=30)


@given(looks_of_a_day, st.floats(-700, 700))
def test_another_look_never_frees_anybody(looks, minute):
    now = NOON + timedelta(minutes=minute)
    before, after = standing(BUDGET, looks, now), standing(BUDGET, [*looks, at(minute)], now)
    assert after.pictures > before.pictures and after.minutes > before.minutes
    if before.rest is Rest.SPENT:
        assert after.rest is Rest.SPENT


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"pictures_a_day": 0}, "pictures_a_day"),
        ({"minutes_a_day": "60"}, "minutes_a_day"),
        ({"break_minutes": True}, "break_minutes"),
        ({"warn_from": 2}, "warn_from"),
        ({"weights": {"baseline": 0}}, "weights"),
    ],
)
def test_limits_that_protect_nobody_are_refused_by_name(wrong, named):
    right = dict(pictures_a_day=1, minutes_a_day=1, stretch_minutes=1, break_minutes=1)
    with pytest.raises(ValueError, match=named):
        Budget.read({**right, **wrong})
