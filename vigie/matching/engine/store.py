"""The index's files. What stands is what the manifest names; it is replaced by one rename.

    manifest.json     what stands, its lists, the names of classes
    base-N/*.npy      the large part: columns and tables, mapped into memory, shared by processes
    base-N/sums.json  the SHA-256 of each of these, for whoever asks whether they are still the same
    base-N.age        the same, sealed: columns only; the tables are made anew in memory
    tail-N.npz|.age   what was changed since, whole
    lock, merge.lock  who writes

Everything is written under a new name, flushed to the disk, and then named by a new manifest. A
process killed in the middle leaves the old manifest, and files that the next writer removes.
"""

import contextlib
import fcntl
import io
import json
import logging
import os
import shutil
import stat
import time
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from vigie.lib.seal import recipient_of, seal_bytes, unseal_bytes
from vigie.matching.engine.answers import Manifest, View
from vigie.matching.engine.damage import (
    SUMS,
    checked,
    checked_tables,
    in_order,
    keep_sums,
    reading,
    verify,
)
from vigie.matching.engine.damage import Damaged as Damaged
from vigie.matching.engine.damage import NotOurs as NotOurs
from vigie.matching.engine.plain import Base
from vigie.matching.engine.rows import Rows, frozen
from vigie.matching.engine.tables import TABLES, tables_into

log = logging.getLogger(__name__)
EMPTY: Manifest = {
    "format": 1,
    "number": 0,
    "change": 0,
    "base": None,
    "tail": None,
    "lists": [],
    "classes": [""],
}
COLUMNS = ("keys", "hashes", "classes", "states")


class Unsafe(Exception):
    """Others may read or write these files, or they belong to somebody else."""


