"""How mail leaves: a port, the real courier (SMTP) and the one that only says so (console)."""

import logging
import smtplib
import ssl
from email.message import Message
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings

log = logging.getLogger("vigie.dispatch")
SECONDS = 30


class Courier(Protocol):
    def send(self, message: Message, sender: str, recipient: str) -> None:
        """Hand one message over. Raises when it was not taken; a repeat has the same Message-ID."""


class SmtpCourier:
    """``smtp://host:port`` or ``smtps://user:word@host:port``; STARTTLS wherever it is offered."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)

    def send(self, message: Message, sender: str, recipient: str) -> None:
        host, port = self.parts.hostname or "", self.parts.port or 25
        context = ssl.create_default_context()
        if self.parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        with server:
            server.ehlo_or_helo_if_needed()
            if self.parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
            if self.parts.username:
                server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
            server.send_message(message, sender, [recipient])


class ConsoleCourier:
    """Development without mail: one line that a message would have left."""

    def send(self, message: Message, sender: str, recipient: str) -> None:
        log.info("would send %s", message["Message-ID"])


def courier() -> Courier:
    if settings.SMTP_URL == "console:":
        return ConsoleCourier()
    return SmtpCourier(settings.SMTP_URL)
