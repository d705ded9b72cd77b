"""A mail taken apart: its texts, its machine-readable parts. Attachments are left where they are.

Pure. Built for mail that was made to hurt: of a long one the beginning is read, of a deep one only
the words. Pictures and files are never decoded.
"""

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from vigie.intake.pictures import without_pictures

LARGEST = 25_000_000  # bytes of a mail that are read
# Each line is compared with each boundary: a deep and long mail would take for ever.
MOST_BOUNDARIES = 20
MOST_COMPARED = 2_000_000
MOST_PARTS = 200
FEEDBACK, XARF = "message/feedback-report", {"application/json", "application/xarf+json"}
_boundary = re.compile(rb"boundary\s*=", re.IGNORECASE)
LEFT_OUT = " [a file was left out] "
_packed = re.compile(r"(?:^[ >]{0,20}[A-Za-z0-9+/=]{40,}\r?(?:\n|\Z)){4,}", re.MULTILINE)
# Alone on its line or between quotes: in an address, something else stands before it.
_long = re.compile(r"(?<![^\s\"'<>(\[,])[A-Za-z0-9+/=_-]{200,}(?![^\s\"'<>)\],])")
_uuencoded = re.compile(r"^begin [0-7]{3,4} [^\n]*\n(?:M[^\n]{60,61}\r?\n)+", re.MULTILINE)


@dataclass
class Parts:
    """``texts`` plain, ``pages`` HTML, ``feedback`` and ``json`` as text; headers as written."""

    subject: str = ""
    sender: str = ""
    message_id: str = ""
    texts: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    json: list[str] = field(default_factory=list)


def parts_of(raw: bytes) -> Parts:
    """The parts of a mail. Never raises: what cannot be taken apart is one text."""
    raw = raw[:LARGEST]
    boundaries = len(_boundary.findall(raw))
    if boundaries > MOST_BOUNDARIES or raw.count(b"\n") * boundaries > MOST_COMPARED:
        return words_alone(raw)
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        found = _taken_apart(message)
    except Exception:  # the parser's own faults: whatever they are, the words are there
        return words_alone(raw)
    if message.get_content_maintype() == "multipart" and not message.is_multipart():
        # A boundary that never comes: whatever stands there is read as words.
        found.texts = words_alone(raw).texts
    return found


def words_alone(raw: bytes) -> Parts:
    """What stands after the headers, without what is packed in base 64."""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return Parts(texts=[without_files((body or head).decode("utf-8", "replace"))])


def without_files(text: str) -> str:
    """Without what looks like a file written as letters: a picture is kept in no form."""
    text = without_pictures(text)
    for pattern in (_packed, _uuencoded, _long):
        text = pattern.sub(LEFT_OUT, text)
    return text


def _taken_apart(message: Message) -> Parts:
    sender = parseaddr(_header(message, "Reply-To") or _header(message, "From"))[1]
    found = Parts(_header(message, "Subject"), sender, _header(message, "Message-ID"))
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            break
        if not part.is_multipart() or part.get_content_type() == FEEDBACK:
            _put(part, found)
    return found


def _put(part: Message, found: Parts) -> None:
    kind = part.get_content_type()
    if kind == FEEDBACK:
        found.feedback.append(_feedback(part))
    elif kind in XARF:
        found.json.append(_text(part))
    elif part.get_content_disposition() != "attachment" and kind in ("text/plain", "text/html"):
        (found.texts if kind == "text/plain" else found.pages).append(without_files(_text(part)))


def _feedback(part: Message) -> str:
    """The fields of an ARF part. The parser takes ``message/…`` for a mail within the mail."""
    inner = part.get_payload()
    if isinstance(inner, list):
        mails = [one for one in inner if isinstance(one, Message)]
        return "\n".join(f"{name}: {value}" for one in mails for name, value in one.items())
    return _text(part)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _header(message: Message, name: str) -> str:
    written = str(message.get(name, ""))
    try:
        return " ".join(str(make_header(decode_header(written))).split())
    except (MessageError, ValueError, LookupError):
        return " ".join(written.split())
