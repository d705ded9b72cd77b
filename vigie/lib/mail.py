"""How mail leaves: the real courier (SMTP) and the one that only says so (console).

``smtp://host:port`` or ``smtps://user:word@host:port`` (STARTTLS wherever it is offered), or
``console:``. Whoever sends names the address: this module knows no settings.
"""

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Protocol
from urllib.parse import unquote, urlsplit

log = logging.getLogger("vigie.mail")
SECONDS = 30


class Courier(Protocol):
    def send(self, message: Message, sender: str, recipient: str) -> None:
        """Hand one message over. Raises when it was not taken; a repeat has the same Message-ID."""


class SmtpCourier:
    """A connection for each message."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)

    def connect(self) -> smtplib.SMTP:
        host, port = self.parts.hostname or "", self.parts.port or 25
        # Reading the authorities takes longer than a letter: only where the line is a secret one.
        trusted = ssl.create_default_context
        if self.parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=trusted())
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            if self.parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=trusted())
            if self.parts.username:
                server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def send(self, message: Message, sender: str, recipient: str) -> None:
        with self.connect() as server:
            server.send_message(message, sender, [recipient])


class KeptLine:
    """One connection for many messages: begun at the first, and anew after any trouble."""

    def __init__(self, url: str) -> None:
        self.courier = SmtpCourier(url)
        self.server: smtplib.SMTP | None = None

    def send(self, message: Message, sender: str, recipient: str) -> None:
        if self.server is None or not self._stands():
            self.close()
            self.server = self.courier.connect()
        try:
            self.server.send_message(message, sender, [recipient])
        except smtplib.SMTPRecipientsRefused:
            raise  # about this recipient alone: the line is as good as before
        except BaseException:
            self.close()
            raise

    def _stands(self) -> bool:
        """A server may hang up between two messages; that must not count against the second."""
        try:
            return self.server is not None and self.server.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        if self.server is not None:
            try:
                self.server.quit()
            except (smtplib.SMTPException, OSError):
                self.server.close()
        self.server = None


class ConsoleCourier:
    """Development without mail: one line that a message would have left."""

    def send(self, message: Message, sender: str, recipient: str) -> None:
        log.info("would send %s", message["Message-ID"])


def courier(url: str) -> Courier:
    return ConsoleCourier() if url == "console:" else SmtpCourier(url)


@contextmanager
def line(url: str) -> Iterator[Courier]:
    """A courier for several messages one after the other; nothing is opened before the first."""
    if url == "console:":
        yield ConsoleCourier()
        return
    kept = KeptLine(url)
    try:
        yield kept
    finally:
        kept.close()


def refused_for_good(error: smtplib.SMTPRecipientsRefused) -> bool:
    """Did the server say that it will never take mail for this recipient (5xx)?"""
    return all(500 <= code < 600 for code, _ in error.recipients.values())


def no_such_mailbox(error: smtplib.SMTPRecipientsRefused) -> bool:
    """Is the address itself wrong (RFC 3463, 5.1.x), and not our relay or our reputation?"""
    return all(said.startswith(b"5.1.") for _, said in error.recipients.values())
