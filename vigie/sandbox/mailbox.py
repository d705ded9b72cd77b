"""Every mail the sandbox accepted: in memory, and on disk as `mail/<id>.eml`.

Storing is right here, because it is the sandbox's own mail and holds no real report. The
envelope goes on top of the file as headers, so a file is a whole letter.
"""

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from vigie.sandbox.files import Clock, stamp, write_bytes
from vigie.sandbox.letters import header

_SENDER, _RECIPIENT, _RECEIVED = "Return-Path", "X-Sandbox-Envelope-To", "X-Sandbox-Received"


@dataclass(frozen=True)
class Letter:
    """A delivered mail with its envelope; recipients are in lower case."""

    id: str
    sender: str
    recipients: tuple[str, ...]
    received: datetime
    raw: bytes
    message: EmailMessage

    @property
    def key(self) -> str:
        """What makes two deliveries the same mail: the Message-ID, else the bytes."""
        return header(self.message, "Message-ID") or hashlib.sha256(self.raw).hexdigest()

    @property
    def reply_to(self) -> str:
        """Whom a person would answer: Reply-To, else From, else the envelope's sender."""
        named = header(self.message, "Reply-To") or header(self.message, "From")
        return parseaddr(named)[1] or self.sender


class Mailbox:
    """All mailboxes of the sandbox in one; a letter's id counts up from 000001."""

    def __init__(self, directory: Path, clock: Clock) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._clock = clock
        self._lock = threading.Lock()
        self._letters = {letter.id: letter for letter in _read_all(directory)}

    def keep(
        self, sender: str, recipients: tuple[str, ...], raw: bytes
    ) -> tuple[Letter, tuple[str, ...]]:
        """Store a delivery; returns the letter and those recipients who did not have it yet.

        A mail delivered again (a sender may repeat itself after a lost answer) is stored once.
        """
        wanted = tuple(dict.fromkeys(address.lower() for address in recipients))
        with self._lock:
            letter = _letter(self._next_id(), sender, wanted, self._clock(), raw)
            known = next((x for x in self._letters.values() if x.key == letter.key), None)
            if known is None:
                return self._save(letter), wanted
            new = tuple(address for address in wanted if address not in known.recipients)
            return self._save(_with_recipients(known, new)) if new else known, new

    def letters(self, to: str = "") -> list[Letter]:
        """The letters, newest first; only those to one address if it is given."""
        with self._lock:
            found = sorted(self._letters.values(), key=lambda letter: letter.id, reverse=True)
        return [letter for letter in found if not to or to.lower() in letter.recipients]

    def get(self, letter_id: str) -> Letter | None:
        with self._lock:
            return self._letters.get(letter_id)

    def _next_id(self) -> str:
        return f"{max((int(known) for known in self._letters), default=0) + 1:06d}"

    def _save(self, letter: Letter) -> Letter:
        envelope = (
            f"{_SENDER}: <{letter.sender}>\r\n"
            f"{_RECIPIENT}: {','.join(letter.recipients)}\r\n"
            f"{_RECEIVED}: {stamp(letter.received)}\r\n"
        )
        write_bytes(self._directory / f"{letter.id}.eml", envelope.encode() + letter.raw)
        self._letters[letter.id] = letter
        return letter


def _letter(
    letter_id: str, sender: str, recipients: tuple[str, ...], received: datetime, raw: bytes
) -> Letter:
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    return Letter(letter_id, sender, recipients, received, raw, message)


def _with_recipients(letter: Letter, more: tuple[str, ...]) -> Letter:
    together = letter.recipients + more
    return _letter(letter.id, letter.sender, together, letter.received, letter.raw)


def _read_all(directory: Path) -> list[Letter]:
    return [_read(path) for path in sorted(directory.glob("*.eml"))]


def _read(path: Path) -> Letter:
    """A letter from its file: three lines of envelope, then the mail as it came."""
    content = path.read_bytes()
    sender, recipients, received, raw = content.split(b"\r\n", 3)
    return _letter(
        path.stem,
        _value(sender).strip("<>"),
        tuple(_value(recipients).split(",")),
        datetime.fromisoformat(_value(received)),
        raw,
    )


def _value(line: bytes) -> str:
    return line.decode().partition(": ")[2]
