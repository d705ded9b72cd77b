"""A hundred tamperings and more: none goes unseen, and an untouched journal stands."""

import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.environment import THOROUGH
from vigie.journal import guard, heads
from vigie.journal.models import Entry
from vigie.journal.services import append
from vigie.journal.tests.support import COLUMNS, KEY, PUBLIC, Attacker, fill, verify
from vigie.journal.verbs import Verb

pytestmark = pytest.mark.django_db(databases="__all__")
TAMPERINGS = 240 if THOROUGH else 120


class Undo(Exception):
    """Takes a tampering back, so that the next one starts from the same journal."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "heads.jsonl"


def test_an_untouched_journal_stands(path):
    fill(path, 40, 9)
    assert verify(path) == []


def test_each_of_many_random_tamperings_is_caught_and_its_place_named(path):
    fill(path, 40, 9)
    whole = path.read_bytes()
    done: Counter[str] = Counter()
    for seed in range(TAMPERINGS):
        with pytest.raises(Undo), transaction.atomic():
            attacker = Attacker(path, seed)
            kinds = attacker.kinds()
            kind = kinds[seed % len(kinds)]
            getattr(attacker, kind)()
            found = verify(path)
            assert found, f"{kind}, seed {seed}: not caught"
            assert all(fault.what for fault in found)
            assert any(0 <= fault.seq <= attacker.last + 50 for fault in found)
            done[kind] += 1
            raise Undo
        path.write_bytes(whole)
        assert verify(path) == []
    assert min(done.values()) >= TAMPERINGS // 24


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("seq", [1, 7, 12])
def test_a_change_in_any_column_of_any_line_is_found_at_that_line(path, column, seq):
    fill(path, 12, 5)
    attacker = Attacker(path, seq)
    value = Entry.objects.values_list(column, flat=True).get(seq=seq)
    attacker.set_line(seq, **{column: attacker.other(column, value)})
    assert seq in {fault.seq for fault in verify(path)}


def test_a_chain_made_anew_is_caught_by_the_first_head_after_the_change(path):
    fill(path, 20, 10)
    attacker = Attacker(path, 1)
    lines = attacker.lines()
    lines[13] = type(lines[13])(**{**vars(lines[13]), "actor": "staff:99"})
    attacker.remake(lines)
    found = verify(path)
    assert [fault.seq for fault in found] == [21]
    assert "made anew" in found[0].what


def test_what_was_cut_off_after_a_signed_head_is_named_by_the_head(path):
    fill(path, 10, 10)
    guard.lift(connection)
    Entry.objects.filter(seq__gt=6).delete()
    assert [(fault.seq, "cut off" in fault.what) for fault in verify(path)] == [(10, True)]


def test_a_cut_journal_that_grows_again_cannot_be_signed_over(path):
    fill(path, 10, 10)
    guard.lift(connection)
    Entry.objects.filter(seq__gt=6).delete()
    for _ in range(3):
        append(Verb.ITEM_OPENED, "item:1", "staff:1")
    assert not heads.sign_head(path, KEY)
    for _ in range(3):
        append(Verb.ITEM_OPENED, "item:1", "staff:1")
    assert heads.sign_head(path, KEY)
    assert 10 in {fault.seq for fault in verify(path)}


def test_without_any_signed_head_the_verification_says_so(path):
    append(Verb.ITEM_OPENED, "item:1", "staff:1")
    assert "no signed heads" in verify(path)[0].what


def test_what_is_no_time_any_more_is_a_fault_and_no_crash(path):
    fill(path, 9, 3)
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL keeps nothing but times in a column of times")
    guard.lift(connection)
    for nonsense in ("nonsense", "2026-13-45 99:00:00"):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE journal_entry SET at = %s, detail = x'ff' WHERE seq = 5", [nonsense]
            )
        assert 5 in {fault.seq for fault in verify(path)}


@pytest.mark.parametrize("row", [b"null", b"[]", b'"text"', b"{}", b"\xff\xfe", b"", b'{"seq":1}'])
def test_rubbish_among_the_heads_is_a_fault_and_no_crash(path, row):
    fill(path, 6, 3)
    path.write_bytes(path.read_bytes() + row + b"\n")
    assert verify(path)
    append(Verb.ITEM_OPENED, "item:1", "staff:1")
    assert heads.sign_head(path, KEY), "one bad row must not end the signing"


def test_a_row_cut_off_by_a_crash_is_taken_away_before_the_next_is_signed(path):
    fill(path, 6, 3)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"at": "2026-')
    append(Verb.ITEM_OPENED, "item:1", "staff:1")
    assert heads.sign_head(path, KEY)
    assert path.read_bytes().startswith(whole)
    assert verify(path) == []


def test_signing_says_so_in_the_journal_and_signs_nothing_twice(path):
    fill(path, 3, 3)
    assert not heads.sign_head(path, KEY)
    last = Entry.objects.first()
    assert last.verb == Verb.JOURNAL_SIGNED
    assert json.loads(last.detail)["seq"] == 3
    assert len(path.read_bytes().splitlines()) == 1


def test_a_head_signed_while_somebody_verifies_is_no_fault(path, monkeypatch):
    fill(path, 6, 3)
    read = heads.read_heads

    def read_and_sign(*words):
        found = read(*words)
        append(Verb.ITEM_OPENED, "item:1", "staff:1")
        assert heads.sign_head(path, KEY)
        return found

    monkeypatch.setattr(heads, "read_heads", read_and_sign)
    assert heads.verify(path, PUBLIC) == []


def test_the_command_says_that_the_journal_stands_or_names_the_line(path, settings, capsys):
    settings.JOURNAL_HEADS = path
    append(Verb.ITEM_OPENED, "item:1", "staff:1")
    call_command("journal", "sign")
    call_command("journal", "verify")
    assert "The journal stands: 2 lines" in capsys.readouterr().out
    guard.lift(connection)
    Entry.objects.filter(seq=1).update(actor="staff:2")
    with pytest.raises(CommandError):
        call_command("journal", "verify")
    assert "line 1: was changed" in capsys.readouterr().err
