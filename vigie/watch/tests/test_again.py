"""What reappears, what outlives its page, and what a look finds moved under it."""

import pytest

from tests.databases import in_threads
from tests.factories import a_confirmed_item
from tests.outside import Says
from vigie.dispatch.models import Notice
from vigie.dispatch.services import plan_notices, plan_referrals, send_notice, send_referral
from vigie.dispatch.tests.support import known, referral_of
from vigie.items.flow import Move, State
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.models import Entry
from vigie.tracing.egress import record_mandate, withdraw_mandates
from vigie.watch.look import look_again
from vigie.watch.services import check_item, plan_checks
from vigie.watch.tests.support import ANSWERS, PATH, START, at, check_due, look, looks, referred

pytestmark = pytest.mark.django_db(databases="__all__")


def test_a_removed_item_that_reappears_is_confirmed_again_in_a_new_round(site):
    item = referred(site.url(PATH))
    looks(item, site, "0 gone, 6 gone, 400 there")
    assert (item.state, item.round, item.outcome) == (State.CONFIRMED, 2, "")
    assert item.due_at is None
    moves = Entry.objects.filter(subject=item.subject, verb="item.moved").order_by("seq")
    assert '"move":"reappear"' in moves.last().detail


def test_it_is_referred_and_notified_anew(site, policy):
    known("abuse@host.test")
    item = a_confirmed_item(site.url(PATH), "NL", abuse_contact="abuse@host.test")
    for number in (1, 2):
        assert (plan_referrals(), plan_referrals()) == (1, 0)
        send_referral(referral_of(item))
        assert (plan_notices(), plan_notices()) == (1, 0)
        send_notice(Notice.objects.latest("pk"))
        item.refresh_from_db()
        assert (item.state, item.round) == (State.NOTIFIED, number)
        looks(item, site, f"{number * 1000} gone, {number * 1000 + 6} gone")
        looks(item, site, f"{number * 1000 + 400} there")
    assert sorted(item.referrals.values_list("round", flat=True)) == [1, 2]
    assert sorted(item.notices.values_list("round", flat=True)) == [1, 2]
    assert len(set(item.notices.values_list("report_id", flat=True))) == 2


def test_the_looks_of_the_round_before_do_not_count_in_the_next(site):
    item = referred(site.url(PATH))
    looks(item, site, "0 gone, 6 gone, 400 there")
    move_item(item, Move.REFER, "worker")
    assert looks(item, site, "406 gone") == State.REFERRED
    assert looks(item, site, "412 gone") == State.REMOVED


@pytest.mark.parametrize(
    ("picture", "verdict", "gone"), [("there", "there", 1), ("unclear", "unclear", 1)]
)
def test_a_judged_picture_that_outlives_its_page_keeps_the_item(picture, verdict, gone, site):
    item = referred(site.url(PATH), pictures=2)
    site.pages[PATH] = site.pages[f"{PATH}-1"] = ANSWERS["gone"]
    site.pages[f"{PATH}-2"] = ANSWERS[picture]
    for hours in (0, 6, 12):
        check = look(item, hours)
        assert (check.verdict, check.page) == (verdict, "http_410")
        assert (check.pictures_gone, check.pictures_asked) == (gone, 2)
    assert item.state == State.REFERRED
    site.pages[f"{PATH}-2"] = ANSWERS["gone"]
    assert look(item, 18).pictures_gone == 2
    look(item, 24)
    assert item.state == State.REMOVED


def test_a_picture_that_comes_back_without_its_page_is_a_reappearance(site):
    item = referred(site.url(PATH), pictures=1)
    looks(item, site, "0 gone, 6 gone")
    assert item.state == State.REMOVED
    site.pages[f"{PATH}-1"] = ANSWERS["there"]
    look(item, 400)
    assert (item.state, item.round) == (State.CONFIRMED, 2)


def test_an_item_that_is_itself_a_picture_is_asked_once(site):
    item = referred(site.url("/p/one-1"))
    item.refresh_from_db()
    look(item)
    assert site.asked == ["/p/one-1"]


@pytest.mark.parametrize("colleague", [Move.CONCLUDE, Move.AUTHORISE, Move.NOTIFY])
def test_moved_by_a_colleague_meanwhile_the_look_stays_as_evidence(colleague, site):
    item = referred(site.url(PATH))
    looks(item, site, "0 gone")
    as_it_was = Item.objects.get(pk=item.pk)
    move_item(item, colleague, "staff:1")
    with at(6):
        due = check_item(as_it_was)
    moved_to = item.state
    item.refresh_from_db()
    assert (item.state, item.outcome) == (moved_to, "")
    assert [check.verdict for check in item.checks.all()] == ["gone", "gone"]
    assert (due is None) == (colleague is Move.CONCLUDE)
    if colleague is not Move.CONCLUDE:
        assert looks(item, site, "6.5 gone") == State.REMOVED


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_that_look_at_once_remove_it_once(site):
    item = referred(site.url(PATH))
    looks(item, site, "0 gone")
    with at(6):
        done = in_threads([lambda: check_item(Item.objects.get(pk=item.pk))] * 3)
    assert not [error for error in done if isinstance(error, Exception)]
    item.refresh_from_db()
    assert item.state == State.REMOVED
    moves = Entry.objects.filter(subject=item.subject, verb="item.moved")
    assert sum('"remove"' in line.detail for line in moves) == 1
    assert item.checks.count() == 4


