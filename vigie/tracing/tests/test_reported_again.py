"""A closed item that is reported again is looked at again, and opened again if it has news."""

import hashlib
import io
import random
from datetime import timedelta

import pytest
import time_machine
from PIL import Image

from tests.factories import looked
from tests.outside import Says
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.models import CONFIRMING, Classification
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.items.services import ONE_VISIT_IN
from vigie.lib import clock
from vigie.matching.judged import SERIOUS
from vigie.matching.services import remember
from vigie.sandbox.pictures import picture
from vigie.tracing.selectors import content_of
from vigie.worker.loop import OUTSIDE, one_round

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
CAT, DOG = picture("cat", "jpg"), picture("dog", "jpg")
DAYS = timedelta(days=2)


def _drawn(width: int, height: int, seed: str) -> bytes:
    """A picture of that size, like no other: coloured fields by chance."""
    small = Image.frombytes("RGB", (8, 8), random.Random(seed).randbytes(192))
    target = io.BytesIO()
    small.resize((width, height)).save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def closed(outside, report_of, analyst) -> Item:
    """An album with one picture, looked at and found not illegal."""
    outside.site.album("/album", CAT)
    (item,) = report_of(outside.site.url("/album"))
    one_round(OUTSIDE)
    item.refresh_from_db()
    look = item.looks.get()
    assess(item, analyst, Decision(Classification.NOT_ILLEGAL, look.pk, reason="by its words"))
    assert (item.state, item.outcome) == (State.CLOSED, "not_illegal")
    return item


def _reported_again(report_of, outside, item: Item, after: timedelta = DAYS) -> None:
    with time_machine.travel(clock.now() + after, tick=False):
        assert report_of(outside.site.url("/album")) == [item]
        one_round(OUTSIDE)
    item.refresh_from_db()


def test_what_shows_the_same_pictures_stays_closed(closed, outside, report_of):
    outside.site.album("/album", CAT, words="other words, an advertisement, the time of day")
    _reported_again(report_of, outside, closed)
    assert closed.looks.count() == 2
    assert (closed.state, closed.outcome) == (State.CLOSED, "not_illegal")


def test_what_shows_another_picture_is_opened_again_in_a_new_round(closed, outside, report_of):
    outside.site.album("/album", CAT, DOG)
    _reported_again(report_of, outside, closed)
    assert (closed.state, closed.outcome, closed.classification) == (State.TO_ASSESS, "", "")
    assert closed.round == 2
    assert closed.assessments.count() == 1, "the earlier decision stays where it is"


@pytest.mark.parametrize(("width", "height"), [(468, 60), (199, 900), (900, 199), (16, 16)])
def test_banners_that_turn_over_open_nothing_however_often_it_is_reported(
    width, height, closed, outside, report_of
):
    for number in range(3):
        outside.site.album("/album", CAT, _drawn(width, height, f"banner {number}"))
        _reported_again(report_of, outside, closed, DAYS * (number + 1))
        assert closed.state == State.CLOSED
    assert closed.looks.count() == 4, "it was visited all the same: silence would tell"


@pytest.mark.parametrize(("width", "height"), [(200, 200), (1200, 900)])
def test_a_picture_that_is_large_enough_is_news(width, height, closed, outside, report_of):
    outside.site.album("/album", CAT, _drawn(width, height, "large"))
    _reported_again(report_of, outside, closed)
    assert closed.state == State.TO_ASSESS


def test_the_same_picture_in_other_bytes_is_no_news(closed, outside, report_of):
    outside.site.album("/album", CAT + b"other bytes, the same PDQ")
    _reported_again(report_of, outside, closed)
    assert closed.state == State.CLOSED


def test_a_picture_that_was_judged_harmless_elsewhere_is_no_news(closed, outside, report_of):
    remember([{"sha256": hashlib.sha256(DOG).hexdigest()}], "not_illegal", closed.pk)
    outside.site.album("/album", CAT, DOG)
    _reported_again(report_of, outside, closed)
    assert closed.state == State.CLOSED