class Store:
    """``identity``: the private key (``AGE-SECRET-KEY-1…``) that seals; None: nothing is sealed."""

    def __init__(
        self, folder: Path | str, identity: str | None = None, compact: bool = False
    ) -> None:
        self.folder = Path(folder)
        self._identity = identity
        self._compact = compact
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_mode(self.folder)

    @contextlib.contextmanager
    def locked(self, name: str = "lock") -> Iterator[None]:
        """One writer at a time, of all processes and threads."""
        handle = os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def manifest(self) -> Manifest:
        path = self.folder / "manifest.json"
        try:
            check_mode(path)
            with reading(path):
                found: Manifest = json.loads(path.read_bytes())
                kind = found["format"]
        except FileNotFoundError:
            if any(self.folder.glob("base-*")) or any(self.folder.glob("tail-*")):
                raise Damaged(path) from None  # it is the first that is written
            return EMPTY
        if kind != 1:
            raise NotOurs(path)
        if not found.keys() >= EMPTY.keys():
            raise Damaged(path)
        return found

    def clear(self) -> None:
        """Nothing stands any more; whoever still maps the old files keeps what they have."""
        with self.locked("merge.lock"):
            with self.locked():
                self.publish({**EMPTY, "number": self._next_number()})
            self.sweep_bases()

    def _next_number(self) -> int:
        """One that nobody has seen: where it cannot be read, far above any count of changes."""
        try:
            number: int = self.manifest()["number"]
        except Damaged:
            return int(time.time())
        return number + 1

    def view(self, last: View | None) -> View:
        """What stands now; of ``last``, what still does is not read again."""
        while True:
            manifest = self.manifest()
            if last and manifest["number"] == last.manifest["number"]:
                return last
            try:
                kept = last and manifest["base"] == last.manifest["base"]
                base = (
                    (last.rows, last.base) if last and kept else self._read_base(manifest["base"])
                )
                return View(manifest, *base, self._read_tail(manifest["tail"]))
            except FileNotFoundError as error:  # a newer manifest has come, and these are gone
                if manifest == self.manifest():
                    raise Damaged(error.filename) from error

    def publish(self, manifest: Manifest) -> None:
        """Call it with the lock. From here on the new stands; then the old files go."""
        target = self.folder / "manifest.new"
        target.unlink(missing_ok=True)
        write(target, json.dumps(manifest).encode())
        target.rename(self.folder / "manifest.json")
        flush(self.folder)
        self._sweep("tail-", manifest["tail"])

    def write_tail(self, number: int, rows: Rows) -> str:
        return self._write_packed(f"tail-{number}", rows, "npz")

    def _read_tail(self, name: str | None) -> Rows:
        return (self._read_packed(name) if name else Rows.none()).frozen()

    def write_base(self, number: int, rows: Rows) -> str:
        """Call it with the merge lock, and with some rows. Forgotten bases are removed first."""
        self.sweep_bases()
        if self._identity:
            return self._write_packed(f"base-{number}", rows, "")
        folder = self.folder / f"base-{number}"
        folder.mkdir(mode=0o700)
        for name in COLUMNS:
            write_array(folder / f"{name}.npy", getattr(rows, name))
        for array in tables_into(rows.hashes, self._compact, partial(_new_file, folder)):
            if isinstance(array, np.memmap):
                array.flush()
        for name in TABLES:
            flush(folder / f"{name}.npy")
        write(folder / SUMS, keep_sums(folder))
        flush(folder)
        flush(self.folder)
        return folder.name

    def verify(self) -> bool:
        """See `damage.verify`. No merge replaces the large part meanwhile."""
        with self.locked("merge.lock"):
            return self._verified()

    def verify_columns(self) -> None:
        """Before they are written anew as good. Call it with the merge lock. Raises Damaged."""
        self._verified([f"{name}.npy" for name in COLUMNS])

    def _verified(self, only: Collection[str] = ()) -> bool:
        name = self.manifest()["base"]
        return name is None or name.endswith(".age") or verify(self.folder / name, only)

    def _read_base(self, name: str | None) -> tuple[Rows, Base]:
        """Mapped where unsealed: opening reads next to nothing. Tables that are not there, or of
        another kind than ours, are made in memory."""
        folder, tables = self.folder / str(name), None
        if name is None or name.endswith(".age"):
            rows = (self._read_packed(name) if name else Rows.none()).frozen()
        else:
            check_mode(folder)
            keys, hashes, classes, states = (mapped(folder / f"{column}.npy") for column in COLUMNS)
            older = np.broadcast_to(np.uint64(0), len(keys))
            rows = in_order(checked(Rows(keys, hashes, classes, states, older), folder), folder)
            if all((folder / f"{table}.npy").exists() for table in TABLES):
                found = tuple(mapped(folder / f"{table}.npy") for table in TABLES)
                tables = checked_tables(found, len(keys), folder)
            else:
                log.warning("tables of an earlier version: made anew in memory until a merge")
        made = tables or tables_into(rows.hashes, self._compact)
        starts, lows, highs, folds = map(frozen, made)
        return rows, (rows.keys, rows.hashes, starts, lows, highs, folds)

    def _write_packed(self, name: str, rows: Rows, ending: str) -> str:
        data = rows.packed()
        if self._identity:
            ending, data = "age", seal_bytes(recipient_of(self._identity), data)
        path = self.folder / f"{name}.{ending}"
        path.unlink(missing_ok=True)
        write(path, data)
        flush(self.folder)
        return path.name

    def _read_packed(self, name: str) -> Rows:
        """Raises `seal.Unsealable` for another key."""
        path = self.folder / name
        check_mode(path)
        data = path.read_bytes()
        if name.endswith(".age"):
            if not self._identity:
                raise NotOurs("sealed, and no key was given")
            data = unseal_bytes(self._identity, data)
        with reading(path):
            return checked(Rows.unpacked(data), path)

    def sweep_bases(self) -> None:
        """Call it with the merge lock."""
        self._sweep("base-", self.manifest()["base"])

    def _sweep(self, start: str, kept: str | None) -> None:
        for path in self.folder.glob(f"{start}*"):
            if path.name != kept and path.is_dir():
                shutil.rmtree(path)
            elif path.name != kept:
                path.unlink(missing_ok=True)


def _new_file(folder: Path, name: str, shape: tuple[int, ...], kind: type[Any]) -> Any:
    path = folder / f"{name}.npy"
    if 0 in shape:
        write_array(path, np.empty(shape, kind))
        return np.empty(shape, kind)
    write(path, b"")  # with its mode
    return np.lib.format.open_memmap(path, "w+", kind, shape)


def mapped(path: Path) -> Any:
    check_mode(path)
    mode: Literal["r"] | None = None if path.stat().st_size < 4096 else "r"
    with reading(path):
        array = np.load(path, mmap_mode=mode, allow_pickle=False)
    return frozen(np.asarray(array))


def check_mode(path: Path) -> None:
    found = path.stat()
    if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.geteuid():
        raise Unsafe(path)


def write_array(path: Path, array: Any) -> None:
    output = io.BytesIO()
    np.save(output, array, allow_pickle=False)
    write(path, output.getbuffer())


def write(path: Path, data: bytes | memoryview) -> None:
    """A new file that only its owner may read, on the disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
