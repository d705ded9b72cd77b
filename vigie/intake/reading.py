"""What a form sent, read as forgivingly as possible: a report is never refused for its wrapping.

Django's own reading refuses a thousand fields, or a stated charset other than UTF-8, and with them
the one field that matters. Here only the fields that a page has are looked for; all else is passed
over, however much it is.
"""

import re
from typing import IO, cast
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError

PIECE = 65_536
# Charsets that change what the signs `&` and `=` look like.
WIDE = re.compile(r"utf-?(?:16|32)(?:-?[lb]e)?")
SINGLE = re.compile(r"(?:iso-8859-|windows-|cp)\d{1,4}|latin-?1")


def fields_of(request: HttpRequest, names: list[str]) -> dict[str, str]:
    """The named fields of a form as sent; a field that is not there is not in it.

    Raises what Django answers with 400 only when nothing can be read.
    """
    try:
        if request.content_type == "multipart/form-data":
            return _of_parts(request, names)
        return _of_pairs(request.body, (request.content_params or {}).get("charset", ""), names)
    except UnreadablePostError:
        raise BadRequest("the sender went away") from None


def had_files(request: HttpRequest) -> bool:
    """Did it bring a file? Its bytes were dropped unread; asked after `fields_of`."""
    return any(getattr(handler, "dropped", False) for handler in request.upload_handlers)


def _of_parts(request: HttpRequest, names: list[str]) -> dict[str, str]:
    """Of a form with parts: what came before the part that could not be read is kept."""
    stream = cast(IO[bytes], request)
    parser = MultiPartParser(request.META, stream, request.upload_handlers, "utf-8")
    try:
        post: QueryDict = parser.parse()[0]
    except (SuspiciousOperation, MultiPartParserError):
        post = cast(QueryDict, getattr(parser, "_post", QueryDict()))
        if not post.get(names[0]):
            raise
    return {name: str(post[name]) for name in names if name in post}


def _of_pairs(body: bytes, charset: str, names: list[str]) -> dict[str, str]:
    """Of ``name=value&…``, which is what everything else is taken for."""
    charset = charset.strip("\"' ").lower()
    if WIDE.fullmatch(charset):
        text = body.decode(charset, "replace")
        body = text.encode() if f"{names[0]}=" in text else body
    pair = re.compile(rb"(?:^|&)(%s)=([^&]*)" % "|".join(names).encode())
    return {found[1].decode(): _text(found[2], charset) for found in pair.finditer(body)}


def _text(value: bytes, charset: str) -> str:
    data = _unquoted(value.replace(b"+", b" "))
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
