"""The key to search by is replaced: nothing is made twice, nothing is lost, no link goes dead."""

import json
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests.databases import in_threads
from tests.environment import FOLDER, ROOT
from tests.factories import an_item
from vigie.campaign.newsletter import rekeying, tokens
from vigie.campaign.newsletter.models import EarlierLink, NewsletterAct, Quiet, Subscriber
from vigie.campaign.newsletter.subscribing import apply_act
from vigie.campaign.newsletter.tests import support
from vigie.intake.models import Letter
from vigie.intake.services import NewReport, receive
from vigie.items import keys
from vigie.items.models import Item
from vigie.items.selectors import matching
from vigie.items.services import open_letter
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.keeping import rotation
from vigie.keeping.reindexing import reindex, still_needed
from vigie.lib import clock
from vigie.lib.keys import StaleKey
from vigie.worker.loop import OFFICE, one_round
from vigie.worker.models import FailedStep

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
LONG = "https://long.test/" + "a" * 9000


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    shutil.copytree(FOLDER / "keys", tmp_path / "keys")
    settings.KEYS = tmp_path / "keys"
    started_again()
    yield tmp_path / "keys"
    started_again()


def started_again() -> None:
    """What a restart does: the keys are read again."""
    keys._keys.cache_clear()
    tokens.keys.cache_clear()


def rotate(folder: Path) -> None:
    rotation.rotate_index(folder)
    started_again()


def found(text: str) -> list[int]:
    return sorted(matching(Item.objects.all(), text).values_list("pk", flat=True))


def reported(where: str) -> None:
    receive(NewReport(where=where))
    for letter in Letter.objects.all():
        open_letter(letter)


def test_every_kind_of_place_is_found_and_joined_before_amid_and_after(folder):
    places = ["https://a.test/x", "http://b.test/y", "@name on telegram", LONG,
              "http://" + "p" * 56 + ".onion/z", "an app called Something"]  # fmt: skip
    for place in places:
        an_item(place)
    before = {item.pk: bytes(item.locator_hash) for item in Item.objects.all()}
    domains = Item.objects.exclude(domain_hash=None).count()
    rotate(folder)

    def all_is_found() -> None:
        for place in places:
            reported(place)
            assert len(found(place)) == 1, place[:40]
        assert Item.objects.count() == len(before), "none was made twice"
        assert len(found("b.test")) == len(found("long.test")) == 1, "by domain"

    all_is_found()
    assert still_needed() == {"items": len(before)}
    done = reindex()
    assert (done.resealed, done.lost) == (len(before), 0) and still_needed() == {}
    all_is_found()
    call_command("keys", "retire", "index")
    started_again()
    assert len(keys._keys().generations) == 1
    all_is_found()
    assert Item.objects.exclude(domain_hash=None).count() == domains
    now = {item.pk: bytes(item.locator_hash) for item in Item.objects.all()}
    assert now.keys() == before.keys() and not set(now.values()) & set(before.values())


def test_an_item_that_was_erased_or_does_not_open_stops_nothing(folder):
    erased, broken, whole = (an_item(f"https://a.test/{n}") for n in range(3))
    Item.objects.filter(pk=erased.pk).update(locator=b"", locator_hash=b"erased", domain_hash=None)
    Item.objects.filter(pk=broken.pk).update(locator=b"not sealed")
    rotate(folder)
    done = reindex()
    assert (done.seen, done.resealed, done.lost) == (3, 1, 1)
    assert still_needed() == {} and found("https://a.test/2") == [whole.pk]


def test_who_was_not_started_again_writes_nothing_with_the_old_key_and_reads_the_new_one(folder):
    an_item("https://a.test/x")
    rotation.rotate_index(folder)  # and nobody is started again
    receive(NewReport(where="https://b.test/y"))
    letter = Letter.objects.get()
    with pytest.raises(StaleKey):
        open_letter(letter)
    assert Letter.objects.count() == 1 and Item.objects.count() == 1, "it waits, whole"
    open_letter(letter)  # the next round: the file was read anew
    assert still_needed() == {"items": 1}
    started_again()
    (reader,) = support.readers("minou@aurore.test")
    support.acts.unsubscribe(tokens.leave_token(reader.address_hash))
    rotation.rotate_index(folder)
    with pytest.raises(StaleKey):
        apply_act(NewsletterAct.objects.get())
    assert Subscriber.objects.count() == 1, "the act waits, too"
    support.rounds()
    assert Subscriber.objects.count() == 0


