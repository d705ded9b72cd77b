"""What figures promise against somebody who brings counts about (docs/decisions/0017).

They report N addresses of their own, and read two publications that follow each other. Were the
addresses known? The figures of both worlds are compared: the one in which they were, the other not.
"""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest
import time_machine
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import decided, looked
from vigie.figures.models import PublishedFigures
from vigie.figures.selectors import Figures, figures
from vigie.figures.services import MEDIAN, OUTCOMES, publish_if_due, shown_of
from vigie.figures.shown import SPANS, ladder, next_shown, reached, span
from vigie.items import keys
from vigie.items.flow import Move
from vigie.items.services import move_item

COUNTS = st.integers(0, 3000)
MINIMA = st.integers(1, 40)
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.mark.pure
@given(MINIMA)
def test_no_step_is_smaller_than_the_minimum_and_steps_grow_with_the_count(minimum):
    rungs = list(islice(ladder(minimum), 60))
    assert rungs[0] >= minimum
    for rung, above in pairwise(rungs):
        assert above - rung >= minimum
        assert above - rung >= rung / 8
        assert rung < 10 * minimum or above <= 1.34 * rung


@pytest.mark.pure
@given(COUNTS, MINIMA, st.integers(0, 2**32))
def test_what_is_shown_is_passed_and_less_than_two_rungs_behind(count, minimum, seed):
    shown = reached(count, minimum, lambda rung, gap: (seed + rung) % gap)
    assert shown == 0 or shown <= count
    above = [rung for rung in islice(ladder(minimum), 60) if rung > shown]
    assert count < above[1]


@pytest.mark.pure
@pytest.mark.parametrize("minimum", [5, 10])
@pytest.mark.parametrize("count", [0, 4, 7, 33, 118, 640])
def test_n_more_are_seen_at_no_more_than_n_of_all_the_secret_places_of_a_rung(count, minimum):
    """So whoever adds n sees a rung, in one world and not in the other, with a chance of n/gap."""
    rung, above = next(
        pair for pair in pairwise(ladder(minimum)) if pair[1] > count or pair[0] > count
    )
    gap = above - rung
    for more in range(1, gap + 1):
        differ = sum(
            reached(count, minimum, lambda r, g, at=at: at % g)
            != reached(count + more, minimum, lambda r, g, at=at: at % g)
            for at in range(gap)
        )
        assert differ <= more


@pytest.mark.pure
@given(st.lists(COUNTS, min_size=2, max_size=12), MINIMA)
def test_however_much_came_one_rung_a_publication_and_never_back(counts, minimum):
    rungs, shown = [0, *islice(ladder(minimum), 60)], 0
    for count in counts:
        after = next_shown(shown, reached(count, minimum, lambda rung, gap: gap // 2), minimum)
        assert rungs.index(after) - rungs.index(shown) in (0, 1)
        shown = after


@pytest.mark.pure
def test_the_places_of_the_rungs_are_secret_each_its_own_and_stay_where_they_are():
    drawn = [keys.drawn("figures", f"{name} {rung}", 1000) for name in OUTCOMES for rung in (5, 10)]
    assert len(set(drawn)) > 5
    assert drawn[0] == keys.drawn("figures", "confirmed 5", 1000)
    assert {keys.drawn("figures", f"x {n}", 3) for n in range(60)} == {0, 1, 2}


@pytest.mark.pure
@given(st.lists(COUNTS, min_size=6, max_size=6), st.floats(0, 5000), MINIMA)
def test_nothing_but_rungs_and_spans_is_published_and_no_count_of_places(counts, hours, minimum):
    values = shown_of(Figures(*counts, median_hours_to_removal=hours), minimum, {})
    assert set(values) == {"reports", *OUTCOMES, MEDIAN, "minimum"}
    rungs = set(islice(ladder(minimum), 60))
    assert all(values[name] in {None, *rungs} for name in ("reports", *OUTCOMES))
    assert values[MEDIAN] is None or values[MEDIAN] in SPANS or values[MEDIAN] % SPANS[-1] == 0
    assert (values[MEDIAN] is None) == (values["removed"] is None)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("hours", "told"), [(0, 6), (6, 6), (6.1, 12), (24, 24), (100, 168), (720, 720), (721, 1440)]
)
def test_a_median_is_told_as_a_span(hours, told):
    assert span(hours) == told


@pytest.mark.pure
def test_the_median_moves_only_when_removed_does():
    before = {"until": "x", "removed": 100, MEDIAN: 24}
    assert shown_of(Figures(0, 0, 0, 0, 0, 100, 500.0), 5, before)[MEDIAN] == 24
    assert shown_of(Figures(0, 0, 0, 0, 0, 900, 500.0), 5, before)[MEDIAN] == 720


@pytest.mark.pure
def test_what_was_published_exactly_before_is_followed_by_a_rung():
    exact = {"reports": 137, "items": 90, "confirmed": 43, "removed": 17, "minimum": 5}
    values = shown_of(Figures(137, 90, 43, 0, 0, 17, 3.0), 5, exact)
    assert "items" not in values
    assert (values["reports"], values["confirmed"]) != (137, 43)


def publish_after(weeks: int) -> dict[str, object]:
    with time_machine.travel(START + weeks * WEEK, tick=False):
        assert publish_if_due()
    values = dict(PublishedFigures.objects.first().values)
    del values["until"]
    return values


def world(known: bool, report_of, number: int) -> list[dict[str, object]]:
    """What is published in four weeks that follow each other; the attack is in the second.

    All that an offender could hope for happens at once: what is new is confirmed, told and gone.
    """
    places = [f"Telegram @offender_{n}" for n in range(number)]
    with transaction.atomic(), transaction.atomic(using="front"):
        with time_machine.travel(START - 2 * WEEK, tick=False):
            others = [report_of(f"Telegram @other_{n}")[0] for n in range(40)]
            for item in others:
                _through(item)
            if known:
                for place in places:
                    _through(report_of(place)[0])
        published = [publish_after(0)]
        with time_machine.travel(START + timedelta(days=1), tick=False):
            items = [report_of(place)[0] for place in places]
            for item in items:
                if not known:
                    _through(item)
        published += [publish_after(week) for week in (1, 2, 3)]
        exact = figures()
        assert (exact.reports, exact.items) == (40 + number * (1 + known), 40 + number)
        for using in ("default", "front"):
            transaction.set_rollback(True, using=using)
    return published


def _through(item) -> None:
    decided(item, looked(item))
    item.refresh_from_db()
    for move in (Move.REFER, Move.REMOVE):
        move_item(item, move, "worker")


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(6, marks=pytest.mark.rest),
        *(pytest.param(number, marks=pytest.mark.matrix) for number in (1, 30)),
    ],
)
def test_two_publications_that_follow_each_other_tell_nothing_of_the_reports_between(
    number, report_of, settings
):
    settings.GRID_SECONDS, settings.FIGURES_MINIMUM = 7 * 86400, 5
    rungs = [None, *islice(ladder(5), 20)]
    changes = {}
    for known in (True, False):
        first, second, third, fourth = world(known, report_of, number)
        assert first == second, "nothing of the week before is told"
        changes[known] = [
            {
                name: rungs.index(after[name]) - rungs.index(before[name])
                for name in ("reports", *OUTCOMES)
            }
            for before, after in ((second, third), (third, fourth))
        ]
    known, new = changes[True], changes[False]
    for week in (0, 1):
        for name in OUTCOMES:
            assert known[week][name] == 0
            assert new[week][name] in (0, 1), "one rung, however much came"