@pytest.mark.parametrize("kind", sorted(SERIOUS))
def test_known_material_opens_it_at_once_however_small_and_however_soon(
    kind, closed, outside, report_of
):
    small = _drawn(90, 90, "small")
    remember([{"sha256": hashlib.sha256(small).hexdigest()}], kind, closed.pk)
    outside.site.album("/album", CAT, small)
    _reported_again(report_of, outside, closed, ONE_VISIT_IN * 2)
    assert closed.state == State.TO_ASSESS


@pytest.mark.pure
def test_serious_is_what_the_desk_confirms():
    assert {kind.value for kind in CONFIRMING} == SERIOUS


def test_too_soon_after_it_was_closed_it_waits_and_nobody_is_visited_for_it(
    closed, outside, report_of, settings
):
    settings.REOPEN_SECONDS = 3 * 86400
    outside.site.album("/album", CAT, DOG)
    _reported_again(report_of, outside, closed, timedelta(days=1))
    assert closed.state == State.CLOSED
    assert closed.due_at == closed.changed_at + timedelta(days=3)
    asked = list(outside.site.asked)
    with time_machine.travel(closed.due_at, tick=False):
        assert one_round(OUTSIDE) == 1
    closed.refresh_from_db()
    assert (closed.state, outside.site.asked) == (State.TO_ASSESS, asked)


def test_it_is_opened_again_once_and_not_with_every_report(
    closed, outside, report_of, analyst, settings
):
    settings.REOPEN_SECONDS = 30 * 86400
    days = []
    for day in range(1, 100, 10):
        outside.site.album("/album", CAT, _drawn(300, 300, f"day {day}"))
        _reported_again(report_of, outside, closed, timedelta(days=day))
        if closed.state == State.TO_ASSESS:
            days.append(day)
            with time_machine.travel(clock.now() + timedelta(days=day), tick=False):
                look = closed.looks.first()
                harmless = Decision(Classification.NOT_ILLEGAL, look.pk, reason="by its words")
                assess(closed, analyst, harmless)
    assert days == [31, 61, 91]


def test_what_is_gone_is_no_reason_to_open_it(closed, outside, report_of):
    outside.site.pages.clear()
    _reported_again(report_of, outside, closed)
    assert closed.looks.first().status == 404
    assert closed.state == State.CLOSED


def test_a_page_that_answers_where_none_did_is_for_a_person(outside, report_of, analyst):
    """It was closed because nothing was there to assess; even if what is there is no picture."""
    (item,) = report_of(outside.site.url("/album"))
    one_round(OUTSIDE)
    item.refresh_from_db()
    assess(item, analyst, Decision(Classification.CANNOT_ASSESS, item.looks.get().pk))
    outside.site.pages["/album"] = Says(body=b"<!doctype html><video src=/a.mp4></video>")
    _reported_again(report_of, outside, item)
    assert item.state == State.TO_ASSESS


def test_a_host_that_is_down_opens_nothing(closed, outside, report_of):
    outside.site.stop()
    _reported_again(report_of, outside, closed)
    assert closed.looks.first().outcome == "connect_failed"
    assert closed.state == State.CLOSED


def test_a_second_report_within_ten_minutes_makes_no_second_visit(closed, outside, report_of):
    report_of(outside.site.url("/album"))
    assert one_round(OUTSIDE) == 0
    assert closed.looks.count() == 1


def test_a_look_on_demand_of_an_item_on_the_desk_changes_nothing_but_the_look(outside, report_of):
    outside.site.album("/album", CAT)
    (item,) = report_of(outside.site.url("/album"))
    first = looked(item)
    second = looked(item)
    assert first != second
    assert content_of(first) == content_of(second)
    assert item.state == State.TO_ASSESS
