"""When an item is removed: two looks that found it gone, with time between, and none that did not.

A host that is down for an hour, or hides from one visitor, must not end the watch.
"""

import pytest

from tests.factories import an_item
from vigie.items.flow import Move, State
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.watch.models import Check
from vigie.watch.services import check_item
from vigie.watch.tests.support import (
    ANSWERS,
    PATH,
    START,
    at,
    check_due,
    look,
    looks,
    referred,
)

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def every_six_hours(settings):
    settings.WATCH_SECONDS, settings.REMOVED_WATCH_SECONDS = 6 * 3600, 14 * 86400


@pytest.fixture
def item(site):
    return referred(site.url(PATH))


@pytest.mark.parametrize(
    "seen",
    [
        "0 gone, 6 gone",
        "0 gone, 5.5 gone",
        "0 there, 6 gone, 12 gone",
        "0 gone, 6 unclear, 12 gone, 18 gone",
        "0 gone, 3 gone, 6 gone",
        "0 gone, 200 gone",
    ],
)
def test_gone_twice_with_time_between_is_removed(seen, item, site):
    before, _, last = seen.rpartition(", ")
    assert looks(item, site, before) == State.REFERRED
    assert looks(item, site, last) == State.REMOVED
    assert item.outcome == "removed"


@pytest.mark.parametrize(
    "seen",
    [
        "0 gone",
        "0 gone, 1 gone",
        "0 gone, 5.3 gone",
        "0 gone, 6 unclear, 12 gone",
        "0 gone, 6 there, 12 gone",
        "0 gone, 6 there, 6.2 gone, 11.2 gone",
        "0 unclear, 6 unclear, 12 unclear",
        "0 there, 6 there",
        "0 unclear, 6 gone",
    ],
)
def test_anything_less_is_not(seen, item, site):
    assert looks(item, site, seen) == State.REFERRED
    assert item.outcome == ""
    assert item.checks.count() == len(seen.split(", "))


@pytest.mark.parametrize("move", [Move.AUTHORISE, Move.NOTIFY])
def test_it_can_go_at_any_step_of_the_road(move, item, site):
    move_item(item, move, "staff:1")
    assert looks(item, site, "0 gone, 6 gone") == State.REMOVED


def test_reports_every_ten_minutes_cannot_keep_it_from_being_removed(item, site):
    """Each report of a known address causes a look: all of them are closer than the interval."""
    site.pages[PATH] = ANSWERS["gone"]
    removed_at = None
    for number in range(40):
        with at(number / 6):
            an_item(site.url(PATH))
            assert check_due() == 1
        item.refresh_from_db()
        if item.state == State.REMOVED and removed_at is None:
            removed_at = number / 6
    assert removed_at == 5.5
    hours = [(check.at.hour, check.at.minute) for check in item.checks.order_by("pk")[:3]]
    assert hours == [(8, 0), (8, 10), (8, 20)]


def test_removed_and_still_gone_or_unclear_stays_removed(item, site):
    looks(item, site, "0 gone, 6 gone")
    assert looks(item, site, "400 gone, 800 unclear") == State.REMOVED
    assert item.round == 1


def test_when_the_next_look_is_due(item, site):
    site.pages[PATH] = ANSWERS["gone"]
    for hours, pause in [(0, 6), (6, 14 * 24), (500, 14 * 24)]:
        with at(hours):
            Item.objects.filter(pk=item.pk).update(due_at=None)
            an_item(site.url(PATH))
            assert check_due() == 1
            assert check_due() == 0
        item.refresh_from_db()
        share = (item.due_at - item.checks.first().at).total_seconds() / (pause * 3600)
        assert 0.75 <= share <= 1.25


@pytest.mark.parametrize(("met", "least"), [("there", 0.75), ("unclear", 0.75), ("gone", 0.9)])
def test_no_two_pauses_are_alike_and_none_after_gone_is_too_short_to_count(met, least, item, site):
    site.pages[PATH] = ANSWERS[met]
    pauses = []
    with at(0):
        for _ in range(40):
            item.checks.all().delete()
            pauses.append((check_item(item) - START).total_seconds() / (6 * 3600))
    assert len(set(pauses)) == len(pauses)
    assert least <= min(pauses) < least + 0.15
    assert 1.1 < max(pauses) <= 1.25


def test_removed_is_looked_at_again_at_uneven_times_too(item, site):
    looks(item, site, "0 gone, 6 gone")
    with at(400):
        pauses = [check_item(item) - START for _ in range(4)]
    assert len(set(pauses)) == 4


def test_what_was_seen_is_written_down_with_a_line_of_the_journal(item, site):
    check = look(item)
    assert (check.verdict, check.page) == (Check.Verdict.GONE, "http_404")
    line = Entry.objects.filter(verb="item.checked").latest("seq")
    assert (line.subject, line.actor) == (item.subject, "worker")
    assert f'"check":{check.pk}' in line.detail
    assert "gone" in line.detail
