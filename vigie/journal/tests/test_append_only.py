"""The database refuses to change the journal, and lets it grow by one line at a time."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.databases import in_threads
from vigie.journal import guard, heads
from vigie.journal.chain import faults
from vigie.journal.models import Entry
from vigie.journal.services import append, append_each
from vigie.journal.tests.support import KEY, verify
from vigie.journal.verbs import Verb

pytestmark = pytest.mark.django_db(databases="__all__")


def _three() -> None:
    append_each(Verb.ITEM_OPENED, ["item:1", "item:2", "item:3"], "staff:1")


def _refused(act) -> None:
    with pytest.raises(DatabaseError, match=guard.REFUSAL), transaction.atomic():
        act()
    assert [entry.subject for entry in Entry.objects.all()] == ["item:3", "item:2", "item:1"]


def test_the_database_refuses_to_change_a_line():
    _three()
    _refused(lambda: Entry.objects.filter(seq=2).update(actor="staff:2"))


def test_the_database_refuses_to_remove_a_line():
    _three()
    _refused(lambda: Entry.objects.filter(seq=2).delete())
    _refused(lambda: Entry.objects.get(seq=2).delete())


def test_the_database_refuses_to_save_over_a_line():
    _three()
    line = Entry.objects.get(seq=2)
    line.subject = "item:9"
    _refused(line.save)


def test_the_database_refuses_to_empty_the_journal():
    _three()
    word = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
    _refused(lambda: connection.cursor().execute(f"{word} journal_entry"))


def test_a_line_cannot_be_put_over_another():
    _three()
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(**{**Entry.objects.values().get(seq=2), "actor": "staff:2"})
    assert Entry.objects.get(seq=2).actor == "staff:1"


def test_the_protection_can_be_taken_away_and_given_back_by_who_may_alter_the_table():
    _three()
    guard.lift(connection)
    Entry.objects.filter(seq=3).delete()
    guard.protect(connection)
    with pytest.raises(DatabaseError, match=guard.REFUSAL), transaction.atomic():
        Entry.objects.filter(seq=2).delete()


def test_a_line_is_gone_with_the_act_it_speaks_of():
    with pytest.raises(RuntimeError), transaction.atomic():
        _three()
        raise RuntimeError
    assert not Entry.objects.exists()
    _three()
    assert Entry.objects.first().seq == 3


def test_lines_for_several_subjects_are_one_chain():
    _three()
    _three()
    append_each(Verb.ITEM_OPENED, [], "staff:1")
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert not list(faults(heads.lines(), {}))


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_eight_threads_write_one_whole_chain():
    def write() -> None:
        for _ in range(10):
            append(Verb.ITEM_OPENED, "item:1", "staff:1")

    assert in_threads([write] * 8) == [None] * 8
    assert Entry.objects.count() == 80
    assert not list(faults(heads.lines(), {}))


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_eight_workers_sign_one_file_of_heads(tmp_path):
    path = tmp_path / "heads.jsonl"

    def write_and_sign() -> None:
        for _ in range(4):
            append(Verb.ITEM_OPENED, "item:1", "staff:1")
            heads.sign_head(path, KEY)

    assert in_threads([write_and_sign] * 8) == [None] * 8
    assert verify(path) == []


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_the_journal_is_protected_after_a_flush_as_before():
    _three()
    _refused(lambda: Entry.objects.all().delete())
