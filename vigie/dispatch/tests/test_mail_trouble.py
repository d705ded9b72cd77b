"""Mail that does not get through: nothing is lost, nothing moves too early, people see it.

Every trouble here is a real conversation with a mail server that says no, hangs up or is not there.
"""

import os
import signal
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine

from tests.factories import a_confirmed_item
from vigie.dispatch.models import Notice, Referral
from vigie.dispatch.services import plan_notices, plan_referrals
from vigie.dispatch.tests.support import (
    CLOSES,
    HOST,
    POLICE,
    MailHost,
    known,
    lines_of,
    one_round,
    reading_english,
    referral_of,
    send_due,
)
from vigie.items.flow import State
from vigie.lib import clock

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "http://galerie.nord.test/a/trouble"
TROUBLES = {
    "not greeted": {"GREETING": "421 4.3.2 come back later"},
    "hung up at once": {"GREETING": CLOSES},
    "sender refused": {"MAIL": "550 5.7.1 not you"},
    "recipient later": {"RCPT": "451 4.7.1 greylisted"},
    "recipient never": {"RCPT": "550 5.1.1 no such mailbox"},
    "no letter now": {"DATA": "451 4.3.0 try again"},
    "hung up inside the letter": {"BODY": CLOSES},
    "letter later": {"END": "452 4.3.1 disk full"},
    "letter never": {"END": "554 5.6.0 no"},
    "encryption breaks": {"EHLO": "250-mx.test\r\n250 STARTTLS", "STAR": "220 go on"},
}
LATER = timedelta(days=1)  # later than any pause after a failure


@pytest.fixture
def confirmed(policy, post):
    known(HOST)
    return a_confirmed_item(URL, "NL", abuse_contact=HOST)


def state_of(item):
    item.refresh_from_db()
    return State(item.state)


def stays(item):
    """The letter waits with its reason, and nothing was moved. Its reference."""
    referral = referral_of(item)
    assert (referral.step, referral.sent_at) == (Referral.Step.PLANNED, None)
    assert referral.last_error
    assert URL not in referral.last_error
    assert referral.due_at > clock.now()
    assert state_of(item) == State.CONFIRMED
    assert not Notice.objects.exists()
    return referral


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_letter_that_was_not_taken_stays_and_leaves_once_when_it_can(trouble, confirmed, post):
    post.answers = trouble
    one_round()
    assert post.taken == []
    assert stays(confirmed).attempts == 1
    post.answers = {}
    one_round()
    assert post.taken == []  # not before its pause is over
    with time_machine.travel(clock.now() + LATER):
        one_round()
        one_round()
    assert post.sent_to == [POLICE, HOST]
    assert referral_of(confirmed).last_error == ""
    assert state_of(confirmed) == State.NOTIFIED


def test_nobody_at_the_other_end(confirmed, post, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.SMTP_URL = f"smtp://127.0.0.1:{unused.getsockname()[1]}"
    one_round()
    assert "ConnectionRefused" in stays(confirmed).last_error
    settings.SMTP_URL = post.url
    with time_machine.travel(clock.now() + LATER):
        one_round()
    assert post.sent_to == [POLICE, HOST]


def test_each_failure_makes_the_next_pause_longer(confirmed, post):
    post.answers = TROUBLES["recipient later"]
    moment, pauses = clock.now(), []
    for _ in range(4):
        with time_machine.travel(moment, tick=False):
            one_round()
            pauses.append(stays(confirmed).due_at - moment)
            moment += pauses[-1]
    assert pauses == sorted(set(pauses))
    assert referral_of(confirmed).attempts == 4


def test_the_desk_sees_that_a_letter_does_not_get_through(confirmed, post, liaison, desk_client):
    client, said = reading_english(desk_client, liaison), "failed, will be tried again"
    one_page = lambda: client.get("/letters/").content.decode()  # noqa: E731
    post.answers = TROUBLES["recipient never"]
    one_round()
    page = one_page()
    assert said in page
    assert "about to leave" in page
    post.answers = {}
    with time_machine.travel(clock.now() + LATER, tick=False):
        one_round()
    assert said not in one_page()


def test_a_notice_that_was_not_taken_stays_too(confirmed, post):
    post.answers = {f"RCPT {HOST}": "450 4.2.1 busy"}
    one_round()
    notice = Notice.objects.get()
    assert (notice.step, notice.sent_at) == (Notice.Step.READY, None)
    assert notice.last_error == "smtplib.SMTPRecipientsRefused"
    assert state_of(confirmed) == State.REFERRED
    post.answers = {}
    with time_machine.travel(clock.now() + LATER):
        one_round()
    assert post.sent_to == [POLICE, HOST]
    assert state_of(confirmed) == State.NOTIFIED


def test_a_letter_whose_answer_was_lost_is_sent_again_under_the_same_name(confirmed, post):
    post.answers = {"END": CLOSES}
    one_round()
    stays(confirmed)
    with time_machine.travel(clock.now() + LATER):
        post.answers = {}
        one_round()
        post.answers = {"END": CLOSES}
    assert len({letter["Message-ID"] for letter in post.to(POLICE)}) == 1
    assert post.sent_to == [POLICE, POLICE, HOST]
    assert len(lines_of(confirmed, "referral.sent")) == 1


def test_a_notice_sent_again_has_the_same_name_and_the_same_report(confirmed, post):
    plan_referrals()
    send_due()
    plan_notices()
    post.answers = {"END": CLOSES}
    send_due()
    post.answers = {}
    with time_machine.travel(clock.now() + LATER):
        send_due()
    first, again = post.to(HOST)
    assert first["Message-ID"] == again["Message-ID"]
    attached = [next(letter.iter_attachments()).get_content() for letter in (first, again)]
    assert attached[0] == attached[1]
    assert len(lines_of(confirmed, "notice.sent")) == 1


WORKER = """
import django
django.setup()
from vigie.dispatch.models import Referral
from vigie.dispatch.services import send_referral
from vigie.lib.work import work_off
work_off(Referral.objects.all(), send_referral, lease_seconds=300, retry_seconds=30)
"""


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_worker_killed_after_the_letter_was_taken_costs_a_copy_and_no_second_move(
    confirmed, post, child_environment
):
    plan_referrals()
    killed_by(post, {**child_environment, "VIGIE_SMTP": post.url})
    referral = referral_of(confirmed)
    assert (len(post.taken), referral.step) == (1, Referral.Step.PLANNED)
    assert (state_of(confirmed), referral.lease_by == "") == (State.CONFIRMED, False)
    send_due()
    assert len(post.taken) == 1  # the dead worker's lease has not ended
    with time_machine.travel(clock.now() + LATER):
        send_due()
        send_due()
    first, again = post.taken
    assert first["Message-ID"] == again["Message-ID"]
    assert state_of(confirmed) == State.REFERRED
    moves = [line.detail for line in lines_of(confirmed, "item.moved")]
    assert sum('"refer"' in detail for detail in moves) == 1


def killed_by(post: MailHost, environment: dict[str, str]) -> None:
    """A worker of its own sends what is due; kill -9 when the server has the letter."""
    children: list[subprocess.Popen[bytes]] = []
    post.before_answer = lambda: os.kill(children[0].pid, signal.SIGKILL)
    children.append(subprocess.Popen([sys.executable, "-c", WORKER], env=environment))
    assert children[0].wait(30) == -signal.SIGKILL
    post.before_answer = lambda: None
