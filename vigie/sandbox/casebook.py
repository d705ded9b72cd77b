"""What the police have done with each item, kept in `police.json` across restarts."""

import threading
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from vigie.sandbox.files import Clock, read_json, stamp, write_json


class Act(StrEnum):
    """What an officer can do with an item."""

    ACKNOWLEDGE = "acknowledge"
    AUTHORISE = "authorise"
    CONTACT = "contact"


@dataclass(frozen=True)
class Entry:
    """The state of one item: moments as RFC 3339 text, empty for what has not happened."""

    acknowledged: str = ""
    authorised: str = ""
    authorisation: str = ""
    contacted: str = ""

    def moment(self, act: Act) -> str:
        if act is Act.ACKNOWLEDGE:
            return self.acknowledged
        return self.authorised if act is Act.AUTHORISE else self.contacted


class Casebook:
    """Entries by pack and item; authorisation references count up from PV-<year>-00001."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.RLock()
        self._entries = {
            (pack, item): Entry(**entry)
            for pack, items in read_json(path).items()
            if isinstance(items, dict)
            for item, entry in items.items()
        }

    def __enter__(self) -> Self:
        """Hold the book while deciding and writing: two presses of a button act once."""
        self._lock.acquire()
        return self

    def __exit__(self, *error: object) -> None:
        self._lock.release()

    def entry(self, pack: str, item: str) -> Entry:
        with self._lock:
            return self._entries.get((pack, item), Entry())

    def record(self, act: Act, pack: str, item: str) -> Entry:
        """Note that an act happened now; an authorisation gets its reference."""
        now = self._clock()
        with self._lock:
            entry = self.entry(pack, item)
            if act is Act.ACKNOWLEDGE:
                entry = replace(entry, acknowledged=stamp(now))
            elif act is Act.CONTACT:
                entry = replace(entry, contacted=stamp(now))
            else:
                number = 1 + sum(1 for known in self._entries.values() if known.authorisation)
                reference = f"PV-{now.year}-{number:05d}"
                entry = replace(entry, authorised=stamp(now), authorisation=reference)
            self._entries[pack, item] = entry
            self._save()
        return entry

    def _save(self) -> None:
        rows: dict[str, dict[str, object]] = {}
        for (pack, item), entry in self._entries.items():
            rows.setdefault(pack, {})[item] = asdict(entry)
        write_json(self._path, rows)
