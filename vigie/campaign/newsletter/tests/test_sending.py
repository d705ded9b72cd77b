"""Sending: one letter a reader, in small batches; troubles wait, are seen, and end."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.databases import in_threads
from tests.environment import THOROUGH
from vigie.campaign.newsletter import acts, tokens
from vigie.campaign.newsletter.addresses import parse
from vigie.campaign.newsletter.editions import ask_for_proof
from vigie.campaign.newsletter.models import Delivery, Edition, Proof, Subscriber, Tally
from vigie.campaign.newsletter.sending import plan_deliveries
from vigie.campaign.newsletter.tests.support import (
    EDITOR,
    MINOU,
    an_approved_edition,
    an_edition,
    one_round,
    readers,
    rounds,
    told,
)
from vigie.campaign.newsletter.work import BATCH
from vigie.lib import clock

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
LATER = timedelta(days=1)
MANY = 10_000 if THOROUGH else 2_500


def edition_now() -> Edition:
    return Edition.objects.get()


def test_every_confirmed_reader_gets_one_letter_and_nobody_else(post):
    cats = [f"cat{n}@aurore.test" for n in range(50)]
    readers(*cats)
    acts.subscribe(parse("kitten@aurore.test"), "fr")
    rounds()
    post.sent_to.clear()
    an_approved_edition()
    rounds()
    assert sorted(post.sent_to) == sorted(cats)
    edition = edition_now()
    assert (edition.state, edition.planned, edition.sent, edition.refused) == ("sent", 50, 50, 0)
    assert not Delivery.objects.exists()  # who received what is not kept
    (line,) = told("edition.sent")
    assert '"sent":50' in line.detail.replace(" ", "")


def test_a_round_sends_a_small_batch_over_one_connection(post):
    readers(*(f"cat{n}@aurore.test" for n in range(BATCH + 5)))
    an_approved_edition()
    one_round()
    assert len(post.taken) == BATCH
    one_round()
    assert len(post.taken) == BATCH + 5


def test_an_edition_for_nobody_ends_at_once(post):
    an_approved_edition()
    rounds()
    assert (edition_now().state, edition_now().planned) == ("sent", 0)


def test_thousands_of_readers_are_planned_without_a_question_for_each():
    # The rows alone count here; sealing thousands of addresses would only take time.
    (one,) = readers(MINOU)
    plain = {"address": one.address, "language": "fr", "asked_language": "fr", "consent": "x"}
    Subscriber.objects.bulk_create(
        Subscriber(
            **plain,
            address_hash=n.to_bytes(32),
            confirm_hash=n.to_bytes(32),
            leave_hash=n.to_bytes(32),
            state="confirmed",
            month=one.month,
        )
        for n in range(MANY - 1)
    )
    an_approved_edition()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert plan_deliveries() == MANY
    assert len(asked) < MANY / 50
    assert Delivery.objects.count() == edition_now().planned == MANY


def test_no_reader_has_two_deliveries_of_an_edition():
    readers(MINOU)
    an_approved_edition()
    plan_deliveries()
    first = Delivery.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(edition=first.edition, subscriber=first.subscriber)


def test_who_leaves_before_the_letter_does_gets_none(post):
    readers(MINOU, "mimi@aurore.test")
    an_approved_edition()
    plan_deliveries()
    acts.unsubscribe(tokens.leave_token(tokens.address_hash(parse(MINOU))))
    rounds()
    assert post.sent_to == ["mimi@aurore.test"]
    assert (edition_now().state, edition_now().sent) == ("sent", 1)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("GREETING", "421 4.3.2 later"),
        ("MAIL", "550 5.7.1 not you"),
        (f"RCPT {MINOU}", "451 4.7.1 greylisted"),
        ("END", "554 5.6.0 no"),
        ("BODY", "closes"),
    ],
)
def test_a_letter_that_was_not_taken_waits_and_is_sent_once_it_can(post, command, answer):
    readers(MINOU)
    an_approved_edition()
    post.answers = {command: answer}
    rounds()
    waiting = Delivery.objects.get()
    assert (post.taken, waiting.attempts) == ([], 1)
    assert waiting.last_error.startswith("smtplib.SMTP")
    assert waiting.due_at > clock.now()
    assert edition_now().state == "sending"
    post.answers = {}
    with time_machine.travel(clock.now() + LATER):
        rounds()
    assert post.sent_to == [MINOU]
    assert edition_now().state == "sent"


def test_one_reader_s_trouble_keeps_no_other_waiting(post):
    readers(MINOU, *(f"cat{n}@aurore.test" for n in range(10)))
    an_approved_edition()
    post.answers = {f"RCPT {MINOU}": "451 4.7.1 greylisted"}
    rounds()
    assert len(post.taken) == 10
    assert Delivery.objects.count() == 1


def test_a_mailbox_that_does_not_exist_is_tried_once_and_counted(post):
    readers(MINOU, "mimi@aurore.test")
    an_approved_edition()
    post.answers = {f"RCPT {MINOU}": "550 5.1.1 no such mailbox"}
    rounds()
    edition = edition_now()
    assert (edition.state, edition.sent, edition.refused) == ("sent", 1, 1)
    assert post.sent_to == ["mimi@aurore.test"]


def test_after_three_editions_in_a_row_a_mailbox_that_does_not_exist_is_erased(post):
    readers(MINOU)
    gone, there = {f"RCPT {MINOU}": "550 5.1.1 no such mailbox"}, {}
    for answers in (gone, gone, there, gone, gone):
        post.answers = answers
        an_approved_edition()
        rounds()
    assert Subscriber.objects.get().refusals == 2
    post.answers = gone
    an_approved_edition()
    rounds()
    assert not Subscriber.objects.exists()
    assert Tally.objects.get().unreachable == 1


def test_a_relay_that_refuses_everybody_costs_no_subscriber(post):
    readers(MINOU)
    post.answers = {"RCPT": "550 5.7.1 relaying denied"}
    for _ in range(4):
        an_approved_edition()
        rounds()
    assert Subscriber.objects.get().refusals == 0


def test_the_desk_sees_what_failed(post, manager, desk_client):
    manager.language = "en"
    manager.save()
    readers(MINOU)
    edition = an_approved_edition()
    post.answers = {"MAIL": "451 4.3.0 later"}
    rounds()
    client = desk_client(manager)
    page = client.get("/failures/").content.decode()
    assert "newsletter delivery" in page
    assert "smtplib.SMTPSenderRefused" in page
    assert MINOU not in page
    page = client.get(f"/campaign/newsletter/{edition.pk}/").content.decode()
    assert "1 failed, will be tried again" in page


def test_a_test_that_cannot_be_sent_is_seen_and_forgotten_after_a_day(post):
    ask_for_proof(an_edition(), parse("nobody@aurore.test"), "fr", EDITOR)
    post.answers = {"RCPT": "550 5.1.1 no such mailbox"}
    rounds()
    assert Proof.objects.get().last_error == "smtplib.SMTPRecipientsRefused"
    with time_machine.travel(clock.now() + LATER):
        rounds()
    assert not Proof.objects.exists()


WORKER = """
import django
django.setup()
from vigie.campaign.newsletter.work import STEPS
for name, step in STEPS:
    step()
