"""What a mail says, and what of it is kept: the place and the words, no file and no route."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.intake.doors.letters import Brought
from vigie.intake.doors.mail import parts
from vigie.intake.doors.mail.parts import parts_of
from vigie.intake.doors.mail.reading import WITHOUT_WORDS, read_mail
from vigie.intake.doors.tests.mails import (
    ARF,
    FROM,
    PLACE,
    STRANGE,
    by_hand,
    deep,
    with_a_picture,
    xarf,
)

pytestmark = pytest.mark.pure


def understood(raw: bytes) -> Brought:
    return read_mail(parts_of(raw))


def test_arf_names_its_places_and_drops_who_received_it():
    brought = understood(ARF)
    assert brought.where == PLACE
    assert understood(ARF.replace(b"Reported-Uri: http", b"X: ")).where == "galerie.nord.test"
    assert brought.contact == FROM
    assert dict(brought.said)["feedback-type"] == "abuse"
    assert dict(brought.said)["source-ip"] == "192.0.2.1"
    assert "http://other.example/page" in brought.comment
    for dropped in ("Original-Rcpt", "somespammer", "SomeGenerator", "mailserver.example.net"):
        assert dropped not in repr(brought)


def test_json_of_another_kind_is_read_as_words_without_what_is_packed_in_it():
    packed = "iVBORw0KGgo" * 50
    report = {"Version": "3", "Report": {"Url": PLACE, "Samples": [{"Payload": packed}]}}
    head = b"Subject: a report\nContent-Type: application/json\n\n"
    brought = understood(head + json.dumps(report).encode())
    assert PLACE in brought.where and packed[:60] not in repr(brought)


@pytest.mark.parametrize("kind", ['multipart/mixed; boundary="zz"', "multipart/alternative"])
def test_a_mail_whose_parts_never_begin_is_read_as_words(kind):
    raw = f"Subject: s\nMIME-Version: 1.0\nContent-Type: {kind}\n\nlook at {PLACE} please\n"
    assert PLACE in understood(raw.encode()).where


@pytest.mark.parametrize("line", [76, 100_000])
@pytest.mark.parametrize("close", ["\n--zz--\n", ""])
def test_of_a_mail_that_is_a_picture_alone_nothing_of_it_is_kept(line, close):
    packed = "iVBORw0KGgoAAAANSUhEUg" * 400
    lines = "\n".join(packed[at : at + line] for at in range(0, len(packed), line))
    part = f"--zz\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n{lines}"
    head = 'Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="'
    for boundary in ("zz", "another"):  # one that comes, one that never does
        brought = understood(f'{head}{boundary}"\n\n{part}{close}'.encode())
        assert packed[:22] not in repr(brought)


def test_xarf_names_its_place_and_its_evidence_stays_behind():
    brought = understood(xarf())
    said = dict(brought.said)
    assert brought.where == PLACE
    assert (said["type"], said["classification"]) == ("csam", "A1")
    assert said["hash_values"] == "sha256 " + "0" * 64
    assert FROM in brought.contact and "Provider" in brought.contact
    assert "PAYLOAD" not in repr(brought)


def test_xarf_in_the_text_itself_is_understood_as_well():
    text = json.dumps({"xarf_version": "4.0.0", "url": PLACE})
    assert understood(by_hand(text)).where == PLACE


def test_xarf_without_an_address_says_at_least_what_it_has():
    assert understood(xarf(url="")).where == "192.0.2.10"
    nowhere = understood(xarf(url="", source_identifier=""))
    assert nowhere.where == "Abuse report\nA report in XARF is attached."
    assert ("classification", "A1") in nowhere.said


def test_of_a_mail_by_hand_the_words_are_kept_and_no_header_but_the_subject():
    brought = understood(by_hand(f"Look at {PLACE} please.", Subject="I saw this"))
    assert brought.where == f"I saw this\nLook at {PLACE} please."
    assert brought.contact == ""
    for dropped in ("somebody", "home.example", "192.0.2.99"):
        assert dropped not in repr(brought)


def test_a_page_gives_its_words_and_where_its_links_lead():
    page = f'<style>x</style><p>See <a href="{PLACE}">here</a><img src="http://x.test/1.gif">'
    mail = b"Content-Type: text/html\r\n\r\n" + page.encode()
    where = understood(mail).where
    assert PLACE in where and "here" in where
    assert "x.test" not in where


@pytest.mark.parametrize(
    "text",
    [
        "data:image/gif;base64,R0lGODlhPAYLOAD0000",
        ("R0lGODlhPAYLOAD" + "A" * 61 + "\n") * 5,
        "begin 644 seen.gif\n" + ("MPAYLOAD" + "1" * 53 + "\n") * 5 + "end",
    ],
)
def test_a_picture_written_as_letters_is_left_out(text):
    brought = understood(by_hand(f"{PLACE}\n{text}\nafter it"))
    assert "PAYLOAD" not in repr(brought)
    assert PLACE in brought.where and "after it" in brought.where


def test_an_attachment_is_left_where_it_is():
    brought = understood(with_a_picture(f"I saw {PLACE}"))
    assert brought.where == f"I saw {PLACE}"
    assert "seen.gif" not in repr(brought) and "GIF89a" not in repr(brought)
    assert understood(with_a_picture("")).where == WITHOUT_WORDS


@pytest.mark.parametrize("raw", STRANGE.values(), ids=STRANGE)
def test_a_strange_mail_is_a_report_too_and_soon(raw):
    start = time.thread_time()
    brought = understood(raw)
    assert brought.where.strip()
    assert time.thread_time() - start < 2


@pytest.mark.parametrize("levels", [5, 19, 30, 3_000])
def test_words_at_the_bottom_of_a_deep_mail_are_found(levels):
    assert PLACE in understood(deep(levels)).where


def test_of_a_huge_mail_the_beginning_is_read(monkeypatch):
    monkeypatch.setattr(parts, "LARGEST", 500)
    brought = understood(b"Subject: x\r\n\r\n" + PLACE.encode() + b"\r\n" + b"b " * 500)
    assert PLACE in brought.where
    assert len(brought.where) < 500


def test_many_lines_in_a_deep_mail_take_no_time():
    start = time.thread_time()
    assert understood(deep(19) + b"x\n" * 2_000_000).where
    assert time.thread_time() - start < 3


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.one_of(st.binary(max_size=400), st.sampled_from([ARF, xarf()])), st.data())
def test_no_mail_whatever_is_refused(raw, data):
    at = data.draw(st.integers(0, len(raw)))
    cut = data.draw(st.binary(max_size=6))
    assert understood(raw[:at] + cut + raw[at + len(cut) :]).where.strip()
