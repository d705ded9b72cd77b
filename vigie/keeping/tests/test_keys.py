"""Keys are replaced without losing a row: before, in the middle, and after a kill."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db.models import BinaryField

from config.environment import Environment
from tests.environment import FOLDER
from tests.factories import a_look, an_item
from vigie.campaign.wall.models import Withdrawal
from vigie.campaign.wall.offering import withdraw, withdraw_hash
from vigie.intake.continuing import letter_of, token_of
from vigie.intake.models import Letter, Report
from vigie.intake.receipts import mint
from vigie.intake.selectors import shown_receipt
from vigie.intake.services import NewReport, receive
from vigie.items import keys
from vigie.items.models import Item
from vigie.items.services import open_letter
from vigie.journal import heads
from vigie.journal.models import Entry
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.keeping import resealing, rotation
from vigie.keeping.explaining import explain
from vigie.keeping.resealing import KEPT, reseal, still_needed
from vigie.lib import clock
from vigie.lib.keys import Keys, bare_lines
from vigie.lib.seal import Unsealable, new_identity, recipient_of, unseal

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    """A copy of the tests' keys, that may be replaced; the programs start anew with it."""
    shutil.copytree(FOLDER / "keys", tmp_path / "keys")
    settings.KEYS = tmp_path / "keys"
    settings.JOURNAL_HEADS = tmp_path / "heads.jsonl"
    keys._keys.cache_clear()
    yield tmp_path / "keys"
    keys._keys.cache_clear()


def started_again(settings, folder: Path) -> str:
    """What a restart does: the keys are read again. Returns the identities."""
    keys._keys.cache_clear()
    return keys.worker_identity()


def rows_of(verb: Verb) -> int:
    return Entry.objects.filter(verb=verb).count()


def test_after_the_workers_key_was_replaced_everything_opens_before_and_after(folder, settings):
    a_look(an_item("https://a.test/x"), ["https://a.test/1.jpg", "https://a.test/2.jpg"])
    an_item("https://b.test/y")
    old = keys.worker_identity()
    recipient = rotation.rotate_worker(folder)
    both = started_again(settings, folder)
    assert both.split() == [both.split()[0], old] and recipient_of(both) == recipient
    # The public program still seals to the old one, until it is started again.
    receive(NewReport(where="https://c.test/z"))
    for item in Item.objects.all():
        assert keys.opened(item.locator).startswith("https://")
    assert still_needed("worker", both) == 2 + 1 + 2 + 1  # items, look, pictures, letter
    done = reseal("worker", both)
    assert (done.resealed, done.lost) == (5, 0)
    assert still_needed("worker", both) == 1, "the letter that waits"
    retire = ["retire", "worker", f"--sealing-to={recipient}"]
    with pytest.raises(CommandError, match="1 rows still need an older key"):
        call_command("keys", *retire)
    open_letter(Letter.objects.get())
    reseal("worker", both)
    for still_the_old in ([], [f"--sealing-to={recipient_of(old)}"]):
        with pytest.raises(CommandError, match="VIGIE_INBOX_RECIPIENT"):
            call_command("keys", "retire", "worker", *still_the_old)
    assert len(bare_lines(folder / "worker.key")) == 2
    call_command("keys", *retire)
    assert started_again(settings, folder).split() == [both.split()[0]]
    assert len({keys.opened(item.locator) for item in Item.objects.all()}) == 3
    with pytest.raises(Unsealable):
        unseal(old, bytes(Item.objects.first().locator))
    assert (rows_of(Verb.KEY_ROTATED), rows_of(Verb.KEY_RETIRED)) == (1, 1)
    assert rows_of(Verb.KEY_RESEALED) == 3
    assert not any(recipient[4:] in line.detail for line in Entry.objects.all())


