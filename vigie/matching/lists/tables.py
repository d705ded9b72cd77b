"""Plain lists: a value a line, or a table with a header (CSV; INTERPOL's ICSE export too).

Each line stands alone: one that cannot be read never spoils the next.
"""

import codecs
import csv
from collections.abc import Iterator
from typing import BinaryIO

from vigie.matching.lists.values import (
    BYTES,
    Bad,
    BadRow,
    Entry,
    Row,
    Rows,
    canonical,
    name,
    plain,
)

LONGEST_LINE = 16 * 1024
# Column names, in lower case and without blanks, dashes or underscores.
COLUMNS = {
    **{kind: kind for kind in BYTES},
    "imageid": "id",
    "id": "id",
    "externalid": "id",
    "classification": "given",
    "category": "given",
    "baseline": "given",
}


def lines(file: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """The lines of a file, numbered from 1; None for one that is too long to be a row.

    UTF-8, or UTF-16 with a byte order mark; what is no character becomes U+FFFD.
    """
    head = file.read(2)
    encoding = "utf-16" if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text, number, too_long = decoder.decode(head), 1, False
    while data := file.read(64 * 1024):
        *whole, text = (text + decoder.decode(data)).split("\n")
        for line in whole:
            yield number, None if too_long or len(line) > LONGEST_LINE else line.rstrip("\r")
            number, too_long = number + 1, False
        if len(text) > LONGEST_LINE:
            text, too_long = "", True
    text += decoder.decode(b"", final=True)
    if text or too_long:
        yield number, None if too_long else text.rstrip("\r")


def rows_of_one_kind(file: BinaryIO, kind: str) -> Rows:
    """One value of a known kind a line; ``#`` begins a comment."""
    for number, line in lines(file):
        if line is None:
            yield number, Bad("line too long")
        elif text := line.partition("#")[0].strip().strip('",;').strip():
            yield _row(number, {kind: text})


def rows_of_table(file: BinaryIO) -> Rows:
    """A table whose first line names its columns; of those it has, the known ones are read."""
    columns: list[str] = []
    mark = ","
    for number, line in lines(file):
        if line is None:
            yield number, Bad("line too long")
        elif not line.strip():
            continue
        elif not columns:
            mark = max(",;\t", key=lambda sign: (len(set(_columns(line, sign))), line.count(sign)))
            columns = _columns(line, mark)
            if not set(columns) & set(BYTES):
                yield number, Bad("no known column", ends=True)
                return
        else:
            cells = _cells(line, mark)
            named = {c: v.strip() for c, v in zip(columns, cells, strict=False) if c and v.strip()}
            short = len(cells) < len(columns)
            yield (number, Bad("too few cells")) if short else _row(number, named)


def vocabulary_of(head: bytes) -> str:
    """Of a table: its word for an entry is ICSE's where it has ICSE's columns, else ours."""
    first = head.decode("utf-8", "replace").partition("\n")[0].lower()
    return "icse" if "baseline" in first and "image id" in first else "ours"


def _row(number: int, cells: dict[str, str]) -> Row:
    try:
        return number, read_cells(cells)
    except BadRow as bad:
        return number, Bad(bad.reason)


def read_cells(cells: dict[str, str]) -> Entry:
    """``{"md5": …, "id": …, "given": …}``. Raises `BadRow`."""
    values = [(kind, canonical(kind, text)) for kind, text in cells.items() if kind in BYTES]
    if not values:
        raise BadRow("no value")
    return Entry(
        values=tuple(sorted(values)),
        external_id=name(cells.get("id", ""), 120),
        given=plain(cells.get("given", ""), 60),
    )


def _columns(line: str, mark: str) -> list[str]:
    """What each column holds, '' for one that is not known."""
    return [COLUMNS.get(_spelling(cell), "") for cell in _cells(line, mark)]


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return []


def _spelling(cell: str) -> str:
    return cell.strip().lower().replace(" ", "").replace("-", "").replace("_", "")
