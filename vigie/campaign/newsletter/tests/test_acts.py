"""The worker applies what people asked for: once, in whatever order, however often it is killed."""

import json
import uuid

import pytest
import time_machine
from django.utils import timezone

from tests.databases import in_threads
from vigie.campaign.newsletter import acts, subscribing, tokens
from vigie.campaign.newsletter.addresses import parse
from vigie.campaign.newsletter.models import AppliedAct, NewsletterAct, Quiet, Subscriber, Tally
from vigie.campaign.newsletter.subscribing import apply_act
from vigie.campaign.newsletter.tests.support import MINOU, one_round, readers, rounds, subscriber_of
from vigie.lib import clock
from vigie.lib.seal import recipient_of, seal

pytestmark = pytest.mark.django_db(databases="__all__")


def an_act(**said: object) -> NewsletterAct:
    """An act as the public program writes it; what it says may be anything."""
    sealed = seal(recipient_of(tokens.keys().identity), json.dumps(said))
    return NewsletterAct.objects.create(sealed=sealed, due_at=clock.now())


def subscribe(address: str = MINOU, language: str = "fr", consent: str = "2026-11"):
    return an_act(kind="subscribe", address=address, language=language, consent=consent)


def press(kind: str, token: str) -> NewsletterAct:
    return an_act(kind=kind, token=token, consent="2026-11")


def copy_of(act: NewsletterAct) -> NewsletterAct:
    """The act as it still stands in ``front`` when the worker was killed before taking it out."""
    return NewsletterAct(id=act.id, sealed=bytes(act.sealed), due_at=act.due_at)


def test_an_address_becomes_a_pending_subscriber_that_is_sealed():
    acts.subscribe(parse("Minou+chats@Aurore.test"), "nl")
    apply_act(NewsletterAct.objects.get())
    row = Subscriber.objects.get()
    assert (row.state, row.language, row.consent) == ("pending", "nl", "2026-11")
    assert tokens.keys().opened(row.address) == "Minou+chats@aurore.test"
    assert (row.month, row.wanted is None) == (None, False)
    assert not NewsletterAct.objects.exists()
    assert not AppliedAct.objects.exists()


def test_two_spellings_of_an_address_are_one_subscriber():
    for spelling in ("minou@aurore.test", "MINOU@Aurore.test"):
        apply_act(subscribe(spelling))
    assert Subscriber.objects.count() == 1


def test_confirming_moves_it_to_the_list_with_the_month_and_no_more():
    apply_act(subscribe())
    row = Subscriber.objects.get()
    apply_act(press("confirm", tokens.confirm_token(row.pk)))
    row.refresh_from_db()
    assert (row.state, row.erase_at) == ("confirmed", None)
    assert row.month == timezone.localdate().replace(day=1)
    assert Tally.objects.get().confirmed == 1


def test_confirming_twice_counts_once():
    apply_act(subscribe())
    token = tokens.confirm_token(Subscriber.objects.get().pk)
    for _ in range(2):
        apply_act(press("confirm", token))
    assert Tally.objects.get().confirmed == 1


def test_unsubscribing_erases_the_row_and_a_second_time_changes_nothing():
    (reader,) = readers(MINOU)
    for _ in range(2):
        apply_act(press("unsubscribe", tokens.leave_token(reader.address_hash)))
    assert not Subscriber.objects.exists()
    assert Tally.objects.get().unsubscribed == 1


def test_the_link_of_an_old_letter_still_unsubscribes_after_a_second_subscription():
    (reader,) = readers(MINOU)
    old = tokens.leave_token(reader.address_hash)
    apply_act(press("unsubscribe", old))
    readers(MINOU)
    apply_act(press("unsubscribe", old))
    assert not Subscriber.objects.exists()


def test_an_old_link_to_confirm_confirms_no_later_subscription():
    apply_act(subscribe())
    first = Subscriber.objects.get()
    apply_act(press("unsubscribe", tokens.leave_token(first.address_hash)))
    with time_machine.travel(clock.now() + subscribing.QUIET):
        apply_act(subscribe())
        apply_act(press("confirm", tokens.confirm_token(first.pk)))
    assert Subscriber.objects.get().state == "pending"


def test_one_token_does_not_do_the_work_of_the_other():
    apply_act(subscribe())
    row = Subscriber.objects.get()
    apply_act(press("unsubscribe", tokens.confirm_token(row.pk)))
    apply_act(press("confirm", tokens.leave_token(row.address_hash)))
    assert Subscriber.objects.get().state == "pending"