def test_sealing_again_that_was_killed_goes_on_where_it_was(folder, settings, monkeypatch):
    for number in range(7):
        an_item(f"https://a.test/{number}")
    rotation.rotate_worker(folder)
    both = started_again(settings, folder)
    monkeypatch.setattr(resealing, "BATCH", 3)

    def killed(table: str, progress: resealing.Progress) -> None:
        if progress.seen >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal("worker", both, killed)
    assert still_needed("worker", both) == 4
    done = reseal("worker", both)
    assert (done.seen, done.resealed) == (7, 4)
    again = reseal("worker", both)
    assert (again.resealed, still_needed("worker", both)) == (0, 0)
    told = [json.loads(e.detail)["rows"] for e in Entry.objects.filter(verb=Verb.KEY_RESEALED)]
    assert sum(told) == 7


def test_a_row_that_no_key_opens_is_told_and_stops_nothing(folder, settings):
    item, other = an_item("https://a.test/1"), an_item("https://a.test/2")
    Item.objects.filter(pk=item.pk).update(locator=b"not sealed")
    rotation.rotate_worker(folder)
    both = started_again(settings, folder)
    done = reseal("worker", both)
    assert (done.resealed, done.lost) == (1, 1)
    assert keys.opened(Item.objects.get(pk=other.pk).locator) == "https://a.test/2"


def test_a_replaced_key_keeps_the_mark_of_the_demonstration_and_its_mode(folder):
    path = folder / "worker.key"
    path.write_text("# demonstration\n" + path.read_text())
    rotation.rotate_worker(folder)
    assert path.read_text().startswith("# demonstration\n")
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(Keys(folder).identity.split()) == 2


def test_what_reporters_wrote_opens_before_and_after_the_operators_key_was_replaced(
    folder, settings
):
    before, settings.OPERATORS_RECIPIENT = new_identity()
    an_item("https://a.test/x", comment="my words")
    both, recipient = rotation.with_new(before)  # locking it costs seconds: test_keyring.py
    assert recipient_of(both) == recipient
    settings.OPERATORS_RECIPIENT = recipient
    an_item("https://b.test/x", comment="later words")
    found = [json.loads(unseal(both, bytes(r.words)))["comment"] for r in Report.objects.all()]
    assert sorted(found) == ["later words", "my words"]
    assert still_needed("operators", both) == 1
    assert reseal("operators", both).resealed == 1
    present = both.split()[0]
    found = [json.loads(unseal(present, bytes(r.words)))["comment"] for r in Report.objects.all()]
    assert sorted(found) == ["later words", "my words"]
    assert still_needed("operators", both) == 0


def test_the_journals_key_is_replaced_and_the_old_one_signs_nothing_more(folder, settings):
    path, public = settings.JOURNAL_HEADS, folder / "journal.pub"
    append(Verb.POLICY_LOADED, "policy", "tests")
    old = (folder / "journal.key").read_bytes()
    heads.sign_head(path, old)
    rotation.rotate_journal(folder, path)
    new = (folder / "journal.key").read_bytes()
    assert new != old
    # Its last act: the line that names the new key is signed by the old one.
    rotated = Entry.objects.get(verb=Verb.KEY_ROTATED)
    assert heads.last_signed(path) == rotated.seq
    load_pem_public_key(public.read_bytes())
    append(Verb.POLICY_LOADED, "policy", "tests")
    assert heads.sign_head(path, new)
    assert heads.verify(path, public.read_bytes()) == []
    append(Verb.POLICY_LOADED, "policy", "tests")
    assert heads.sign_head(path, old), "somebody found the old key"
    assert "cannot be believed" in heads.verify(path, public.read_bytes())[0].what
    # Who has only the new public key cannot check what was signed before it.
    first = heads.PEM.findall(public.read_bytes())[0]
    assert heads.verify(path, first) != []


