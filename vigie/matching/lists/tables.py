"""Plain lists: a value a line, or a table with a header (CSV; INTERPOL's ICSE export too).

One that cannot be read never spoils the next.
"""

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import BinaryIO, Self

from vigie.matching.lists.values import (
    BYTES,
    Bad,
    BadRow,
    Entry,
    Row,
    Rows,
    name,
    plain,
    to_keep,
)

LONGEST_LINE = 16 * 1024
MOST_LINES = 20  # of one row, besides its first
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
    """A table whose first line names its columns; of those it has, the known ones are read.

    A row may go over several lines, within quotes; it has the number of its first.
    """
    table: _Table | None = None
    ahead = _Ahead(lines(file))
    for number, line in ahead:
        if line is None:
            yield number, Bad("line too long")
        elif not line.strip():
            continue
        elif table is None:
            table = _Table.headed(line)
            if not set(table.columns) & set(BYTES):
                yield number, Bad("no known column", ends=True)
                return
        else:
            row, more = _whole(table, line, ahead)
            ahead.drop(more)
            yield number, row


class _Ahead:
    """Lines, of which the next few can be seen before it is their turn."""

    def __init__(self, source: Iterator[tuple[int, str | None]]) -> None:
        self._source = source
        self._seen: deque[tuple[int, str | None]] = deque()

    def __iter__(self) -> Iterator[tuple[int, str | None]]:
        while self._fill(1):
            yield self._seen.popleft()

    def next_ones(self) -> Iterator[str | None]:
        for count in range(MOST_LINES):
            if not self._fill(count + 1):
                return
            yield self._seen[count][1]

    def drop(self, count: int) -> None:
        for _ in range(count):
            self._seen.popleft()

    def _fill(self, count: int) -> bool:
        self._seen.extend(islice(self._source, max(0, count - len(self._seen))))
        return len(self._seen) >= count


@dataclass(frozen=True)
class _Table:
    """``mark``: what divides its cells; ``columns``: what each holds."""

    mark: str
    columns: list[str]

    @classmethod
    def headed(cls, line: str) -> Self:
        signs = ",;\t"
        mark = max(signs, key=lambda sign: (len(set(_columns(line, sign))), line.count(sign)))
        return cls(mark, _columns(line, mark))

    def read(self, text: str) -> Entry | Bad:
        cells = _cells(text, self.mark)
        pairs = zip(self.columns, cells, strict=False)
        named = {c: v.strip() for c, v in pairs if c and v.strip()}
        return Bad("too few cells") if len(cells) < len(self.columns) else _entry(named)


def _whole(table: _Table, line: str, ahead: _Ahead) -> tuple[Entry | Bad, int]:
    """The row that begins here, and how many lines more it takes: those that close its quotes.

    None of them may be a row of its own: a quote too many in one row never swallows the next.
    """
    alone = table.read(line)
    if line.count('"') % 2 == 0:
        return alone, 0
    text = line
    for used, more in enumerate(ahead.next_ones(), 1):
        if more is None or isinstance(table.read(more), Entry):
            break
        text = f"{text}\n{more}"
        if text.count('"') % 2 == 0:
            whole = table.read(text)
            return (whole, used) if isinstance(whole, Entry) else (alone, 0)
    return alone, 0


def vocabulary_of(head: bytes) -> str:
    """Of a table: its word for an entry is ICSE's where it has ICSE's columns, else ours."""
    first = head.decode("utf-8", "replace").partition("\n")[0].lower()
    return "icse" if "baseline" in first and "image id" in first else "ours"


def _row(number: int, cells: dict[str, str]) -> Row:
    return number, _entry(cells)


def _entry(cells: dict[str, str]) -> Entry | Bad:
    try:
        return read_cells(cells)
    except BadRow as bad:
        return Bad(bad.reason)


def read_cells(cells: dict[str, str]) -> Entry:
    """``{"md5": …, "id": …, "given": …}``. Raises `BadRow`."""
    values = [(kind, to_keep(kind, text)) for kind, text in cells.items() if kind in BYTES]
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


def _cells(text: str, mark: str) -> list[str]:
    try:
        return next(csv.reader(StringIO(text, newline="\n"), delimiter=mark), [])
    except csv.Error:
        return []


def _spelling(cell: str) -> str:
    return cell.strip().lower().replace(" ", "").replace("-", "").replace("_", "")
