import json
import smtplib
from pathlib import Path

import pytest

from vigie.sandbox.mailbox import Letter
from vigie.sandbox.running import Options, Sandbox
from vigie.sandbox.tests.conftest import Start
from vigie.sandbox.tests.support import Hands, ask, notice, send, wait_for

NORD, LOIRE, MOSELLE = "galerie.nord.test", "forum.loire.test", "photos.moselle.test"


def text_about(url: str) -> str:
    return f"Dear colleagues,\n\nPlease remove what is at\n\n  {url}\n\nThank you.\n"


def replies(sandbox: Sandbox, sender: str) -> list[Letter]:
    mail = sandbox.control.mailbox.letters("hotline@aurore.test")
    return [letter for letter in mail if letter.sender == sender]


def test_a_prompt_host_removes_the_page_and_its_pictures(sandbox: Sandbox) -> None:
    url = f"http://{NORD}/a/x1"
    assert ask(sandbox, "nord", "/a/x1", host=NORD).status == 200
    send(sandbox, notice("abuse@nord.test", text_about(url)))
    assert ask(sandbox, "nord", "/a/x1", host=NORD).status == 410
    assert ask(sandbox, "nord", "/i/x1-2.png", host=NORD).status == 410
    assert ask(sandbox, "nord", "/a/x2", host=NORD).status == 200


def test_a_picture_alone_can_be_removed(sandbox: Sandbox) -> None:
    send(sandbox, notice("abuse@nord.test", text_about(f"http://{NORD}/i/x1-2.png")))
    assert ask(sandbox, "nord", "/i/x1-2.png", host=NORD).status == 410
    assert ask(sandbox, "nord", "/i/x1-1.jpg", host=NORD).status == 200
    assert ask(sandbox, "nord", "/a/x1", host=NORD).status == 200


def test_the_address_in_xarf_counts_and_not_the_text_s(sandbox: Sandbox) -> None:
    message = notice(
        "abuse@polder.test",
        text_about("https://beeld.polder.test/a/text"),
        xarf="https://BEELD.polder.test/a/xarf?page=1#top",
    )
    send(sandbox, message)
    statuses = [
        ask(sandbox, service, path, host="beeld.polder.test").status
        for path in ("/a/xarf", "/a/text")
        for service in ("polder", "polder-https")
    ]
    assert statuses == [404, 404, 200, 200]


def test_one_host_answers_200_and_says_that_it_removed(sandbox: Sandbox) -> None:
    send(sandbox, notice("abuse@moselle.test", text_about(f"http://{MOSELLE}/a/x")))
    reply = ask(sandbox, "moselle", "/a/x", host=MOSELLE)
    assert reply.status == 200
    assert "This content has been removed" in reply.text


def test_a_slow_host_removes_when_its_time_has_come(sandbox: Sandbox, hands: Hands) -> None:
    send(sandbox, notice("abuse@loire.test", text_about(f"http://{LOIRE}/a/x")))
    hands.forward(seconds=119)
    assert ask(sandbox, "loire", "/a/x", host=LOIRE).status == 200
    hands.forward(seconds=1)
    assert ask(sandbox, "loire", "/a/x", host=LOIRE).status == 404


def test_a_second_notice_does_not_postpone_the_removal(sandbox: Sandbox, hands: Hands) -> None:
    for _ in range(2):
        send(sandbox, notice("abuse@loire.test", text_about(f"http://{LOIRE}/a/x")))
        hands.forward(seconds=60)
    assert ask(sandbox, "loire", "/a/x", host=LOIRE).status == 404


def test_a_withdrawn_notice_removes_nothing_and_puts_nothing_back(
    sandbox: Sandbox, hands: Hands
) -> None:
    slow, gone = f"http://{LOIRE}/a/kept", f"http://{NORD}/a/gone"
    slow_desk, desk = "abuse@loire.test", "abuse@nord.test"
    send(sandbox, notice(slow_desk, slow))
    send(sandbox, notice(desk, gone))
    for to, url in ((slow_desk, slow), (desk, gone)):
        letter = notice(to, f"Our notice is withdrawn.\n\n{url}\n")
        said = json.dumps({"format": "vigie-withdrawal/1", "url": url}).encode()
        letter.add_attachment(said, "application", "json", filename="withdrawal.json")
        send(sandbox, letter)
    hands.forward(seconds=120)
    states = [ask(sandbox, "web", f"/api/hosts/state?url={url}").json for url in (slow, gone)]
    assert [(one["removed"], bool(one["withdrawn"])) for one in states] == [
        (False, True), (True, True),
    ]  # fmt: skip
    assert "the notice was withdrawn" in ask(sandbox, "web", "/hosts/").text
    send(sandbox, notice(slow_desk, slow))
    hands.forward(seconds=120)
    assert ask(sandbox, "web", f"/api/hosts/state?url={slow}").json["removed"]


