"""Taking a report in: written once, whole, unreadable where it lies, or said to be not written."""

import base64
import json
import os
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection, connections

from vigie.intake.models import Letter, Report, ShownReceipt
from vigie.intake.receipts import mint, receipt_hash
from vigie.intake.services import InboxUnavailable, NewReport, receive
from vigie.items import keys
from vigie.items.services import open_letter
from vigie.lib.seal import Unsealable, new_identity, unseal

pytestmark = pytest.mark.django_db(databases="__all__")
committed = pytest.mark.django_db(databases="__all__", transaction=True)
ON_POSTGRESQL = bool(os.environ.get("VIGIE_TEST_POSTGRES"))


def a_report(**more: str) -> NewReport:
    return NewReport(**{"where": "https://a.test/x", "receipt": mint("en"), **more})


# --- once ------------------------------------------------------------------------------------


def test_the_same_page_sent_twice_is_one_letter():
    report = a_report(comment="mine")
    receive(report)
    receive(report)
    assert (Letter.objects.count(), ShownReceipt.objects.count()) == (1, 1)


def test_the_same_page_sent_again_after_it_was_opened_is_one_report():
    report = a_report(comment="mine")
    for _ in range(2):
        receive(report)
        open_letter(Letter.objects.get())
    assert (Letter.objects.count(), Report.objects.count()) == (0, 1)


@pytest.mark.parametrize("field", ["where", "kind", "seen", "comment", "contact"])
def test_the_same_receipt_with_anything_else_in_it_is_a_second_letter(field):
    report = a_report()
    receive(report)
    receive(replace(report, **{field: "another"}))
    assert (Letter.objects.count(), ShownReceipt.objects.count()) == (2, 1)


@pytest.mark.parametrize("receipt", ["", "no code of ours"])
def test_without_a_receipt_two_are_two(receipt):
    for _ in range(2):
        receive(a_report(receipt=receipt))
    assert (Letter.objects.count(), ShownReceipt.objects.count()) == (2, 0)


# --- or not at all ---------------------------------------------------------------------------


@pytest.fixture
def inbox_away(monkeypatch):
    """The inbox's database cannot be reached until the returned function is called."""
    front = connections["front"]
    with monkeypatch.context() as away:
        front.close()
        away.setitem(front.settings_dict, "HOST", "127.0.0.1")
        away.setitem(front.settings_dict, "PORT", "1")
        if not ON_POSTGRESQL:
            away.setitem(front.settings_dict, "NAME", "/nowhere/front.sqlite3")
        yield away.undo
    front.close()


@committed
def test_a_report_that_was_not_written_is_said_to_be_so_and_can_be_sent_again(inbox_away):
    report = a_report()
    for _ in range(2):
        with pytest.raises(InboxUnavailable):
            receive(report)
    inbox_away()
    receive(report)
    assert (Letter.objects.count(), ShownReceipt.objects.count()) == (1, 1)


@committed
def test_the_page_keeps_what_was_typed_while_the_inbox_is_away(inbox_away, public_client):
    typed = {"where": "https://a.test/<x>", "comment": "mine & yours", "receipt": mint("en")}
    answer = public_client.post("/en/report/", typed)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "NOT saved" in page and typed["receipt"] in page
    assert "https://a.test/&lt;x&gt;" in page and "mine &amp; yours" in page
    inbox_away()
    assert public_client.post("/en/report/", typed).status_code == 200
    assert Letter.objects.count() == 1