def test_the_worker_says_that_its_key_is_old_and_no_letter_waits_longer_for_it(folder):
    before = (folder / "index.key").read_bytes()
    receive(NewReport(where="https://a.test/x"))
    rotation.rotate_index(folder)
    present = (folder / "index.key").read_bytes()
    (folder / "index.key").write_bytes(before)  # this worker's folder is another
    for _ in range(3):
        one_round(OFFICE)
    letter = Letter.objects.get()
    assert (letter.attempts, letter.last_error) == (0, "")
    assert "StaleKey" in FailedStep.objects.get(name="open letters").error
    (folder / "index.key").write_bytes(present)
    one_round(OFFICE)  # reads the file anew
    one_round(OFFICE)
    assert not Letter.objects.exists() and not FailedStep.objects.filter(name="open letters")


def test_places_of_the_figures_stay_for_good_also_where_they_had_no_line_of_their_own(folder):
    def places() -> list[int]:
        started_again()
        return [keys.drawn("figures", f"confirmed {n}", 1000) for n in range(50)]

    path = folder / "index.key"
    mine = places()
    for lines in (path.read_text().splitlines(), path.read_text().splitlines()[:1]):
        path.write_text("# demonstration\n" + "\n".join(lines))
        before = places()
        rotation.rotate_index(folder)
        rotation.rotate_index(folder)
        assert places() == before and len(keys._keys().generations) == 3
        rotation.retire_index(folder)
        assert places() == before and len(keys._keys().generations) == 1
        assert path.read_text().startswith("# demonstration\n")
        assert path.stat().st_mode & 0o777 == 0o600
    assert before != mine, "the second had none: its oldest key draws"


def test_links_that_were_sent_work_after_every_key_they_were_made_with_is_gone(folder, settings):
    stays, leaves, late = support.readers("a@aurore.test", "b@aurore.test", "c@aurore.test")
    Subscriber.objects.filter(pk=late.pk).update(
        state="pending", month=None, erase_at=clock.now() + timedelta(days=3)
    )
    first = {row.pk: tokens.links_of(row) for row in (stays, leaves, late)}
    second = {}
    for _ in range(2):
        rotate(folder)
        for row in Subscriber.objects.all():  # not hashed again yet: letters carry what works
            assert tokens.links_of(row) in (first[row.pk], second.get(row.pk))
        assert reindex().resealed == 3
        call_command("keys", "retire", "index")
        started_again()
        second = second or {row.pk: tokens.links_of(row) for row in Subscriber.objects.all()}
    assert EarlierLink.objects.count() == 3 * 2 * 2
    support.acts.confirm(first[late.pk][0])
    support.acts.confirm(first[leaves.pk][1])  # a link to leave confirms nothing
    support.acts.unsubscribe(first[leaves.pk][1])
    support.acts.unsubscribe(first[stays.pk][0])  # and one to confirm takes nobody off
    support.rounds()
    assert set(Subscriber.objects.values_list("pk", "state")) == {
        (stays.pk, "confirmed"), (late.pk, "confirmed")}  # fmt: skip
    support.acts.unsubscribe(second[stays.pk][1])
    support.acts.unsubscribe(tokens.links_of(Subscriber.objects.get(pk=late.pk))[1])
    support.rounds()
    assert Subscriber.objects.count() == EarlierLink.objects.count() == 0


def test_who_subscribes_again_may_leave_by_a_letter_of_before(folder, outside):
    (reader,) = support.readers("a@aurore.test")
    old = tokens.links_of(reader)[1]
    reader.delete()
    rotate(folder)
    support.ask_for("a@aurore.test")
    support.acts.unsubscribe(old)
    support.rounds()
    assert Subscriber.objects.count() == 0


