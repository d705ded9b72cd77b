"""The journal hears how many came and went, a day at a time, and never who or at what hour."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps

from tests.databases import in_threads
from vigie.campaign.newsletter import acts, tallies
from vigie.campaign.newsletter.models import Tally
from vigie.campaign.newsletter.tests.support import ask_for, rounds, tokens_in, told
from vigie.lib import clock

pytestmark = pytest.mark.django_db(databases="__all__")
TOMORROW = timedelta(days=1, hours=2)


def test_a_day_is_one_line_once_it_is_over(post):
    for n in range(3):
        ask_for(f"cat{n}@aurore.test")
    for letter in post.taken:
        acts.confirm(tokens_in(letter)["confirm"])
    acts.unsubscribe(tokens_in(post.taken[0])["unsubscribe"])
    acts.confirm("A" * 43)
    rounds()
    assert told("newsletter.counted") == []
    day = Tally.objects.get().day
    with time_machine.travel(clock.now() + TOMORROW):
        rounds()
        rounds()
    (line,) = told("newsletter.counted")
    assert (line.subject, line.actor) == ("newsletter", "worker")
    said = json.loads(line.detail)
    assert said["day"] == day.isoformat()
    # Whichever the worker opened first: confirmed and left, or left before confirming.
    assert said["confirmed"] - said["unsubscribed"] == 2
    assert said["unsubscribed"] + said["lapsed"] == 1
    assert not Tally.objects.exists()


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_tell_a_day_once():
    Tally.objects.create(day=clock.now().date() - timedelta(days=3), confirmed=2)
    in_threads([tallies.tell, tallies.tell])
    assert len(told("newsletter.counted")) == 1


def test_no_address_is_in_a_log_a_journal_line_or_a_table(post, caplog):
    caplog.set_level("DEBUG")
    ask_for("Sesame+chats@aurore.test")
    acts.confirm(tokens_in(post.taken[0])["confirm"])
    post.answers = {"MAIL": "451 4.3.0 <sesame@aurore.test> later"}
    ask_for("mimi@sesame.test")
    with time_machine.travel(clock.now() + TOMORROW):
        rounds()
    tables = [
        str(row)
        for model in apps.get_models()
        if model._meta.app_label in ("newsletter", "journal")
        for row in model.objects.values()
    ]
    assert len(tables) == 3
    for written in (caplog.text, *tables):
        assert "sesame" not in written.lower()