def test_nobody_else_can_change_the_language_of_a_subscriber():
    readers(MINOU, language="fr")
    apply_act(subscribe(language="de"))
    row = Subscriber.objects.get()
    assert (row.state, row.language, row.asked_language) == ("confirmed", "fr", "de")
    apply_act(press("confirm", tokens.confirm_token(row.pk)))
    row.refresh_from_db()
    assert (row.language, row.state) == ("de", "confirmed")
    assert not Tally.objects.exists()


def test_until_somebody_confirms_the_last_one_to_ask_chooses_the_language():
    apply_act(subscribe(language="fr"))
    apply_act(subscribe(language="nl"))
    row = Subscriber.objects.get()
    assert (row.language, row.asked_language) == ("nl", "nl")


@pytest.mark.parametrize(
    "said",
    [
        {"address": "not one", "language": "fr", "consent": "2026-11"},
        {"address": "a@x.test\nBcc: b@x.test", "language": "fr", "consent": "2026-11"},
        {"address": "a\0@x.test", "language": "fr", "consent": "2026-11"},
        {"address": MINOU, "language": "xx", "consent": "2026-11"},
        {"address": MINOU, "language": "fr", "consent": "whatever"},
    ],
)
def test_what_does_not_come_from_our_form_changes_nothing(said):
    apply_act(an_act(kind="subscribe", **said))
    assert not Subscriber.objects.exists()
    assert not Quiet.objects.exists()
    assert not NewsletterAct.objects.exists()


@pytest.mark.parametrize("what", ["not sealed to us", "no kind of ours"])
def test_an_act_that_cannot_be_opened_waits_seen_and_stops_no_other(what):
    sealed = b"junk" if what == "not sealed to us" else bytes(an_act(kind="steal").sealed)
    NewsletterAct.objects.all().delete()
    broken = NewsletterAct.objects.create(sealed=sealed, due_at=clock.now())
    subscribe()
    one_round()
    broken.refresh_from_db()
    assert broken.last_error in ("vigie.lib.seal.Unsealable", "KeyError")
    assert subscriber_of(MINOU)


def test_killed_before_the_act_was_taken_out_a_repetition_changes_nothing(monkeypatch):
    """Between: the person has unsubscribed. Applied anew, the act would put them back."""
    act = subscribe()
    again = copy_of(act)
    monkeypatch.setattr(NewsletterAct, "delete", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        apply_act(act)
    monkeypatch.undo()
    row = Subscriber.objects.get()
    apply_act(press("unsubscribe", tokens.leave_token(row.address_hash)))
    apply_act(again)
    assert not Subscriber.objects.exists()
    assert not NewsletterAct.objects.exists()
    assert not AppliedAct.objects.exists()


def test_killed_in_the_middle_of_applying_nothing_was_changed(monkeypatch):
    act = subscribe()
    monkeypatch.setattr(subscribing, "_want_confirmation", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        apply_act(act)
    assert not Subscriber.objects.exists()
    assert not Quiet.objects.exists()
    monkeypatch.undo()
    apply_act(act)
    assert Subscriber.objects.count() == 1


def test_a_number_left_behind_by_a_crash_is_forgotten_once_its_act_is_gone():
    old = timezone.localdate() - timezone.timedelta(days=3)
    there = NewsletterAct.objects.create(sealed=b"junk", due_at=None)
    AppliedAct.objects.create(act=there.pk, day=old)
    AppliedAct.objects.create(act=uuid.uuid4(), day=old)
    rounds()
    assert AppliedAct.objects.get().act == there.pk


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_apply_the_same_wishes_once():
    for n in range(12):
        subscribe(f"cat{n % 4}@aurore.test")
    assert in_threads([rounds, rounds]) == [None, None]
    assert not NewsletterAct.objects.exclude(last_error="").exists()
    assert Subscriber.objects.count() == 4


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_confirming_and_unsubscribing_at_once_end_in_one_of_the_two():
    apply_act(subscribe())
    row = Subscriber.objects.get()
    both = [
        press("confirm", tokens.confirm_token(row.pk)),
        press("unsubscribe", tokens.leave_token(row.address_hash)),
    ]
    assert in_threads([lambda act=act: apply_act(act) for act in both]) == [None, None]
    assert not Subscriber.objects.exists()