def test_a_mailbox_that_was_asked_is_not_asked_twice_a_day_and_the_old_key_waits_for_it(
    folder, outside
):
    support.ask_for("a@aurore.test")
    assert len(outside.mail("a@aurore.test")) == 1
    rotate(folder)
    support.ask_for("a@aurore.test")
    support.ask_for("a+b@aurore.test")
    assert len(outside.mail("a@aurore.test")) == 1 and Subscriber.objects.count() == 1
    assert reindex().resealed == 1
    with pytest.raises(CommandError, match="mailboxes that were asked within a day: 1"):
        call_command("keys", "retire", "index")
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        call_command("keys", "retire", "index")
    assert Quiet.objects.count() == 1


def test_a_subscribers_row_changes_in_one_piece_or_not_at_all(folder, monkeypatch):
    support.readers("a@aurore.test")
    rotate(folder)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(rekeying, "keep_links", die)
        reindex()
    assert still_needed() == {"subscribers": 1} and not EarlierLink.objects.exists()
    reindex()
    assert still_needed() == {} and EarlierLink.objects.count() == 2


def test_the_command_says_what_an_older_key_is_still_needed_for(folder, capsys):
    with pytest.raises(CommandError, match="no older key"):
        call_command("keys", "retire", "index")
    an_item("https://a.test/x")
    support.readers("a@aurore.test")
    call_command("keys", "rotate", "index")
    started_again()
    name = keys._keys().generations[0].name
    assert name in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"still needed\. items: 1; subscribers: 1\."):
        call_command("keys", "retire", "index")
    call_command("keys", "reindex", "index")
    assert "2 hashed again, of 2; 0 cannot be." in capsys.readouterr().out
    call_command("keys", "retire", "index")
    told = Entry.objects.filter(subject="key:index").order_by("seq")
    assert [line.verb for line in told] == [
        Verb.KEY_ROTATED, Verb.KEY_REINDEXED, Verb.KEY_REINDEXED, Verb.KEY_RETIRED]  # fmt: skip
    lines = (folder / "index.key").read_text().split()
    assert not any(line in entry.detail for line in lines for entry in told)
    for act in ("reindex", "retire"):
        shutil.copy(FOLDER / "keys" / "index.key", folder / "index.key")
        rotation.rotate_index(folder)
        shutil.copy(FOLDER / "keys" / "index.key", folder / "index.key")
        started_again()
        with pytest.raises(CommandError, match=r"no older key|copy the file"):
            call_command("keys", act, "index")


KILLED = """
import os, signal, django
django.setup()
from vigie.keeping import reindexing, resealing
resealing.BATCH = 5
again, count = reindexing._one, 0
def one(*args):
    global count
    again(*args)
    count += 1
    if count == 13:
        os.kill(os.getpid(), signal.SIGKILL)
reindexing._one = one
reindexing.reindex()
"""


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_killed_in_the_middle_while_reports_come_nothing_is_twice_and_nothing_is_lost(
    folder, child_environment
):
    places = [f"https://a{n}.test/" for n in range(20)]
    reported("\n".join(places))
    rotate(folder)
    environment = {**child_environment, "VIGIE_KEYS": str(folder)}
    child = subprocess.Popen([sys.executable, "-c", KILLED], env=environment, cwd=ROOT)
    for n in range(0, 20, 4):
        reported("\n".join([*places[n : n + 4], f"https://new{n}.test/"]))
    assert child.wait(30) == -signal.SIGKILL
    assert still_needed() == {"items": 10}, "two batches of five were done, the third is undone"

    def reports() -> None:
        for n in range(20, 40):
            reported("\n".join([*places, f"https://new{n}.test/"]))

    again = in_threads([reindex, reports])
    assert not isinstance(again[0], BaseException) and again[1] is None, again
    assert still_needed() == {} and Item.objects.count() == 20 + 5 + 20
    for place in places:
        assert len(found(place)) == 1
    told = Entry.objects.filter(verb=Verb.KEY_REINDEXED).values_list("detail", flat=True)
    assert sum(json.loads(detail)["rows"] for detail in told) == 20
