"""While the police ask for silence nothing leaves for the host or the partner; afterwards it does.

A notice during an investigation warns the people who are being looked for.
"""

from datetime import timedelta

import pytest
import time_machine

from tests.factories import a_confirmed_item
from vigie.dispatch.models import Notice
from vigie.dispatch.selectors import HOLD_PAUSE
from vigie.dispatch.services import hold, plan_notices, plan_referrals
from vigie.dispatch.tests.support import (
    HOST,
    PARTNER,
    POLICE,
    known,
    lines_of,
    one_round,
    referral_of,
    send_due,
)
from vigie.dispatch.tests.test_rules import Row, loaded
from vigie.items.flow import Move, State
from vigie.items.services import hold_item, move_item
from vigie.lib import clock

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "http://galerie.nord.test/a/held"
TO = [("NL", HOST), ("LU", PARTNER)]


@pytest.fixture
def referred(policy, post):
    def made(country):
        known(HOST)
        item = a_confirmed_item(URL, country, abuse_contact=HOST)
        plan_referrals()
        send_due()
        item.refresh_from_db()
        return item

    return made


@pytest.mark.parametrize(("country", "to"), TO)
def test_held_before_the_notice_is_planned(country, to, referred, post):
    item = referred(country)
    hold_item(item, "staff:1", held=True)
    one_round()
    assert not Notice.objects.exists()
    hold_item(item, "staff:1", held=False)
    one_round()
    assert post.sent_to == [POLICE, to]


@pytest.mark.parametrize(("country", "to"), TO)
def test_held_between_the_plan_and_the_letter(country, to, referred, post):
    item = referred(country)
    plan_notices()
    hold_item(item, "staff:1", held=True)
    send_due()
    assert post.sent_to == [POLICE]
    with time_machine.travel(clock.now() + 2 * HOLD_PAUSE):
        send_due()
        assert post.sent_to == [POLICE]
        item.refresh_from_db()
        assert item.state == State.REFERRED
        hold_item(item, "staff:1", held=False)
    with time_machine.travel(clock.now() + 4 * HOLD_PAUSE):
        send_due()
        send_due()
    assert post.sent_to == [POLICE, to]
    item.refresh_from_db()
    assert item.state == State.NOTIFIED


def test_a_held_letter_is_no_failure_and_leaves_within_one_pause(referred, post):
    item = referred("NL")
    plan_notices()
    hold_item(item, "staff:1", held=True)
    send_due()
    notice = Notice.objects.get()
    assert (notice.step, notice.last_error, notice.attempts) == (Notice.Step.READY, "", 0)
    assert timedelta(0) < notice.due_at - clock.now() <= HOLD_PAUSE


def test_what_waited_leaves_as_soon_as_the_hold_is_lifted(referred, post):
    item = referred("NL")
    plan_notices()
    hold(referral_of(item), "staff:1", held=True)
    send_due()
    hold(referral_of(item), "staff:1", held=False)
    send_due()
    assert post.sent_to == [POLICE, HOST]


def test_the_hold_and_its_end_are_in_the_journal(referred):
    item = referred("NL")
    hold_item(item, "staff:1", held=True)
    hold_item(item, "staff:2", held=False)
    assert [line.actor for line in lines_of(item, "item.held")] == ["staff:1"]
    assert [line.actor for line in lines_of(item, "item.released")] == ["staff:2"]


def test_held_then_gone_then_back_the_partner_that_is_told_first_waits(tmp_path, post):
    """The second round's pack is a letter like any other: silence is silence."""
    loaded(tmp_path, Row("partner", "", "nobody", ()))
    item = a_confirmed_item(URL, "BE")
    one_round()
    assert post.sent_to == [PARTNER]
    item.refresh_from_db()
    hold_item(item, "staff:1", held=True)
    for move in (Move.REMOVE, Move.REAPPEAR):
        move_item(item, move, "worker")
    one_round()
    item.refresh_from_db()
    assert (post.sent_to, item.state) == ([PARTNER], State.CONFIRMED)
    referral = referral_of(item)
    assert (referral.round, referral.step, referral.attempts) == (2, "planned", 0)
    assert timedelta(0) < referral.due_at - clock.now() <= HOLD_PAUSE
    hold_item(item, "staff:1", held=False)
    with time_machine.travel(clock.now() + 2 * HOLD_PAUSE):
        one_round()
    item.refresh_from_db()
    assert (post.sent_to, item.state) == ([PARTNER, PARTNER], State.REFERRED)


def test_the_police_who_asked_for_silence_are_told_all_the_same(policy, post):
    item = a_confirmed_item(URL, "BE")
    plan_referrals()
    hold_item(item, "staff:1", held=True)
    send_due()
    assert post.sent_to == [POLICE]
