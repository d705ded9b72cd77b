"""Project VIC's files: VICS 1.3 (``odata.metadata``) and 2.0 (``@odata.context``), CAID 1.2 too.

``value`` holds media (``#Media``, a hash set), or cases that hold ``Media`` (``#Cases``). Which of
the two is seen from the objects themselves: the name of the context may come after them.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from vigie.lib.json_stream import JsonStream, NotJson, TooMuch
from vigie.matching.lists.values import (
    Bad,
    BadRow,
    Entry,
    Row,
    Rows,
    moment,
    name,
    plain,
    to_keep,
)

VOCABULARY = "vics"
KINDS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "PhotoDNA": "photodna", "PDQ": "pdq"}
ALTERNATIVES = "AlternativeHashes"
FIELDS = {*KINDS, ALTERNATIVES, "MediaID", "Category", "DateUpdated", "CaseID"}
TOO_MUCH, SOMETHING_ELSE = Bad("too long or too deep"), object()
# What `AlternativeHashes` call them, without case and dashes. The names are unverified.
NAMES = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "photodna": "photodna", "pdq": "pdq"}


def rows(file: BinaryIO) -> Rows:
    """The media of a file, numbered from 1. What cannot be read on ends in a `Bad` of its own."""
    number = 0
    try:
        for number, media in enumerate(_media(JsonStream(file)), 1):
            yield _row(number, media)
    except NotJson:
        yield number + 1, Bad("not JSON from here", ends=True)


def _media(stream: JsonStream) -> Iterator[Any]:
    for key in stream.members():
        if key == "value" and stream.begins() == "[":
            for _ in stream.elements():
                yield from _of_element(stream)
        else:
            _value(stream)


def _value(stream: JsonStream) -> Any:
    """A value; `TOO_MUCH` for one that is too long or too deep to be read."""
    try:
        return stream.value()
    except TooMuch:
        return TOO_MUCH


def _of_element(stream: JsonStream) -> Iterator[Any]:
    """The media of a case, or the element itself if it is one."""
    if stream.begins() != "{":
        yield _value(stream)
        return
    fields: dict[str, Any] = {}
    is_case, too_much = False, False
    for key in stream.members():
        if key == "Media" and stream.begins() == "[":
            is_case = True
            for _ in stream.elements():
                yield _value(stream)
        else:
            value = _value(stream)
            too_much = too_much or value is TOO_MUCH
            if key in FIELDS:
                fields[key] = _kept(key, value)
    if not is_case and "CaseID" not in fields:
        yield TOO_MUCH if too_much else fields


def _kept(key: str, value: Any) -> Any:
    """Of one field at most more is kept than a text, however many say something else."""
    plain_value = isinstance(value, str | int | float | None) or key == ALTERNATIVES
    return value if plain_value or not value else SOMETHING_ELSE


def _row(number: int, media: Any) -> Row:
    if media is TOO_MUCH:
        return number, TOO_MUCH
    try:
        return number, read_media(media)
    except BadRow as bad:
        return number, Bad(bad.reason)


def read_media(media: Any) -> Entry:
    """One media object. Raises `BadRow`: a wrong value spoils the row, a missing one does not."""
    if not isinstance(media, dict):
        raise BadRow("not an entry")
    values = {kind: media[field] for field, kind in KINDS.items() if media.get(field)}
    for other in _list(media.get(ALTERNATIVES)):
        if isinstance(other, dict) and isinstance(other.get("HashName"), str):
            kind = NAMES.get(other["HashName"].lower().replace("-", ""))
            if kind and other.get("HashValue"):
                values.setdefault(kind, other["HashValue"])
    kept = tuple((kind, _canonical(kind, value)) for kind, value in values.items())
    if not kept:
        raise BadRow("no value")
    return Entry(
        values=tuple(sorted(kept)),
        external_id=name(media.get("MediaID", ""), 120),
        given=plain(media.get("Category", ""), 60),
        at=moment(media.get("DateUpdated")),
    )


def _canonical(kind: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadRow("not a value")
    return to_keep(kind, value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
