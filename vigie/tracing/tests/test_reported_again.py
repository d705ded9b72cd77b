"""A closed item that is reported again is looked at again, and opened again if it changed."""

import pytest
import time_machine

from tests.factories import looked
from vigie.cases.models import Classification
from vigie.cases.services import Decision, assess
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.items.services import ONE_VISIT_IN
from vigie.lib import clock
from vigie.sandbox.pictures import picture
from vigie.tracing.selectors import content_of
from vigie.worker.loop import OUTSIDE, one_round

pytestmark = pytest.mark.django_db(databases="__all__")
CAT, DOG = picture("cat", "jpg"), picture("dog", "jpg")


@pytest.fixture
def closed(outside, report_of, analyst) -> Item:
    """An album with one picture, looked at and found not illegal."""
    outside.site.album("/album", CAT)
    (item,) = report_of(outside.site.url("/album"))
    one_round(OUTSIDE)
    item.refresh_from_db()
    look = item.looks.get()
    assess(item, analyst, Decision(Classification.NOT_ILLEGAL, look.pk))
    assert (item.state, item.outcome) == (State.CLOSED, "not_illegal")
    return item


def _reported_again(report_of, outside, item: Item) -> None:
    with time_machine.travel(clock.now() + ONE_VISIT_IN * 2, tick=False):
        assert report_of(outside.site.url("/album")) == [item]
        one_round(OUTSIDE)
    item.refresh_from_db()


def test_what_shows_the_same_pictures_stays_closed(closed, outside, report_of):
    outside.site.album("/album", CAT, words="other words, an advertisement, the time of day")
    _reported_again(report_of, outside, closed)
    assert closed.looks.count() == 2
    assert (closed.state, closed.outcome) == (State.CLOSED, "not_illegal")


def test_what_shows_another_picture_is_opened_again(closed, outside, report_of):
    outside.site.album("/album", CAT, DOG)
    _reported_again(report_of, outside, closed)
    assert (closed.state, closed.outcome, closed.classification) == (State.TO_ASSESS, "", "")
    assert closed.assessments.count() == 1, "the earlier decision stays where it is"


def test_what_is_gone_is_opened_again_for_a_person_to_say_so(closed, outside, report_of):
    """Not found is an answer, and another than before; a host that is down gives none."""
    outside.site.pages.clear()
    _reported_again(report_of, outside, closed)
    assert closed.state == State.TO_ASSESS


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
