"""What is counted, what of it is published, and when: a coarse grid, and no small numbers."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tests.databases import in_threads
from tests.factories import a_confirmed_item, a_look, an_item, looked
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.models import Classification
from vigie.dispatch.models import Notice
from vigie.dispatch.services import plan_notices, plan_referrals
from vigie.figures.models import PublishedFigures
from vigie.figures.selectors import Figures, figures
from vigie.figures.services import publish_if_due
from vigie.items.flow import Move
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.tracing.models import Look

pytestmark = pytest.mark.django_db(databases="__all__")
MONDAY = "2026-03-02T00:00Z"


def _decided(item: Item, by, kind: Classification = Classification.BASELINE) -> None:
    look = looked(item)
    assess(item, by, Decision(kind, look.pk, "by its words"))


def test_reports_places_and_what_became_of_them_are_counted(outside, report_of, analyst):
    report_of("Telegram @one\nTelegram @two")
    (item,) = report_of("Telegram @one")
    (other,) = report_of("Telegram @three")
    with time_machine.travel(MONDAY, tick=False):
        _decided(item, analyst)
    _decided(other, analyst, Classification.NOT_ILLEGAL)
    move_item(item, Move.REFER, "worker")
    with time_machine.travel("2026-03-03T06:00Z", tick=False):
        move_item(item, Move.REMOVE, "worker", outcome="removed")
    assert figures() == Figures(
        reports=3, items=3, confirmed=1, referred=0, notices=0, removed=1,
        median_hours_to_removal=30.0,
    )  # fmt: skip


@pytest.mark.parametrize(("status", "removed"), [(200, 1), (404, 0), (503, 1)])
def test_what_was_gone_before_anybody_decided_is_no_removal(status, removed, analyst):
    item = an_item("http://one.test/")
    look = a_look(item)
    Look.objects.filter(pk=look.pk).update(status=status)
    assess(item, analyst, Decision(Classification.BASELINE, look.pk, "by its words"))
    for move in (Move.REFER, Move.REMOVE):
        move_item(item, move, "worker")
    found = figures()
    assert (found.removed, found.median_hours_to_removal is not None) == (removed, bool(removed))


def test_a_pack_to_a_partner_is_no_notice_to_a_host(policy):
    item = a_confirmed_item("http://photos.moselle.test/a", "LU")
    plan_referrals()
    move_item(item, Move.REFER, "worker")
    plan_notices()
    assert Notice.objects.update(step="sent", sent_at=clock.now()) == 1
    assert figures().notices == 0


def test_an_item_confirmed_twice_is_one(outside, report_of, analyst):
    (item,) = report_of("Telegram @one")
    _decided(item, analyst)
    for move in (Move.REFER, Move.REMOVE):
        move_item(item, move, "worker")
    move_item(item, Move.REAPPEAR, "worker")
    assert figures().confirmed == 1
    assert figures().removed == 0, "what came back is not taken down"


def test_figures_of_a_moment_are_those_of_what_had_happened_by_then(outside, report_of, analyst):
    with time_machine.travel(MONDAY, tick=False):
        (item,) = report_of("Telegram @one")
        _decided(item, analyst)
    with time_machine.travel("2026-03-04T00:00Z", tick=False):
        report_of("Telegram @two")
        for move in (Move.REFER, Move.REMOVE):
            move_item(item, move, "worker")
    then = datetime.fromisoformat("2026-03-03T00:00+00:00")
    assert figures(then) == Figures(1, 1, 1, 0, 0, 0, None)
    assert figures() == Figures(2, 2, 1, 0, 0, 1, 48.0)


def test_what_is_published_is_dated_by_the_grid_and_tells_of_the_tick_before(report_of, settings):
    settings.GRID_SECONDS = 7 * 86400
    settings.FIGURES_MINIMUM = 1
    with time_machine.travel("2026-02-22T12:00Z", tick=False):
        report_of("Telegram @one")
    with time_machine.travel("2026-03-05T15:42:11Z", tick=False):
        report_of("Telegram @two\nTelegram @three")
        assert publish_if_due()
    published = PublishedFigures.objects.get()
    assert published.week.isoformat() == "2026-03-02T00:00:00+00:00"
    assert published.values == {
        "reports": 1, "confirmed": None, "referred": None, "notices": None, "removed": None,
        "median_hours_to_removal": None, "minimum": 1, "until": "2026-02-23T00:00:00+00:00",
    }  # fmt: skip


def test_within_one_tick_nothing_more_is_published_whatever_happens(report_of, settings):
    settings.GRID_SECONDS = 7 * 86400
    with time_machine.travel(MONDAY, tick=False) as traveller:
        assert publish_if_due()
        for _ in range(6):
            traveller.shift(timedelta(days=1))
            report_of("Telegram @again")
            assert not publish_if_due()
        assert PublishedFigures.objects.get().values["reports"] is None
        traveller.shift(timedelta(days=1))
        assert publish_if_due()
    assert PublishedFigures.objects.count() == 2
    assert Entry.objects.filter(verb=Verb.FIGURES_PUBLISHED).count() == 2


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_four_workers_one_publishes():
    assert sorted(in_threads([publish_if_due] * 4)) == [False, False, False, True]
    assert PublishedFigures.objects.count() == 1
    assert Entry.objects.filter(verb=Verb.FIGURES_PUBLISHED).count() == 1


def test_the_public_page_is_the_same_before_and_after_a_report_of_a_known_or_a_new_place(
    report_of, public_client, settings
):
    """Within a tick a report shows nowhere, so it cannot ask whether a place is known."""
    settings.GRID_SECONDS = 365 * 86400
    settings.FIGURES_MINIMUM = 1
    report_of("http://galerie.nord.test/a/known")
    publish_if_due()
    pages = [public_client.get("/en/figures/").content]
    for where in ("http://galerie.nord.test/a/known", "http://galerie.nord.test/a/new"):
        report_of(where)
        publish_if_due()
        pages.append(public_client.get("/en/figures/").content)
    assert pages[0] == pages[1] == pages[2]
    assert b"reports received" in pages[0]


def test_the_public_page_reads_the_published_copy_and_no_other_table(public_client):
    PublishedFigures.objects.create(week=clock.now(), values={"reports": 4321, "minimum": 5})
    with (
        CaptureQueriesContext(connections["front"]) as front,
        CaptureQueriesContext(connections["default"]) as default,
    ):
        page = public_client.get("/en/figures/").content.decode()
    assert "at least 4,321" in page
    assert "places" not in page[page.index("<dl") : page.index("</dl>")]
    assert [query["sql"] for query in default] == []
    (query,) = front
    assert query["sql"].count(" FROM ") == 1
    assert 'FROM "figures_publishedfigures"' in query["sql"]


def test_the_desk_shows_the_exact_figures_and_what_was_published(
    report_of, desk_client, manager, settings
):
    settings.FIGURES_MINIMUM = 500
    report_of("\n".join(f"Telegram @account_{n}" for n in range(137)))
    publish_if_due()
    page = desk_client(manager).get("/figures/").content.decode()
    assert "137" in page
    assert "items" not in PublishedFigures.objects.get().values
