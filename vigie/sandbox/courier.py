"""Mail the sandbox itself sends: acknowledgements of hosts, letters of the police.

It leaves over SMTP, one lane per destination server, in order and with patience: the hotline's
mail server may start later than the sandbox, and must not hold up the others.
"""

import queue
import smtplib
import sys
import threading
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from vigie.sandbox.files import Clock
from vigie.sandbox.listening import Address
from vigie.sandbox.world import HOTLINE_DOMAIN, MAIL_NAME

_ATTEMPTS = 40
_PAUSE = 1.5  # seconds; forty of them are a minute of patience


class Courier:
    """Sends each letter to the server of its recipient's domain."""

    def __init__(self, own: Address, hotline: Address | None, clock: Clock) -> None:
        self._clock = clock
        self._own = _Lane(own)
        self._hotline = _Lane(hotline) if hotline else self._own

    def write(
        self, sender: str, to: str, subject: str, text: str, headers: Mapping[str, str]
    ) -> str:
        """Queue a plain-text letter; returns its Message-ID."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
        for name, value in headers.items():
            message[name] = value
        message.set_content(text)
        domain = parseaddr(to)[1].rpartition("@")[2].lower()
        (self._hotline if domain == HOTLINE_DOMAIN else self._own).put(message)
        return str(message["Message-ID"])

    def stop(self) -> None:
        self._own.stop()
        self._hotline.stop()


class _Lane:
    """The letters to one mail server, in order."""

    def __init__(self, server: Address) -> None:
        self._server = server
        self._waiting: queue.SimpleQueue[EmailMessage | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def put(self, message: EmailMessage) -> None:
        self._waiting.put(message)

    def stop(self) -> None:
        self._stopping.set()
        self._waiting.put(None)
        self._thread.join(timeout=5)

    def _work(self) -> None:
        while (message := self._waiting.get()) is not None and not self._stopping.is_set():
            self._deliver(message)

    def _deliver(self, message: EmailMessage) -> None:
        """Try until it is taken, refused for good, or given up with one line."""
        for _ in range(_ATTEMPTS):
            try:
                with smtplib.SMTP(*self._server, local_hostname=MAIL_NAME, timeout=10) as server:
                    server.send_message(message)
                return
            except (OSError, ValueError) as error:  # every smtplib error is an OSError
                if _is_final(error):
                    break
                if self._stopping.wait(_PAUSE):
                    return
        host, port = self._server
        print(f"sandbox: a letter was not taken by {host}:{port}", file=sys.stderr)


def _is_final(error: OSError | ValueError) -> bool:
    """A refusal for good (5xx), or a letter that cannot be put on the wire at all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return not isinstance(error, OSError)
