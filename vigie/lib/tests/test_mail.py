"""One line for many letters: begun once, and anew when it broke; a refusal does not break it."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from vigie.dispatch.tests.support import MailHost
from vigie.lib.mail import courier, line, no_such_mailbox, refused_for_good

pytestmark = pytest.mark.pure
FROM, TO, OTHER = "newsletter@aurore.test", "minou@aurore.test", "mimi@aurore.test"


@pytest.fixture
def host() -> Iterator[MailHost]:
    host = MailHost()
    yield host
    host.stop()


@pytest.fixture
def greeted(host, monkeypatch) -> list[str]:
    """One entry for each connection that was begun."""
    seen: list[str] = []
    talk = host.talk
    monkeypatch.setattr(host, "talk", lambda to: (seen.append("begun"), talk(to)))
    return seen


def a_letter() -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = "<one@aurore.test>"
    message.set_content("x")
    return message


def test_many_letters_take_one_line(host, greeted):
    with line(host.url) as by:
        for _ in range(5):
            by.send(a_letter(), FROM, TO)
    assert host.sent_to == [TO] * 5
    assert greeted == ["begun"]


def test_no_letter_no_line(host, greeted):
    with line(host.url):
        pass
    assert greeted == []


def test_a_recipient_that_is_refused_does_not_break_the_line(host, greeted):
    host.answers = {f"RCPT {OTHER}": "550 5.1.1 no such mailbox"}
    with line(host.url) as by:
        by.send(a_letter(), FROM, TO)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            by.send(a_letter(), FROM, OTHER)
        by.send(a_letter(), FROM, TO)
    assert host.sent_to == [TO, TO]
    assert greeted == ["begun"]


@pytest.mark.parametrize("answers", [{"END": "closes"}, {"END": "452 4.3.1 disk full"}])
def test_after_trouble_the_next_letter_has_a_new_line(host, greeted, answers):
    with line(host.url) as by:
        host.answers = answers
        with pytest.raises((smtplib.SMTPException, OSError)):
            by.send(a_letter(), FROM, OTHER)
        host.answers = {}
        by.send(a_letter(), FROM, TO)
    assert host.sent_to[-1] == TO
    assert greeted == ["begun", "begun"]


def test_a_server_that_hangs_up_between_two_letters_costs_neither(host, greeted):
    with line(host.url) as by:
        by.send(a_letter(), FROM, TO)
        host.answers = {"NOOP": "closes"}
        by.send(a_letter(), FROM, TO)
    assert host.sent_to == [TO, TO]
    assert greeted == ["begun", "begun"]


def test_a_console_sends_nothing_and_says_no_address(caplog):
    caplog.set_level("INFO")
    with line("console:") as by:
        by.send(a_letter(), FROM, TO)
    courier("console:").send(a_letter(), FROM, TO)
    assert caplog.text.count("would send <one@aurore.test>") == 2
    assert TO not in caplog.text


@pytest.mark.parametrize(
    ("code", "said", "for_good", "no_mailbox"),
    [
        (550, b"5.1.1 no such mailbox", True, True),
        (553, b"5.1.3 bad syntax", True, True),
        (550, b"5.7.1 relaying denied", True, False),
        (550, b"go away", True, False),
        (450, b"4.2.1 busy", False, False),
    ],
)
def test_what_a_refusal_means(code, said, for_good, no_mailbox):
    error = smtplib.SMTPRecipientsRefused({TO: (code, said)})
    assert refused_for_good(error) is for_good
    assert no_such_mailbox(error) is no_mailbox
