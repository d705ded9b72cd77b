"""Values that equal bytes have (MD5, SHA-1, SHA-256), beside an index of near hashes. No Django.

One file in the index's folder, ``exact.npz``, or ``exact.age`` where it is sealed: written whole,
by one rename, and read into memory (some 30 bytes for each value). It holds a digest of each value
and not the value. It does not follow the lists: ``note`` says how far they had been read.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vigie.lib.seal import recipient_of, seal_bytes, unseal_bytes
from vigie.matching.engine.answers import Match
from vigie.matching.engine.damage import reading
from vigie.matching.engine.index import State
from vigie.matching.engine.store import NotOurs, check_mode, flush, write

KINDS = ("md5", "sha1", "sha256")
ROW = np.dtype(
    [
        *(("first", "u8"), ("second", "u8")),  # of the value's digest
        *(("number", "i8"), ("list", "u2"), ("class", "u1"), ("action", "u1"), ("state", "u1")),
    ]
)
CLEAR, SEALED = "exact.npz", "exact.age"


@dataclass(frozen=True)
class Value:
    """``list_name``, ``number``: as `index.Entry`; a number may have several values. ``action``:
    what a match may do, as `answers.Match`."""

    kind: str
    value: str
    list_name: str
    number: int
    classification: str = ""
    state: State = State.ACTIVE
    action: str = "propose"


class Exact:
    """What `write_exact` wrote. ``note``: as it was given."""

    def __init__(self, rows: Any, names: Mapping[str, list[str]], note: int | None) -> None:
        self._rows, self._names, self.note = rows, names, note
        self._firsts = np.ascontiguousarray(rows["first"])  # within rows a search would copy it

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, digests: Mapping[str, str]) -> Iterator[tuple[str, Match]]:
        """Every entry with one of these values (kind to value), and by which kind it was found."""
        for kind in KINDS:
            if value := digests.get(kind):
                yield from ((kind, match) for match in self._with(*_mark(kind, value)))

    def _with(self, first: int, second: int) -> Iterator[Match]:
        wanted = np.uint64(first)
        at = int(np.searchsorted(self._firsts, wanted))
        while at < len(self._rows) and self._firsts[at] == wanted:
            row = self._rows[at]
            if int(row["second"]) == second:
                name = self._names["lists"][row["list"]]
                said = self._names["classes"][row["class"]]
                action = self._names["actions"][row["action"]]
                yield Match(name, int(row["number"]), said, 0, State(int(row["state"])), action)
            at += 1


def write_exact(
    folder: Path, values: Iterable[Value], identity: str | None = None, note: int | None = None
) -> int:
    """Replace the file in an index's folder; how many values it has. ``identity``: as the index's.

    kill -9 leaves the old one or the new one.
    """
    names = {kind: _Numbers() for kind in ("lists", "classes", "actions")}
    rows = np.fromiter((_row(value, names) for value in values), ROW)
    rows.sort(order=["first", "second"])
    meta = {**{kind: list(numbers) for kind, numbers in names.items()}, "note": note}
    output = io.BytesIO()
    np.savez(output, rows=rows, meta=np.frombuffer(json.dumps(meta).encode(), np.uint8))
    name, data = CLEAR, output.getvalue()
    if identity:
        name, data = SEALED, seal_bytes(recipient_of(identity), data)
    new = folder / "exact.new"
    new.unlink(missing_ok=True)
    write(new, data)
    new.rename(folder / name)
    (folder / ({CLEAR, SEALED} - {name}).pop()).unlink(missing_ok=True)
    flush(folder)
    return len(rows)


def read_exact(folder: Path, identity: str | None = None) -> Exact | None:
    """None where there is none. Raises `store.Unsafe`, `store.NotOurs`, `seal.Unsealable`."""
    path = next((folder / name for name in (SEALED, CLEAR) if (folder / name).exists()), None)
    if path is None:
        return None
    check_mode(path)
    data = path.read_bytes()
    if path.name == SEALED:
        if not identity:
            raise NotOurs("sealed, and no key was given")
        data = unseal_bytes(identity, data)
    with reading(path), np.load(io.BytesIO(data), allow_pickle=False) as kept:
        rows, meta = kept["rows"], json.loads(kept["meta"].tobytes())
        return Exact(rows, meta, meta["note"])


def _mark(kind: str, value: str) -> tuple[int, int]:
    """Of the digits in small letters, as lists keep them."""
    digest = hashlib.blake2b(f"{kind} {value}".encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8]), int.from_bytes(digest[8:])


def _row(value: Value, names: Mapping[str, "_Numbers"]) -> tuple[int, ...]:
    where = value.number, names["lists"][value.list_name]
    said = names["classes"][value.classification], names["actions"][value.action]
    return (*_mark(value.kind, value.value), *where, *said, int(value.state))


class _Numbers(dict[str, int]):
    """A number for each name, as they come."""

    def __missing__(self, name: str) -> int:
        self[name] = len(self)
        return self[name]
