"""What a form sent, read as forgivingly as possible: a report is never refused for its wrapping.

Django's own reading refuses a thousand fields, a stated charset other than UTF-8, or more than
some megabytes, and with them the one field that matters. Here only the fields that a page has are
looked for; all else is passed over, however much it is. Of what is too long the beginning is kept.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import cast
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest

from vigie.intake.pictures import without_pictures
from vigie.lib.parts import Part, Parts, boundary_of, from_base64

PIECE = 65_536
# Read at most, so that nobody is cut off while still sending.
MOST = 1_000_000_000
SHORT = 1_000_000
MOST_FIELDS = 10_000  # of ours, in one form; what follows is taken as one text
ADDRESS = re.compile(rb"://|\bwww\.\w")
# Charsets that change what the signs `&` and `=` look like.
WIDE = re.compile(r"utf-?(?:16|32)(?:-?[lb]e)?")
SINGLE = re.compile(r"(?:iso-8859-|windows-|cp)\d{1,4}|latin-?1")
# Characters of what was typed that a page repeats: it grows to five times as much, and stays in
# memory until it was fetched. Nobody types more into what has yet to be sent; but if our mailbox
# cannot be reached, whoever pasted thousands of addresses must not have to look for them again.
REPEATED, NOT_SAVED = 20_000, 2_000_000
# Sent twice, both are kept: what a person wrote is never lost. Of others, the last.
WORDS = {"where", "comment", "contact", "how", "seen", "child", "answer", "text"}


class _Read:
    """What is noted of a request while it is read: it stays with the request."""

    file = False
    short = False
    cut = False
    rest: bytes | bytearray = b""  # what stood in no field of ours


def fields_of(request: HttpRequest, names: list[str]) -> dict[str, str]:
    """The named fields of a form as sent; a field that is not there is not in it.

    Raises what Django answers with 400 only when the sender went away in the middle.
    """
    noted = _Read()
    request.vigie_read = noted  # type: ignore[attr-defined]
    charset = (request.content_params or {}).get("charset", "").strip("\"' ").lower()
    pairs: Iterable[tuple[str, bytes]]
    try:
        pieces = _pieces(request)
        start = next(pieces, b"")
        if boundary := boundary_of(request.META.get("CONTENT_TYPE", ""), start):
            pairs = _of_parts(_events(Parts(boundary), start, pieces), names, noted)
        else:
            noted.rest = _beginning(start, pieces, noted)
            pairs = _of_pairs(noted.rest, charset, names)
        fields = _joined((name, _text(value, charset)) for name, value in pairs)
        return _without_pictures(fields or _unnamed(noted.rest, charset, names[0]), noted)
    except OSError:  # `UnreadablePostError` is one
        raise BadRequest("the sender went away") from None


def _without_pictures(fields: dict[str, str], noted: _Read) -> dict[str, str]:
    kept = {name: without_pictures(text) for name, text in fields.items()}
    noted.file = noted.file or kept != fields
    return kept


def notes_of(request: HttpRequest) -> dict[str, bool]:
    """What a page has to say about what came; asked after `fields_of`.

    ``no_pictures``: it brought a file, whose bytes were dropped unread. ``too_long``: more was
    written than is kept; the beginning is. ``cut``: more than is repeated.
    """
    noted = cast(_Read, getattr(request, "vigie_read", _Read))
    return {"no_pictures": noted.file, "too_long": noted.short, "cut": noted.cut}


def repeated(
    request: HttpRequest, fields: Mapping[str, str], *, not_saved: bool = False
) -> dict[str, str]:
    """Of what was typed so much as a page may show again, field by field; `notes_of` tells."""
    left, shown = NOT_SAVED if not_saved else REPEATED, dict[str, str]()
    for name, text in fields.items():
        shown[name] = text[:left]
        left -= len(shown[name])
        if len(shown[name]) < len(text):
            cast(_Read, request.vigie_read).cut = True  # type: ignore[attr-defined]
    return shown


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """All that comes, or so much that nobody who means well sends more."""
    left = MOST
    while left > 0 and (piece := request.read(PIECE)):
        left -= len(piece)
        yield piece


def _beginning(start: bytes, pieces: Iterator[bytes], noted: _Read) -> bytes:
    """As much of a body as is kept; the rest is read and forgotten."""
    body, most = bytearray(start), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    for piece in pieces:
        noted.short = noted.short or len(body) + len(piece) > most
        body += piece[: max(most - len(body), 0)]
    return bytes(body)


def _of_parts(
    events: Iterator[Part | bytes], names: list[str], noted: _Read
) -> list[tuple[str, bytes]]:
    """Of a form with parts: what came before the part that could not be read is kept."""
    found: list[tuple[Part, bytearray]] = []
    rest, room = bytearray(), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    into: bytearray | None = None
    for one in events:
        if isinstance(one, Part):
            noted.file = noted.file or one.is_file
            into = None if one.is_file else rest
            if one.name in names and not one.is_file:
                if len(found) < MOST_FIELDS:
                    found.append((one, bytearray()))
                into = found[-1][1]
        elif into is not None:
            noted.short = noted.short or len(one) > room
            into += one[:room]
            room -= min(room, len(one))
    noted.rest = rest
    return [
        (part.name, from_base64(bytes(data)) if part.is_base64 else bytes(data))
        for part, data in found
    ]


def _events(parts: Parts, start: bytes, pieces: Iterator[bytes]) -> Iterator[Part | bytes]:
    yield from parts.feed(start)
    for piece in pieces:
        yield from parts.feed(piece)
    yield from parts.end()


def _of_pairs(body: bytes, charset: str, names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Of ``name=value&…``, which is what everything else is taken for."""
    if WIDE.fullmatch(charset):
        text = body.decode(charset, "replace")
        body = text.encode() if f"{names[0]}=" in text else body
    pair = re.compile(rb"(?:^|&)(%s)=([^&]*)" % "|".join(names).encode())
    for count, found in enumerate(pair.finditer(body)):
        if count == MOST_FIELDS:
            yield names[0], _unquoted(body[found.start() :].replace(b"+", b" "))
            return
        yield found[1].decode(), _unquoted(found[2].replace(b"+", b" "))


def _unnamed(body: bytes | bytearray, charset: str, name: str) -> dict[str, str]:
    """No field of ours, but JSON, or bare text: an address in it is what they mean."""
    plain = bytes(body[:SHORT]).replace(b"\\/", b"/")
    bare = plain if ADDRESS.search(plain) else _unquoted(plain.replace(b"+", b" "))
    text = _text(bare, charset) if len(body) < SHORT else ""
    return {name: text} if ADDRESS.search(text.encode()) and "\ufffd" not in text else {}


def _joined(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    fields: dict[str, dict[str, None]] = {}
    for name, text in pairs:
        texts = fields.setdefault(name, {})
        if name not in WORDS:
            texts.clear()
        texts[text] = None
    return {name: "\n".join(filter(None, texts)) for name, texts in fields.items()}


def _text(data: bytes, charset: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252" if SINGLE.fullmatch(charset) else "utf-8", "replace")


def _unquoted(value: bytes) -> bytes:
    """Piece by piece: at once, a long text of escapes takes thirty times its size."""
    plain, start = bytearray(), 0
    while start < len(value):
        end = start + PIECE
        escape = value.find(b"%", end - 2, end)
        end = escape if escape >= 0 and end < len(value) else end
        plain += unquote_to_bytes(value[start:end])
        start = end
    return bytes(plain)
