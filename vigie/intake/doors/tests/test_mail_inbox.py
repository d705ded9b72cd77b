"""Mail by real SMTP into the Maildir, and the worker's step: once, durably, none stops another."""

import json
import smtplib
from contextlib import suppress
from mailbox import Maildir
from pathlib import Path

import pytest

from vigie.intake.doors.mail import maildir
from vigie.intake.doors.mail.maildir import AT_ONCE, Unread, take_mail
from vigie.intake.doors.models import Arrival
from vigie.intake.doors.tests.mails import ARF, FROM, PLACE, STRANGE, by_hand, with_a_picture, xarf
from vigie.intake.doors.tests.support import words_of
from vigie.intake.models import Letter, Report
from vigie.intake.services import InboxUnavailable
from vigie.items import keys
from vigie.items.models import Item
from vigie.items.services import open_letter
from vigie.sandbox.running import Options, Sandbox
from vigie.worker.loop import OFFICE, one_round
from vigie.worker.models import FailedStep

pytestmark = pytest.mark.django_db(databases="__all__")
ADDRESS = "reports@aurore.test"
MAIL = [step for step in OFFICE if step[0] in ("mail", "open letters")]


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    settings.MAIL_INBOX = str(tmp_path / "inbox")
    Maildir(tmp_path / "inbox", create=True)
    return tmp_path / "inbox"


def deliver(folder: Path, raw: bytes, name: str = "") -> Path:
    """As a mail program does: written beside, then moved in whole."""
    name = name or f"{len(waiting(folder)):06}.x"
    (folder / "tmp" / name).write_bytes(raw)
    return (folder / "tmp" / name).rename(folder / "new" / name)


def waiting(folder: Path) -> list[Path]:
    return [*(folder / "new").iterdir(), *(folder / "cur").iterdir()]


@pytest.mark.parametrize(
    "raw", [ARF, xarf(), by_hand(f"I saw {PLACE}")], ids=["arf", "xarf", "hand"]
)
def test_mail_by_smtp_becomes_a_report_and_is_gone(raw, folder, tmp_path):
    sandbox = Sandbox(Options(tmp_path / "sandbox", maildir=(ADDRESS, folder)))
    sandbox.start()
    try:
        with smtplib.SMTP(*sandbox.ports["smtp"].address) as smtp:
            smtp.sendmail("somebody@home.test", ["other@aurore.test"], b"Subject: not ours\r\n\r\n")
            smtp.sendmail("somebody@home.test", [ADDRESS], raw)
    finally:
        sandbox.stop()
    (kept,) = waiting(folder)
    assert raw.splitlines()[-3] in kept.read_bytes()
    one_round(MAIL)
    assert waiting(folder) == []
    assert Letter.objects.count() == 0
    report = Report.objects.get()
    assert report.arrival.door == "mail" and report.arrival.sender is None
    assert PLACE in [keys.opened(item.locator) for item in Item.objects.all()]


def test_what_the_mail_said_is_sealed_and_who_sent_it_by_hand_is_kept_nowhere(folder):
    for raw in (by_hand(f"I saw {PLACE}"), xarf()):
        deliver(folder, raw)
    one_round(MAIL)
    by_hand_words, xarf_words = (words_of(one) for one in Report.objects.order_by("pk"))
    assert by_hand_words["where"] == f"I saw {PLACE}"
    assert "somebody" not in json.dumps(by_hand_words)
    assert FROM in str(xarf_words["contact"])
    assert ["classification", "A1"] in xarf_words["said"]


def test_a_mail_delivered_twice_is_one_report_also_after_it_was_opened(folder):
    for _ in range(2):
        deliver(folder, by_hand(PLACE))
    assert take_mail() == 2
    open_letter(Letter.objects.get())
    deliver(folder, by_hand(PLACE), "another.file")
    one_round(MAIL)
    assert Report.objects.count() == 1


def test_nobody_makes_a_mail_disappear_by_its_message_id(folder):
    deliver(folder, by_hand("https://a.test/first"))
    deliver(folder, by_hand("https://a.test/second"))
    take_mail()
    assert Letter.objects.count() == 2


def test_two_mails_without_a_message_id_are_two_and_each_is_one(folder, monkeypatch):
    paths = [deliver(folder, b"\r\n\r\nhttps://a.test/") for _ in range(2)]
    with monkeypatch.context() as crash:
        crash.setattr(Path, "unlink", _killed)
        with pytest.raises(KeyboardInterrupt):
            take_mail()
    assert waiting(folder) and Letter.objects.count() == 1
    take_mail()
    assert (waiting(folder), Letter.objects.count()) == ([], 2)
    assert not any(path.exists() for path in paths)


def _killed(*args: object, **kwargs: object) -> None:
    raise KeyboardInterrupt


def test_while_the_inbox_cannot_be_reached_every_mail_stays(folder, monkeypatch):
    deliver(folder, by_hand(PLACE))
    monkeypatch.setattr(maildir, "put", _away)
    with suppress(InboxUnavailable):
        take_mail()
    assert len(waiting(folder)) == 1


def _away(letters: object) -> None:
    raise InboxUnavailable("away")


def test_strange_mails_stop_no_other_and_each_is_a_report(folder):
    for raw in (*STRANGE.values(), by_hand(PLACE)):
        deliver(folder, raw)
    one_round(MAIL)
    assert waiting(folder) == []
    assert Report.objects.count() == len(STRANGE) + 1
    assert not FailedStep.objects.exists()


def test_files_that_cannot_be_read_stop_no_other_and_are_shown_on_the_desk(folder):
    for number in range(AT_ONCE + 5):
        (folder / "new" / f"0{number:04}").mkdir()
    deliver(folder, by_hand(PLACE), "9")
    with pytest.raises(Unread):
        take_mail()
    assert Letter.objects.count() == 1
    one_round(MAIL)
    assert FailedStep.objects.get().name == "mail"


def test_no_more_than_a_few_at_once_so_that_the_lane_goes_on(folder):
    for number in range(AT_ONCE + 2):
        deliver(folder, by_hand(f"https://a.test/{number}"))
    assert take_mail() == AT_ONCE
    assert take_mail() == 2


def test_what_the_mail_program_is_still_writing_is_left_alone(folder):
    (folder / "tmp/1").write_bytes(by_hand(PLACE))
    assert take_mail() == 0
    assert (folder / "tmp/1").exists()


def test_no_byte_of_a_picture_is_in_the_inbox(folder):
    deliver(folder, with_a_picture(f"I saw {PLACE}"))
    take_mail()
    open_letter(Letter.objects.get())
    report = Report.objects.get()
    assert "GIF" not in json.dumps(words_of(report))
    assert len(report.words) < 2_000
    assert Arrival.objects.get().report == report


def test_without_a_folder_in_the_settings_nothing_is_read(settings):
    settings.MAIL_INBOX = ""
    assert take_mail() == 0
