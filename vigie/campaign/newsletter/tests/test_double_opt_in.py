"""From the form to the list and off it again, with real mail; nobody is written to too often."""

from datetime import timedelta

import pytest
import time_machine

from vigie.campaign.newsletter import acts
from vigie.campaign.newsletter.models import Quiet, Subscriber, Tally
from vigie.campaign.newsletter.tests.support import (
    MINOU,
    ask_for,
    plain,
    readers,
    rounds,
    subscriber_of,
    tokens_in,
)
from vigie.lib import clock

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
DAY = timedelta(days=1)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_whole_way_onto_the_list_and_off_it(outside, public_client, language):
    sent = {"email": "Minou+chats@Aurore.test", "language": language}
    assert public_client.post("/fr/newsletter/", sent).status_code == 303
    rounds()
    (letter,) = outside.mail("minou+chats@aurore.test")
    found = tokens_in(letter.message)
    public_client.get(f"/{language}/newsletter/confirm/{found['confirm']}/")
    rounds()
    assert Subscriber.objects.get().state == "pending"
    public_client.post(f"/{language}/newsletter/confirm/{found['confirm']}/")
    rounds()
    assert Subscriber.objects.get().state == "confirmed"
    assert Subscriber.objects.get().language == language
    one_click = {"data": "List-Unsubscribe=One-Click"}
    header = letter.message["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8400")
    form = "application/x-www-form-urlencoded"
    assert public_client.post(header, **one_click, content_type=form).status_code == 200
    rounds()
    assert not Subscriber.objects.exists()
    assert len(outside.mail()) == 1


def test_asked_for_ten_times_a_day_an_address_gets_one_letter(post):
    for n in range(10):
        ask_for(MINOU, ["fr", "nl"][n % 2])
    assert post.sent_to == [MINOU]
    with time_machine.travel(clock.now() + DAY - timedelta(minutes=1)):
        ask_for(MINOU)
        assert post.sent_to == [MINOU]
    with time_machine.travel(clock.now() + DAY + timedelta(minutes=1)):
        ask_for(MINOU)
        ask_for(MINOU)
    assert post.sent_to == [MINOU] * 2


def test_one_mailbox_under_many_names_gets_one_letter(post):
    for n in range(5):
        ask_for(f"minou+{n}@aurore.test")
    assert len(post.sent_to) == 1


def test_who_is_on_the_list_gets_the_same_letter_as_who_is_not(post):
    readers(MINOU)
    ask_for(MINOU)
    ask_for("mimi@aurore.test")
    known, new = post.taken
    assert known["Subject"] == new["Subject"]
    texts = []
    for letter in (known, new):
        text = plain(letter)
        for token in tokens_in(letter).values():
            text = text.replace(token, "TOKEN")
        texts.append(text)
    assert texts[0] == texts[1]


def test_unsubscribing_and_asking_again_does_not_get_round_the_day(post):
    ask_for(MINOU)
    acts.unsubscribe(tokens_in(post.taken[0])["unsubscribe"])
    rounds()
    ask_for(MINOU)
    assert post.sent_to == [MINOU]
    with time_machine.travel(clock.now() + DAY + timedelta(minutes=1)):
        ask_for(MINOU)
    assert post.sent_to == [MINOU] * 2


def test_what_nobody_confirms_is_erased_after_seven_days_and_its_link_is_dead(post):
    ask_for(MINOU)
    token = tokens_in(post.taken[0])["confirm"]
    with time_machine.travel(clock.now() + 6 * DAY):
        rounds()
        assert subscriber_of(MINOU)
    with time_machine.travel(clock.now() + 7 * DAY):
        rounds()
        assert not subscriber_of(MINOU)
        acts.confirm(token)
        rounds()
        assert not Subscriber.objects.exists()
        assert not Quiet.objects.exists()
        assert Tally.objects.get(lapsed=1).confirmed == 0


def test_who_confirmed_stays(post):
    ask_for(MINOU)
    acts.confirm(tokens_in(post.taken[0])["confirm"])
    with time_machine.travel(clock.now() + 30 * DAY):
        rounds()
        assert subscriber_of(MINOU).state == "confirmed"
        assert subscriber_of(MINOU).due_at is None


def test_a_form_fed_with_addresses_writes_to_so_many_an_hour_and_no_more(post, settings):
    settings.NEWSLETTER_CONFIRMATIONS = 3
    for n in range(7):
        ask_for(f"cat{n}@aurore.test")
    assert len(post.taken) == 3
    with time_machine.travel(clock.now() + timedelta(minutes=30)):
        rounds()
        assert len(post.taken) == 3
    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1)):
        rounds()
        assert len(post.taken) == 6
    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=2)):
        rounds()
    assert len(set(post.sent_to)) == len(post.sent_to) == 7


def test_a_server_that_is_not_ready_gets_the_letter_later_under_the_same_name(post):
    post.answers = {"END": "451 4.7.1 greylisted"}
    ask_for(MINOU)
    row = subscriber_of(MINOU)
    assert (post.taken, row.attempts, row.last_error) == ([], 1, "smtplib.SMTPDataError")
    post.answers = {"END": "closes"}
    for _ in range(2):
        with time_machine.travel(clock.now() + timedelta(hours=6)):
            rounds()
        post.answers = {}
    with time_machine.travel(clock.now() + timedelta(hours=12)):
        rounds()
    assert len({letter["Message-ID"] for letter in post.taken}) == 1
    assert subscriber_of(MINOU).last_error == ""


def test_a_mailbox_that_does_not_exist_is_tried_once_and_lapses(post):
    post.answers = {"RCPT": "550 5.1.1 no such mailbox"}
    ask_for(MINOU)
    row = subscriber_of(MINOU)
    assert (row.wanted, row.last_error) == (None, "")
    with time_machine.travel(clock.now() + 7 * DAY):
        rounds()
    assert not Subscriber.objects.exists()
    assert post.taken == []


def test_an_address_that_can_never_be_written_to_lapses_too(post):
    post.answers = {"MAIL": "550 5.7.1 not you"}
    ask_for(MINOU)
    for days in range(1, 9):
        with time_machine.travel(clock.now() + days * DAY):
            rounds()
    assert not Subscriber.objects.exists()
