"""After an honest restore the journal can be verified again, and it says that it was restored."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from vigie.journal import guard, heads
from vigie.journal.models import Entry
from vigie.journal.restoring import NotRestored, last_agreed, say_restored
from vigie.journal.services import append
from vigie.journal.tests.support import KEY, PUBLIC, Attacker, fill, verify
from vigie.journal.verbs import Verb

pytestmark = pytest.mark.django_db(databases="__all__")


def work(lines: int) -> None:
    for _ in range(lines):
        append(Verb.ITEM_OPENED, "item:1", "staff:1")


@pytest.fixture
def path(tmp_path):
    """40 acts, signed after every ten; then a backup of the first lines is put back."""
    found = tmp_path / "heads.jsonl"
    fill(found, 40, 10)
    guard.lift(connection)
    Entry.objects.filter(seq__gt=25).delete()
    work(3)
    return found


def said(path, after=21) -> None:
    say_restored(path, KEY, PUBLIC, after=after, who="Anna", why="a disk")


def test_what_was_restored_is_said_once_and_stands_from_then_on(path, settings, capsys):
    settings.JOURNAL_HEADS = path
    with pytest.raises(CommandError):
        call_command("journal", "verify")
    with pytest.raises(CommandError, match="up to line 21;.*--after 21"):
        call_command("journal", "restored")
    call_command("journal", "restored", "--after", "21", "--who", "Anna", "--why", "a disk")
    work(60)  # past all that was signed before
    assert heads.sign_head(path, KEY)
    call_command("journal", "verify")
    out = capsys.readouterr().out
    assert "by Anna: a disk. Lines 22 to 43 of before are lost." in out
    assert "The journal stands" in out
    line = Entry.objects.get(verb=Verb.JOURNAL_RESTORED)
    assert line.detail == '{"after":21,"until":43}'
    with pytest.raises(NotRestored, match="nothing to say"):
        said(path)


@pytest.mark.parametrize("seq", [3, 21, 23, 27, 29])
def test_who_changes_a_line_before_or_after_is_found_all_the_same(path, seq):
    said(path)
    work(5)
    attacker = Attacker(path, 1)
    lines = attacker.lines()
    lines[seq - 1] = type(lines[seq - 1])(**{**vars(lines[seq - 1]), "actor": "staff:99"})
    attacker.remake(lines)
    assert verify(path)


def test_what_is_cut_off_later_is_found_and_a_second_restore_can_be_said(path):
    said(path)
    work(5)
    assert heads.sign_head(path, KEY)
    Entry.objects.filter(seq__gt=33).delete()
    assert [fault.seq for fault in verify(path)] == [35]
    assert last_agreed(path, PUBLIC) == (29, 35)
    said(path, after=29)
    assert verify(path) == []
    assert [one["after"] for one in heads.read_heads(path, PUBLIC).restores] == [21, 29]


def test_another_line_than_was_found_or_no_reason_is_refused(path):
    with pytest.raises(NotRestored, match="up to line 21"):
        said(path, after=10)
    with pytest.raises(NotRestored, match="who"):
        say_restored(path, KEY, PUBLIC, after=21, who=" ", why="a disk")
    assert not Entry.objects.filter(verb=Verb.JOURNAL_RESTORED).exists()


def test_a_chain_that_is_broken_itself_is_no_restore(path):
    Entry.objects.filter(seq=12).update(actor="staff:99")
    with pytest.raises(NotRestored, match="line 12: was changed"):
        said(path)


def test_the_row_that_says_so_cannot_be_taken_away(path):
    said(path)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert verify(path)
