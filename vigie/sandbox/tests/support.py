"""What the sandbox's tests share: a clock to move, mail to send, pages to fetch."""

import http.client
import json
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.utils import make_msgid
from typing import Any, TypeVar

from pysequoia import Cert, PySigner, Tsk, encrypt

from vigie.sandbox.running import Sandbox

Answer = TypeVar("Answer")


@dataclass
class Hands:
    """A clock whose hands a test moves."""

    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass(frozen=True)
class Keys:
    """The police's and the hotline's keys, and those of somebody else."""

    police: Tsk
    hotline: Tsk
    stranger: Tsk


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(
    sandbox: Sandbox,
    service: str,
    path: str,
    *,
    host: str = "",
    method: str = "GET",
    form: str | None = None,
) -> Reply:
    """One HTTP request to a service of the sandbox; https for a service named so."""
    address = sandbox.ports[service].address
    connection = http.client.HTTPConnection(*address, timeout=10)
    if service.endswith("-https"):
        trusting = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(*address, timeout=10, context=trusting)
    headers = {"Host": host} if host else {}
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, form, headers)
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(), dict(answer.getheaders()))
    finally:
        connection.close()


def wait_for(question: Callable[[], Answer]) -> Answer:
    """Ask until the answer is something; half a minute of silence is a failure."""
    for _ in range(1500):
        if answer := question():
            return answer
        time.sleep(0.02)
    raise AssertionError("it never happened")


def send(sandbox: Sandbox, message: Any, *recipients: str, sender: str = "") -> None:
    """Deliver over SMTP, as the program under demonstration would."""
    address = sandbox.ports["smtp"].address
    with smtplib.SMTP(*address, local_hostname="mail.aurore.test", timeout=10) as server:
        server.send_message(message, sender or None, recipients or None)


def notice(to: str, text: str, *, xarf: str | None = None) -> EmailMessage:
    """A notice to a host: human text, and XARF if there is an address for it."""
    message = EmailMessage()
    message["From"], message["To"] = "Hotline <hotline@aurore.test>", to
    message["Subject"] = "Notice of child sexual abuse material"
    message["Message-ID"] = make_msgid(domain="aurore.test")
    message.set_content(text)
    if xarf is not None:
        report = json.dumps({"xarf_version": "4.0.0", "url": xarf}).encode()
        message.add_attachment(report, "application", "json", filename="xarf.json")
    return message


def pack(*urls: str, reference: str = "R-1", contact: str = "police", **asks: bool) -> bytes:
    """A referral's content; items are I-1, I-2, … hosted by Hébergeur Nord."""
    hosting = {"country": "BE", "ip": "192.0.2.10", "abuse_contact": "abuse@nord.test"}
    items = [
        {
            "reference": f"I-{number}",
            "url": url,
            "classification": "baseline",
            "hosting": hosting,
            "hashes": [],
            "reports": 3,
            "first_reported": "2026-11-23",
        }
        for number, url in enumerate(urls, start=1)
    ]
    content = {
        "format": "vigie-referral/1",
        "reference": reference,
        "created": "2026-11-24T08:00:00Z",
        "hotline": {"name": "Aurore", "contact": "liaison@aurore.test"},
        "asks": {"authorisation": True, **asks, "contact_host": contact},
        "items": items,
    }
    return json.dumps(content).encode()


def referral(content: bytes, recipient: Cert, signer: PySigner | None) -> MIMEMultipart:
    """An RFC 3156 mail: the version part, then the ciphertext."""
    message = MIMEMultipart("encrypted", protocol="application/pgp-encrypted")
    message["From"], message["To"] = "liaison@aurore.test", "police@police-be.test"
    message["Subject"] = "Referral"
    message["Message-ID"] = make_msgid(domain="aurore.test")
    message.attach(MIMEApplication(b"Version: 1\n", "pgp-encrypted", lambda part: None))
    sealed = encrypt(content, recipients=[recipient], signer=signer)
    message.attach(MIMEApplication(sealed, "octet-stream", lambda part: None))
    return message