def test_a_host_that_ignores_neither_removes_nor_answers(sandbox: Sandbox, hands: Hands) -> None:
    send(sandbox, notice("abuse@carpates.test", text_about("http://hub.carpates.test/a/x")))
    send(sandbox, notice("abuse@nord.test", "Hello"))
    wait_for(lambda: replies(sandbox, "abuse@nord.test"))
    hands.forward(days=30)
    assert ask(sandbox, "carpates", "/a/x", host="hub.carpates.test").status == 200
    assert not replies(sandbox, "abuse@carpates.test")


def test_nobody_removes_what_another_hosts(sandbox: Sandbox) -> None:
    send(sandbox, notice("abuse@polder.test", text_about(f"http://{NORD}/a/x1")))
    assert ask(sandbox, "nord", "/a/x1", host=NORD).status == 200


def test_a_notice_is_acknowledged_in_its_thread(sandbox: Sandbox) -> None:
    message = notice("abuse@nord.test", text_about(f"http://{NORD}/a/x1"))
    send(sandbox, message)
    (answer,) = wait_for(lambda: replies(sandbox, "abuse@nord.test"))
    assert answer.message["In-Reply-To"] == message["Message-ID"]
    assert str(answer.message["Subject"]).startswith(f"Re: {message['Subject']}")
    assert answer.message["Auto-Submitted"] == "auto-replied"
    assert "Addresses of ours in it: 1." in answer.message.get_content()


def test_an_automatic_answer_is_not_answered(sandbox: Sandbox) -> None:
    automatic = notice("abuse@nord.test", text_about(f"http://{NORD}/a/x1"))
    automatic["Auto-Submitted"] = "auto-replied (out of office)"
    send(sandbox, automatic)
    send(sandbox, notice("abuse@polder.test", "Hello"))
    wait_for(lambda: replies(sandbox, "abuse@polder.test"))
    assert not replies(sandbox, "abuse@nord.test")
    assert ask(sandbox, "nord", "/a/x1", host=NORD).status == 200


def test_mail_to_the_hotline_goes_to_its_own_server(start: Start, tmp_path: Path) -> None:
    """A second sandbox plays the hotline's mail server."""
    hotline = Sandbox(Options(tmp_path / "hotline"))
    hotline.start()
    try:
        sandbox = start(hotline_smtp=hotline.ports["smtp"].address)
        send(sandbox, notice("abuse@nord.test", "Hello"))
        wait_for(lambda: replies(hotline, "abuse@nord.test"))
        assert not replies(sandbox, "abuse@nord.test")
    finally:
        hotline.stop()


def test_the_same_mail_twice_is_one_letter(sandbox: Sandbox, tmp_path: Path) -> None:
    message = notice("partner@partner-lu.test", "Hello")
    send(sandbox, message, "hotline@partner-lu.test")
    send(sandbox, message, "Hotline@partner-lu.test")
    send(sandbox, message, "other@partner-lu.test")
    (letter,) = sandbox.control.mailbox.letters()
    assert letter.recipients == ("hotline@partner-lu.test", "other@partner-lu.test")
    assert len(list((tmp_path / "sandbox" / "mail").glob("*.eml"))) == 1


@pytest.mark.parametrize("address", ["nobody@nord.test", "somebody@example.org", "nord.test"])
def test_unknown_recipients_are_refused(sandbox: Sandbox, address: str) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(sandbox, notice("a@nord.test", "Hello"), address)
    assert [code for code, _ in refused.value.recipients.values()] in ([550], [553])
    assert not sandbox.control.mailbox.letters()


def test_a_restart_keeps_mail_and_removals(start: Start, hands: Hands) -> None:
    sandbox = start()
    send(sandbox, notice("abuse@nord.test", text_about(f"http://{NORD}/a/x1")))
    send(sandbox, notice("abuse@loire.test", text_about(f"http://{LOIRE}/a/x")))
    wait_for(lambda: len(sandbox.control.mailbox.letters("hotline@aurore.test")) == 2)
    before = [(letter.id, letter.raw) for letter in sandbox.control.mailbox.letters()]
    sandbox = start()
    assert [(letter.id, letter.raw) for letter in sandbox.control.mailbox.letters()] == before
    assert ask(sandbox, "nord", "/a/x1", host=NORD).status == 410
    assert ask(sandbox, "loire", "/a/x", host=LOIRE).status == 200
    hands.forward(minutes=2)
    assert ask(sandbox, "loire", "/a/x", host=LOIRE).status == 404


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no headers at all",
        b"Content-Type: text/plain; charset=no-such-set\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"From: <<<@@>\r\nTo: ;;\r\nSubject: =?utf-8?b?####?=\r\n\r\nhttp://\r\n",
        b'Content-Type: application/json; name="xarf.json"\r\n'
        b'Content-Disposition: attachment; filename="xarf.json"\r\n\r\n[[[',
    ],
)
def test_mail_of_any_shape_is_kept_and_shown(sandbox: Sandbox, raw: bytes) -> None:
    with smtplib.SMTP(*sandbox.ports["smtp"].address, timeout=10) as server:
        server.sendmail("x@aurore.test", ["abuse@nord.test", "police@police-be.test"], raw)
    for path in ("/mail/", "/mail/000001/", "/police/", "/api/mail", "/api/police"):
        assert ask(sandbox, "web", path).status == 200
