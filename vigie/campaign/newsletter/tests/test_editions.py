"""Editions: written while they are drafts, approved as they were read, sent once."""

import pytest

from tests.databases import in_threads
from vigie.campaign.newsletter.addresses import parse
from vigie.campaign.newsletter.editions import (
    Stale,
    Unfinished,
    Words,
    approve_edition,
    ask_for_proof,
    begin_edition,
    rewrite_edition,
    stop_edition,
)
from vigie.campaign.newsletter.models import Delivery, Edition, Proof
from vigie.campaign.newsletter.sending import plan_deliveries
from vigie.campaign.newsletter.tests.support import (
    EDITOR,
    MINOU,
    TEXTS,
    an_approved_edition,
    an_edition,
    plain,
    readers,
    rounds,
    told,
)

pytestmark = pytest.mark.django_db(databases="__all__")
OTHER = {**TEXTS, "fr": Words("Autre chose", "Bonsoir")}


def now(edition: Edition) -> Edition:
    return Edition.objects.get(pk=edition.pk)


def subject_of(edition: Edition) -> str:
    return edition.texts.get(language="fr").subject


def test_a_draft_can_be_written_anew_and_each_time_is_in_the_journal():
    edition = an_edition()
    rewrite_edition(edition, OTHER, 1, EDITOR)
    assert subject_of(edition) == "Autre chose"
    assert now(edition).version == 2
    assert [line.subject for line in told("edition.written")] == [edition.subject] * 2


def test_who_saw_an_older_version_overwrites_nothing():
    edition = an_edition()
    rewrite_edition(edition, OTHER, 1, EDITOR)
    with pytest.raises(Stale):
        rewrite_edition(edition, TEXTS, 1, EDITOR)
    assert subject_of(edition) == "Autre chose"


def test_what_was_changed_after_it_was_read_is_not_approved():
    edition = an_edition()
    rewrite_edition(edition, OTHER, 1, EDITOR)
    with pytest.raises(Stale):
        approve_edition(edition, 1, EDITOR)
    assert now(edition).state == "draft"


@pytest.mark.parametrize("empty", [Words("", "text"), Words("subject", "")])
def test_it_is_approved_only_when_every_language_has_a_text(empty):
    edition = begin_edition({**TEXTS, "de": empty}, EDITOR)
    with pytest.raises(Unfinished):
        approve_edition(edition, 1, EDITOR)
    assert now(edition).state == "draft"
    assert told("edition.approved") == []


def test_once_approved_nothing_of_it_changes():
    edition = an_approved_edition()
    for act in (
        lambda: rewrite_edition(edition, OTHER, 1, EDITOR),
        lambda: approve_edition(edition, 1, EDITOR),
    ):
        with pytest.raises(Stale):
            act()
    assert subject_of(edition) == TEXTS["fr"].subject


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_two_who_press_send_at_once_one_does_and_each_reader_gets_one_letter(post):
    readers(*(f"cat{n}@aurore.test" for n in range(5)))
    edition = an_edition()
    done = in_threads([lambda: approve_edition(edition, 1, EDITOR)] * 2)
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "Stale"]
    in_threads([plan_deliveries, plan_deliveries])
    assert Delivery.objects.count() == 5
    rounds()
    assert sorted(post.sent_to) == [f"cat{n}@aurore.test" for n in range(5)]
    assert len(told("edition.approved")) == len(told("edition.sent")) == 1


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_a_change_and_an_approval_at_once_one_happens():
    edition = an_edition()
    done = in_threads(
        [
            lambda: rewrite_edition(edition, OTHER, 1, EDITOR),
            lambda: approve_edition(edition, 1, EDITOR),
        ]
    )
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "Stale"]
    changed = subject_of(edition) == "Autre chose"
    assert (now(edition).state == "draft") == changed


def test_stopped_what_has_not_left_never_does(post):
    readers(MINOU)
    edition = an_approved_edition()
    plan_deliveries()
    stop_edition(edition, EDITOR)
    rounds()
    assert post.taken == []
    assert (now(edition).state, Delivery.objects.count()) == ("stopped", 0)
    (line,) = told("edition.stopped")
    assert '"unsent":1' in line.detail.replace(" ", "")
    with pytest.raises(Stale):
        stop_edition(edition, EDITOR)


def test_stopped_before_the_worker_saw_it_nothing_is_planned(post):
    readers(MINOU)
    stop_edition(an_approved_edition(), EDITOR)
    rounds()
    assert (post.taken, Delivery.objects.count()) == ([], 0)


def test_a_test_goes_to_the_address_that_was_typed_and_is_forgotten(post):
    edition = an_edition()
    ask_for_proof(edition, parse("Red@Aurore.test"), "nl", EDITOR)
    assert b"Red" not in bytes(Proof.objects.get().address)
    rounds()
    (letter,) = post.to("Red@aurore.test")
    assert letter["Subject"] == f"[Test] {TEXTS['nl'].subject}"
    assert "/nl/newsletter/unsubscribe/test/" in plain(letter)
    assert not Proof.objects.exists()
    assert now(edition).state == "draft"
    assert [line.subject for line in told("edition.tested")] == [edition.subject]