def test_without_a_mandate_nothing_is_asked_and_the_look_is_put_off(site, settings):
    item = referred(site.url(PATH))
    settings.SANDBOX = False
    with at(0):
        plan_checks()
    for round_number in (8, 16, 24):
        with at(round_number):
            assert check_due() == 1
        item.refresh_from_db()
        with at(round_number):
            assert item.due_at > START
            assert check_due() == 0
    assert (site.asked, item.checks.count(), item.attempts) == ([], 0, 0)


def test_with_a_mandate_it_is_asked_and_no_more_once_it_is_withdrawn(site, settings):
    item = referred(site.url(PATH))
    settings.SANDBOX = False
    record_mandate("a law", "A-1", "a route", "staff:1")
    look(item)
    assert site.asked == [PATH]
    withdraw_mandates("staff:1")
    with at(6):
        check_item(item)
    assert (site.asked, item.checks.count()) == ([PATH], 1)


def test_what_is_referred_gets_its_first_look_after_about_one_interval(site, settings):
    item = referred(site.url(PATH))
    with at(0):
        assert (plan_checks(), plan_checks()) == (1, 0)
        item.refresh_from_db()
        share = (item.due_at - START).total_seconds() / settings.WATCH_SECONDS
        assert 0.75 <= share <= 1.25
        assert check_due() == 0


@pytest.mark.parametrize("met", ["gone", "there"])
def test_ended_by_a_lead_during_the_look_it_stays_ended_and_nobody_looks_again(
    met, site, monkeypatch
):
    """Whatever the look met: a visit of a closed item might even open it again."""
    item = referred(site.url(PATH))
    looks(item, site, "0 gone")

    def and_the_lead_concludes(looked_at):
        found, shown = look_again(looked_at), Item.objects.get(pk=item.pk)
        move_item(shown, Move.CONCLUDE, "staff:1", outcome="left_to_others", due_at=None)
        return found

    monkeypatch.setattr("vigie.watch.services.look_again", and_the_lead_concludes)
    site.pages[PATH] = ANSWERS[met]
    with at(6):
        Item.objects.filter(pk=item.pk).update(due_at=START)
        assert check_due() == 1
    item.refresh_from_db()
    assert (item.state, item.outcome, item.due_at) == (State.CLOSED, "left_to_others", None)
    with at(1000):
        assert (plan_checks(), check_due()) == (0, 0)


def test_what_was_gone_before_a_lead_took_it_up_again_does_not_count(site, policy):
    """Concluded after one look, taken up again and referred anew: it needs two looks of its own."""
    item = referred(site.url(PATH))
    looks(item, site, "0 gone")
    move_item(item, Move.CONCLUDE, "staff:1", due_at=None)
    for move in (Move.REOPEN, Move.CONFIRM, Move.REFER):
        move_item(item, move, "staff:1")
    assert item.round == 2
    assert looks(item, site, "100 gone") == State.REFERRED
    assert looks(item, site, "106 gone") == State.REMOVED
    assert list(item.checks.values_list("round", flat=True)) == [2, 2, 1]


@pytest.mark.parametrize(
    "where", ["telegram @somebody", "a man in a park", f"http://{'a' * 56}.onion/"]
)
def test_what_is_not_on_the_web_is_never_checked(where, site):  # fmt: skip
    item = referred(where)
    with at(0):
        assert plan_checks() == 0
    with at(1000):
        assert check_due() == 0
    item.refresh_from_db()
    assert (item.due_at, item.checks.count(), item.state) == (None, 0, State.REFERRED)


@pytest.mark.parametrize("state", [s for s in State if s in (State.NEW, State.CLOSED)])
def test_what_is_not_watched_is_not_planned(state, site):
    item = referred(site.url(PATH))
    Item.objects.filter(pk=item.pk).update(state=state, due_at=None)
    assert plan_checks() == 0


def test_a_look_in_progress_is_not_planned_anew(site):
    item = referred(site.url(PATH))
    Item.objects.filter(pk=item.pk).update(due_at=None, lease_until=START)
    assert plan_checks() == 0


def test_a_page_that_shows_other_pictures_is_still_there(site):
    item = referred(site.url(PATH), pictures=1)
    site.pages[PATH] = Says(body=b"<!doctype html><p>This content has been removed</p><img src=x>")
    check = look(item)
    assert (check.verdict, check.pictures_gone, check.pictures_asked) == ("there", 1, 1)
