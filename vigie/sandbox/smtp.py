"""The mail server of every `.test` domain (SMTP, RFC 5321), on its own event loop.

It relays nothing: whoever is not in `.test` is refused, and `nobody@…` does not exist, so that
senders can be shown what a bounce looks like.
"""

import asyncio
import socket
import threading
from collections.abc import Callable

from aiosmtpd.smtp import SMTP, Envelope, Session

from vigie.sandbox.mailbox import Letter, Mailbox
from vigie.sandbox.world import MAIL_NAME

_MAX_BYTES = 10_000_000

Delivered = Callable[[Letter, tuple[str, ...]], None]


class _Desk:
    """What the server does at RCPT and at the end of DATA."""

    def __init__(self, mailbox: Mailbox, delivered: Delivered) -> None:
        self._mailbox = mailbox
        self._delivered = delivered

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local, _, domain = address.rpartition("@")
        if not local or not domain.lower().endswith(".test"):
            return "550 5.7.1 No relaying: only names under .test exist here"
        if local.lower() == "nobody":
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        letter, new = self._mailbox.keep(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw)
        self._delivered(letter, new)
        return f"250 2.0.0 Kept as {letter.id}"


class MailServer:
    """aiosmtpd on a socket that is already bound, in a thread of its own."""

    def __init__(self, sock: socket.socket, mailbox: Mailbox, delivered: Delivered) -> None:
        self._sock = sock
        self._desk = _Desk(mailbox, delivered)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._session, sock=self._sock)
        )
        self._loop.call_soon(self._ready.set)
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._cancel_sessions())
        self._loop.close()

    def _session(self) -> SMTP:
        return SMTP(
            self._desk,
            data_size_limit=_MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname=MAIL_NAME,
            ident="sandbox",
            loop=self._loop,
        )

    async def _cancel_sessions(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
