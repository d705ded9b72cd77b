"""Mails as the outside sends them: ARF, XARF, by hand, and some that were made to hurt."""

import json
from email import policy
from email.message import EmailMessage

PLACE = "https://galerie.nord.test/a/by-mail"
FROM = "abuse-desk@provider.example"
GIF = b"GIF89a" + bytes(range(256)) * 40


def by_hand(text: str, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Somebody <somebody@home.example>", "reports@aurore.test"
    mail["Received"] = "from [192.0.2.99] by mail.home.example"
    mail["Message-ID"] = "<one@home.example>"
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes(policy=policy.SMTP)


def with_a_picture(text: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = "somebody@home.example", "<picture@home.example>"
    mail.set_content(text)
    mail.add_attachment(GIF, "image", "gif", filename="seen.gif")
    return mail.as_bytes(policy=policy.SMTP)


ARF = f"""\
From: Abuse desk <{FROM}>
To: reports@aurore.test
Subject: FW: something
Message-ID: <arf@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part"

--part
Content-Type: text/plain; charset="US-ASCII"

This is an abuse report for a message received from 192.0.2.1.

--part
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <somespammer@example.net>
Original-Rcpt-To: <user@example.com>
Arrival-Date: Thu, 8 Mar 2026 14:00:00 EDT
Source-IP: 192.0.2.1
Reported-Domain: galerie.nord.test
Reported-Uri: {PLACE}
Reported-Uri: mailto:user@example.com

--part
Content-Type: message/rfc822

From: <somespammer@example.net>
To: <user@example.com>
Subject: Earn money
Received: from mailserver.example.net

Spam at http://other.example/page

--part--
""".replace("\n", "\r\n").encode()


def xarf(**more: object) -> bytes:
    report = {
        "xarf_version": "4.0.0",
        "report_id": "0b5b0c0e-8b5c-4f0e-9b1c-1f5b7d3c2a10",
        "timestamp": "2026-11-01T10:00:00Z",
        "reporter": {"org": "Provider", "contact": FROM, "domain": "provider.example"},
        "sender": {"org": "Provider", "contact": FROM, "domain": "provider.example"},
        "source_identifier": "192.0.2.10",
        "category": "content",
        "type": "csam",
        "classification": "A1",
        "detection_method": "hash_match",
        "url": PLACE,
        "hash_values": {"sha256": "0" * 64},
        "evidence": [{"content_type": "image/gif", "payload": "R0lGODlhPAYLOAD"}],
    }
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = FROM, "<xarf@provider.example>"
    mail["Subject"] = "Abuse report"
    mail.set_content("A report in XARF is attached.")
    body = json.dumps({**report, **more}).encode()
    mail.add_attachment(body, "application", "json", filename="xarf.json")
    return mail.as_bytes(policy=policy.SMTP)


def deep(levels: int) -> bytes:
    """A mail within a mail within a mail …, and words at the very end."""
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(levels)
    )
    return f"From: a@b.example\r\n{head}\r\n{PLACE}\r\n".encode()


STRANGE = {
    "empty": b"",
    "no headers": b"\r\n\r\n",
    "binary": bytes(range(256)) * 100,
    "unknown charset": b"Content-Type: text/plain; charset=martian\r\n\r\n" + PLACE.encode(),
    "broken base64": b"Content-Transfer-Encoding: base64\r\n\r\n!!!" + PLACE.encode(),
    "broken header": b"Subject: =?utf-8?b?////?=\r\nFrom: =?x?q?=?=\r\n\r\n" + PLACE.encode(),
    "deep": deep(3_000),
    "unfinished": ARF[: len(ARF) // 2],
    "wrong json": xarf().replace(b"4.0.0", b"4.0.0{"),
    "json list": b'Content-Type: application/json\r\n\r\n["xarf_version"]',
    "xarf of numbers": xarf(url=5, reporter=7, hash_values=[1], type=None),
    "xarf without a place": xarf(url="", source_identifier=""),
    "many brackets": b"Content-Type: text/html\r\n\r\n" + b"<a <!--" * 20_000,
    "nul": b"Subject: a\0b\r\n\r\nhttps://a.test/\0",
    "many parts": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    + b"--b\r\n\r\nx\r\n" * 5_000,
}