@committed
@pytest.mark.skipif(not ON_POSTGRESQL, reason="a file has no server that could cut the line")
def test_a_line_that_was_cut_is_noticed_and_the_next_report_finds_another():
    receive(a_report())
    with connections["front"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(InboxUnavailable):
        receive(a_report())
    receive(a_report())
    assert Letter.objects.count() == 2


# --- unreadable where it lies ----------------------------------------------------------------

TYPED = {
    "where": "https://whereabouts.test/wherepath",
    "kind": "account",
    "seen": "seenyesterday",
    "comment": "commentatwill",
    "contact": "contactme",
}


def _rows() -> bytes:
    """Every column of everything that was written, as bytes and as text."""
    found = []
    for model in (Letter, ShownReceipt):
        with connections["front"].cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            found += [value for row in cursor.fetchall() for value in row]
    raw = [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in found]
    return b"\0".join(raw)


def test_nothing_that_was_typed_can_be_read_in_the_rows():
    receipt = mint("en")
    receive(NewReport(**TYPED, receipt=receipt))
    rows = _rows()
    assert b"age-encryption.org/v1" in rows
    for text in (*TYPED.values(), receipt, receipt.split()[0] + " "):
        encoded = [text.encode(), text.encode("utf-16-le"), base64.b64encode(text.encode())[:-4]]
        assert not any(form in rows or form.hex().encode() in rows for form in encoded)


def test_no_letter_can_be_told_to_belong_to_a_receipt():
    receipt = mint("en")
    receive(a_report(receipt=receipt))
    letter = Letter.objects.get()
    hashed = receipt_hash(receipt)
    with connections["front"].cursor() as cursor:
        cursor.execute("SELECT * FROM intake_letter")
        assert hashed not in [bytes(v) for v in cursor.fetchone() if isinstance(v, bytes)]
    assert uuid.UUID(bytes=hashed[:16]) != letter.id
    assert hashed.hex() in keys.opened(letter.where)


def test_the_place_opens_for_the_worker_and_the_words_for_the_operators_alone(settings):
    operators, settings.OPERATORS_RECIPIENT = new_identity()
    receive(NewReport(**TYPED))
    letter = Letter.objects.get()
    assert TYPED["where"] in keys.opened(letter.where)
    assert TYPED["comment"] in unseal(operators, bytes(letter.words))
    assert not any(TYPED[n] in keys.opened(letter.where) for n in ("seen", "comment", "contact"))
    for identity, other in ((operators, letter.where), (keys.worker_identity(), letter.words)):
        with pytest.raises(Unsealable):
            unseal(identity, bytes(other))


def _size(sealed: bytes) -> int:
    """Without age's header, whose length is random."""
    mac = sealed.index(b"\n--- ") + 1
    return len(sealed) - sealed.index(b"\n", mac)


def test_the_size_of_a_letter_does_not_tell_how_much_was_typed():
    for length in range(1, 51):
        receive(a_report(where="w" * length, comment="c" * length))
    letters = Letter.objects.all()
    assert len(letters) == 50
    assert len({_size(bytes(letter.where)) for letter in letters}) == 1
    assert len({_size(bytes(letter.words)) for letter in letters}) == 1


def test_of_the_moment_only_the_hour_is_kept():
    moment = datetime(2026, 11, 26, 14, 37, 25, 123456, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        receive(a_report())
    hour = datetime(2026, 11, 26, 14, tzinfo=UTC)
    letter = Letter.objects.values().get()
    times = {name: value for name, value in letter.items() if isinstance(value, datetime)}
    assert times == {"received_hour": hour, "due_at": hour}
    assert letter["lease_until"] is None
    assert ShownReceipt.objects.get().week == date(2026, 11, 23)


# --- whole -----------------------------------------------------------------------------------

AWKWARD = [
    "\0 a\0b \0",
    "https://a.test/" + "x" * 10_000,
    "\u202eهنا https://a.test/ שלום\u2069 здесь",
    "a lone \ud800 half, and \udc00 the other",
    "\n".join(f"https://a.test/{number}" for number in range(5_000)),
    "a\r\nb\u2028c\x85d\x1e",
    "  spaces around  ",
    '"quoted" \\ {json} </script>',
]


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_any_text_lies_in_the_letter_as_it_was_typed(text, settings):
    operators, settings.OPERATORS_RECIPIENT = new_identity()
    receive(NewReport(where=text, comment=text))
    letter = Letter.objects.get()
    assert json.loads(keys.opened(letter.where))["where"] == text
    assert json.loads(unseal(operators, bytes(letter.words)))["comment"] == text


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        (b"a%00b", "a\0b"),
        (b"a%ED%A0%80b", "a\ufffd\ufffd\ufffdb"),  # a lone half of a pair, as bytes
        (b"%FF%FE", "\ufffd\ufffd"),
        (b"%F0%9F%90%B1", "\U0001f431"),
        (b"a%0D%0Ab", "a\r\nb"),
        (b"+a+", " a "),
    ],
)
def test_the_page_takes_whatever_bytes_a_browser_sends(public_client, sent, taken):
    form = "application/x-www-form-urlencoded"
    answer = public_client.generic("POST", "/fr/report/", b"where=" + sent, form)
    assert answer.status_code == 200
    assert json.loads(keys.opened(Letter.objects.get().where))["where"] == taken
