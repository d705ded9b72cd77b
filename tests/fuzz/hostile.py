"""What must hold for any bytes that are read as a picture, a list or an archive: the fuzzers and
the suite share it."""

import io
import json
import re
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from tests.fuzz.properties import Broken
from vigie.matching.lists import tables, vics
from vigie.matching.lists.values import BYTES, Bad, Entry, canonical
from vigie.matching.picture import picture_hashes
from vigie.matching.screen.archives import in_archive, kind_of

MOST_PARTS = 100
READERS: dict[str, Callable[[BinaryIO], Iterable[tuple[int, Bad | Entry]]]] = {
    "csv": tables.rows_of_table,
    "pdq": lambda file: tables.rows_of_one_kind(file, "pdq"),
    "photodna": lambda file: tables.rows_of_one_kind(file, "photodna"),
    "vics": vics.rows,
}


def check_picture(data: bytes) -> None:
    """Raises `Broken`, or whatever hashing raised."""
    found = picture_hashes(data)
    json.dumps(found)
    if ("error" in found) == ("pdq" in found):
        raise Broken("either hashed or not")
    if "error" in found:
        return
    values = [found["pdq"], *found["parts"]]
    if found["parts_missing"] < 0:
        raise Broken("fewer than none")
    if not all(re.fullmatch("[0-9a-f]{64}", value) for value in values):
        raise Broken("a value that is none")
    if not 0 <= found["quality"] <= 100 or len(found["parts"]) > MOST_PARTS:
        raise Broken("beyond its bounds")


def check_list(layout: str, data: bytes, *, seconds: float) -> None:
    """Each row once, in order, whole or with a reason; in time."""
    start, last = time.thread_time(), 0
    for number, row in READERS[layout](io.BytesIO(data)):
        if number <= last:
            raise Broken("rows are numbered upwards")
        last = number
        if isinstance(row, Bad):
            if not 0 < len(row.reason) <= 20 or not row.reason.isascii():
                raise Broken(f"a reason that does not fit: {row.reason!r:.100}")
        else:
            _check_entry(row)
    if time.thread_time() - start > seconds:
        raise Broken("slow")


def _check_entry(row: Entry) -> None:
    if not row.values or len(row.external_id) > 120 or len(row.given) > 60:
        raise Broken("not fit to keep")
    for text in (row.external_id, row.given):
        if "\0" in text or not text.isprintable():
            raise Broken("not fit to show")
        text.encode()
    for kind, value in row.values:
        if kind not in BYTES or canonical(kind, value) != value:
            raise Broken(f"read again it is another: {value!r:.100}")


def check_archive(data: bytes, *, seconds: float) -> None:
    """Each member once, whatever it is; nothing is raised, nothing is written."""
    start = time.thread_time()
    with tempfile.TemporaryDirectory(prefix="vigie-fuzz-") as folder:
        path = Path(folder) / "archive"
        path.write_bytes(data)
        if not kind_of(path):
            return
        names = [found.path for found in in_archive(path, lambda _path: True, 100_000)]
        if len(names) != len(set(names)) or not all(n.startswith(f"{path}!/") for n in names):
            raise Broken("a name twice, or from elsewhere")
        if [one.name for one in Path(folder).iterdir()] != ["archive"]:
            raise Broken("something was written")
    if time.thread_time() - start > seconds:
        raise Broken("slow")
