"""Reading a mail: its plain text, its attachments as text, the addresses a notice names.

Mail arrives from a program under test, so whatever it holds must be shown, never raise.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    """A part of a mail; `text` says only the size of what is not text."""

    name: str
    content_type: str
    text: str


def header(message: EmailMessage, name: str) -> str:
    """One header's text, or nothing: some malformed headers make the standard parser raise."""
    try:
        return str(message.get(name, "")).strip()
    except (LookupError, ValueError, AttributeError, TypeError):
        return ""


def body(message: EmailMessage) -> str:
    """The first plain text that is not an attachment."""
    return next((_text(part) for part in _leaves(message) if _is_body(part)), "")


def attachments(message: EmailMessage) -> list[Attachment]:
    """Every part but the body; of an encrypted mail, the ciphertext."""
    parts = list(_leaves(message))
    first = next((index for index, part in enumerate(parts) if _is_body(part)), -1)
    return [
        Attachment(part.get_filename() or "unnamed", part.get_content_type(), _text(part))
        for index, part in enumerate(parts)
        if index != first
    ]


def is_encrypted(message: EmailMessage) -> bool:
    return message.get_content_type() == "multipart/encrypted"


def ciphertext(message: EmailMessage) -> bytes | None:
    """The OpenPGP message of an RFC 3156 mail (its second part); None if it is not one."""
    if not is_encrypted(message):
        return None
    parts = list(_leaves(message))
    if len(parts) != 2 or parts[0].get_content_type() != "application/pgp-encrypted":
        return None
    return _bytes(parts[1])


def addresses_in(message: EmailMessage) -> list[str]:
    """What a notice asks to remove: XARF's `url`, else the lines that are an address."""
    reported = [found for part in _leaves(message) if (found := _xarf_url(part))]
    if reported:
        return reported
    plain = [part for part in _leaves(message) if part.get_content_type() == "text/plain"]
    lines = [line.strip() for part in plain for line in _text(part).splitlines()]
    return list(dict.fromkeys(line for line in lines if _ADDRESS.fullmatch(line)))


def withdrawn_address(message: EmailMessage) -> str:
    """The address of a notice that a mail says is withdrawn; empty if it says nothing of that."""
    for part in _leaves(message):
        if part.get_filename() == "withdrawal.json":
            return _json_url(part) or ""
    return ""


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part


def _is_body(part: EmailMessage) -> bool:
    return part.get_content_type() == "text/plain" and not part.is_attachment()


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: EmailMessage) -> str:
    content = _bytes(part)
    if part.get_content_maintype() not in ("text", "application", "message"):
        return f"({len(content)} bytes, not shown)"
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a character set nobody knows
        return content.decode("utf-8", "replace")


def _xarf_url(part: EmailMessage) -> str | None:
    return _json_url(part) if part.get_filename() == "xarf.json" else None


def _json_url(part: EmailMessage) -> str | None:
    try:
        report = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        return None
    url = report.get("url") if isinstance(report, dict) else None
    return url if isinstance(url, str) else None