"""


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_worker_killed_after_the_letter_was_taken_costs_a_copy_and_no_second_count(
    post, child_environment
):
    readers(MINOU, "mimi@aurore.test")
    an_approved_edition()
    killed_by(post, {**child_environment, "VIGIE_SMTP": post.url})
    assert (len(post.taken), edition_now().sent) == (1, 0)
    rounds()
    assert len(post.taken) == 2  # the other reader's; the dead worker's lease has not ended
    with time_machine.travel(clock.now() + LATER):
        rounds()
    assert len(post.taken) == 3
    twice = post.to(post.sent_to[0])
    assert len(twice) == 2
    assert twice[0]["Message-ID"] == twice[1]["Message-ID"]
    assert (edition_now().state, edition_now().sent) == ("sent", 2)


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_worker_killed_after_the_confirmation_was_taken_asks_again_under_the_same_name(
    post, child_environment
):
    acts.subscribe(parse(MINOU), "fr")
    killed_by(post, {**child_environment, "VIGIE_SMTP": post.url})
    rounds()
    assert len(post.taken) == 1
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        rounds()
        rounds()
    first, again = post.taken
    assert first["Message-ID"] == again["Message-ID"]
    assert Subscriber.objects.get().wanted is None


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_send_each_letter_once(post):
    cats = [f"cat{n}@aurore.test" for n in range(60)]
    readers(*cats)
    an_approved_edition()
    assert in_threads([rounds, rounds]) == [None, None]
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        rounds()
    assert sorted(post.sent_to) == sorted(cats)
    assert edition_now().sent == 60
    assert len(told("edition.sent")) == 1


def killed_by(post, environment: dict[str, str]) -> None:
    """A worker of its own sends what is due; kill -9 when the server has the first letter."""
    children: list[subprocess.Popen[bytes]] = []
    post.before_answer = lambda: os.kill(children[0].pid, signal.SIGKILL)
    children.append(subprocess.Popen([sys.executable, "-c", WORKER], env=environment))
    assert children[0].wait(30) == -signal.SIGKILL
    post.before_answer = lambda: None