def test_receipts_links_and_pages_of_an_older_key_still_work(settings):
    words, old = mint("en"), settings.RECEIPT_KEY
    letter = receive(NewReport(where="https://a.test/x", receipt=words))
    token, link = token_of(letter), withdraw_hash("t" * 40)
    settings.RECEIPT_KEY = b"n" * 32
    assert shown_receipt(words) is None
    settings.RECEIPT_KEYS_BEFORE = [b"x" * 32, old]
    shown = shown_receipt(words)
    assert shown is not None and shown.course == "received"
    assert letter_of(token) == letter
    assert letter_of(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    withdraw("t" * 40)
    assert link in {bytes(row.withdraw_hash) for row in Withdrawal.objects.all()}
    other = mint("en")
    receive(NewReport(where="https://a.test/x", receipt=other))
    assert shown_receipt(other) is not None and shown_receipt(mint("en")) is None


@pytest.mark.pure
def test_older_receipt_keys_come_from_the_environment_and_are_checked():
    given = {"VIGIE_MODE": "production", "VIGIE_SURFACE": "public"}
    one, two = "0a" * 32, "0b" * 32
    assert Environment(given).secrets("X") == []
    assert Environment({**given, "X": f"{one}, {two}"}).secrets("X") == [b"\n" * 32, b"\v" * 32]
    for bad, said in (("0a", "64 hexadecimal"), (f"{one}+demonstration", "demonstration")):
        with pytest.raises(ImproperlyConfigured, match=said):
            Environment({**given, "X": bad}).secrets("X")


def test_the_command_says_what_each_key_is_for_and_when_it_is_old(folder, capsys):
    call_command("keys")
    said = capsys.readouterr().out
    for name in ("worker.key", "operators.age", "journal.key", "index.key", "hotline.asc"):
        assert f"{name}  0 days old" in said
    assert "IT IS TIME" not in said and "VIGIE_RECEIPT_KEY " in said
    rotation.rotate_worker(folder)
    (folder / "hotline.asc").unlink()
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        text = "\n".join(explain(folder))
    assert "worker.key  400 days old, 1 older still kept  IT IS TIME TO REPLACE IT" in text
    assert "hotline.asc  not in this folder" in text
    assert "index.key  400 days old  IT IS TIME TO REPLACE IT" in text


def test_the_command_replaces_and_says_what_to_do_next(folder, settings, capsys):
    call_command("keys", "rotate", "worker")
    said = capsys.readouterr().out
    assert f"VIGIE_INBOX_RECIPIENT={recipient_of(bare_lines(folder / 'worker.key')[0])}" in said
    call_command("keys", "reseal", "worker")
    assert "0 sealed again, of 0" in capsys.readouterr().out
    call_command("keys", "rotate", "receipts")
    assert "VIGIE_RECEIPT_KEY=" in capsys.readouterr().out
    for words in (["rotate"], ["reseal", "journal"], ["retire", "receipts"]):
        with pytest.raises(CommandError):
            call_command("keys", *words)
    (folder / "operators.age").unlink()
    call_command("keys", "rotate", "journal")
    recipient = recipient_of(bare_lines(folder / "worker.key")[0])
    call_command("keys", "retire", "worker", f"--sealing-to={recipient}")
    with pytest.raises(CommandError, match="no older key"):
        call_command("keys", "retire", "worker")


@pytest.mark.pure
def test_every_sealed_column_is_known_to_the_resealing():
    """A new column that is sealed must be sealed again, too: add it to `resealing`."""
    known = {
        (model, name)
        for columns in (*KEPT.values(), *resealing.WAITING.values())
        for model, name in columns
    }
    others = {"locator_hash", "domain_hash", "hash", "address_hash", "confirm_hash", "leave_hash"}
    others |= {
        "mailbox",
        "withdraw_hash",
        "receipt",
        "key_hash",
        "token_hash",
    }  # keyed hashes, or of a random key
    others |= {"small", "card", "wide", "data", "picture"}  # drawn cards
    others |= {"shown"}  # to a receipt: nobody but its holder opens it
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField) and field.name not in others
    }
    left = {(m._meta.label, name) for m, name in found - known}
    assert left == {("intake.ShownQuestion", "sealed")}


def test_what_is_sealed_says_little_of_its_length(report_of):
    sizes = set()
    for text in ("a", "a" * 30, "a" * 200):
        (item,) = report_of(f"https://a.test/{text}", comment=text)
        report = Report.objects.get(mentions__item=item)
        sizes.add((len(_body(item.locator)), len(_body(report.words))))
    (sizes_of_all,) = {one for one, _ in sizes}
    assert len(sizes) <= 2 and sizes_of_all >= 512


def _body(sealed: bytes) -> bytes:
    data = bytes(sealed)
    mac = data.index(b"\n--- ") + 1
    return data[data.index(b"\n", mac) + 1 :]
