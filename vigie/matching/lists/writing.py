"""Entries into the database: what is new, what changed, what its owner took back.

Safe to do twice, and in any order: an older version of an entry never overwrites a newer one, and
what was withdrawn stays withdrawn until its owner gives it anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from vigie.lib import clock
from vigie.matching.lists.lookup import disputed_of
from vigie.matching.lists.models import ChangeClock, HashList, ListedHash, WithdrawnEntry
from vigie.matching.lists.values import Entry
from vigie.matching.lists.vocabulary import translate

State = ListedHash.State
Key = tuple[str, str, str, str]  # kind, value, member, external id
Name = tuple[str, str]  # member, external id
ENTRY = ("kind", "value", "list", "member", "external_id")
CHANGING = ("given", "classification", "state", "given_at", "last_seen", "change")
AT_ONCE = 500


@dataclass
class Count:
    """What a reading did to a list."""

    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    same: int = 0

    def __add__(self, other: "Count") -> "Count":
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Count(*(mine + theirs for mine, theirs in pairs))


def tick() -> int:
    """The next tick; the caller's transaction now has the clock to itself until it ends."""
    if not ChangeClock.objects.filter(pk=1).update(last=F("last") + 1):
        ChangeClock.objects.bulk_create([ChangeClock(pk=1)], ignore_conflicts=True)
        ChangeClock.objects.filter(pk=1).update(last=F("last") + 1)
    return ChangeClock.objects.get(pk=1).last


def hold_still() -> None:
    """Until the caller's transaction ends no entry, no power and no judgement changes.

    Whoever changes one moves the clock first, and waits for us.
    """
    ChangeClock.objects.bulk_create([ChangeClock(pk=1)], ignore_conflicts=True)
    ChangeClock.objects.filter(pk=1).update(last=F("last"))


def keep(hash_list: HashList, vocabulary: str, entries: Sequence[Entry]) -> Count:
    """Write entries, some hundreds at once. ``vocabulary``: of `vocabularies.toml`."""
    total = Count()
    for start in range(0, len(entries), AT_ONCE):
        with transaction.atomic():
            total += _Batch(hash_list, vocabulary, entries[start : start + AT_ONCE]).keep()
    return total


class _Batch:
    """Some entries, and the rows that the database has of them. Begins by moving the clock."""

    def __init__(self, hash_list: HashList, vocabulary: str, entries: Sequence[Entry]) -> None:
        self.change, self.now = tick(), clock.now()
        self.list, self.vocabulary, self.entries = hash_list, vocabulary, entries
        self.count = Count()
        self.to_write: dict[Key, ListedHash] = {}
        self.seen: list[int] = []
        self.rows: dict[Key, ListedHash] = {}
        self.rows_of: dict[Name, list[ListedHash]] = {}
        for row in _rows_of(hash_list, entries):
            self._know(row)
        self.gone = _withdrawals(hash_list, entries, self.now)
        self.disputed = disputed_of(row.pk for row in self.rows.values())

    def keep(self) -> Count:
        for entry in self.entries:
            if entry.whole and self._has_newer(entry):
                continue
            if entry.whole:
                self._drop_missing(entry)
            for kind, value in entry.values:
                self._keep_value(entry, kind, value)
        self._save()
        return self.count

    def _know(self, row: ListedHash) -> None:
        self.rows[row.kind, row.value, row.member, row.external_id] = row
        self.rows_of.setdefault((row.member, row.external_id), []).append(row)

    def _keep_value(self, entry: Entry, kind: str, value: str) -> None:
        row = self.rows.get((kind, value, entry.member, entry.external_id))
        word, withdrawn = translate(self.vocabulary, entry.given), self._is_gone(entry)
        if row is None:
            row = ListedHash(list=self.list, kind=kind, value=value, first_seen=self.now)
            row.member, row.external_id = entry.member, entry.external_id
            self._know(row)
            self.count.new += 1
        elif _is_older(entry, row):
            return
        elif _says(row) == (
            word.given,
            word.ours,
            self._state(row, withdrawn),
            entry.at or row.given_at,
        ):
            self.seen.append(row.pk)
            self.count.same += 1
            return
        else:
            self.count.changed += 1
        row.given, row.classification = word.given, word.ours
        self._write(row, withdrawn, entry.at)

    def _has_newer(self, entry: Entry) -> bool:
        """Every version leaves its time on all rows of its entry: is a later one in already?"""
        return any(_is_older(entry, row) for row in self.rows_of.get(_name(entry), []))

    def _drop_missing(self, entry: Entry) -> None:
        """The owner's new version stands for all of an entry: values that it lacks are gone."""
        wanted = set() if entry.withdrawn else set(entry.values)
        for row in self.rows_of.get(_name(entry), []):
            lacking = (row.kind, row.value) not in wanted and row.state != State.WITHDRAWN
            if lacking:
                self._write(row, withdrawn=True, at=entry.at)

    def _write(self, row: ListedHash, withdrawn: bool, at: datetime | None) -> None:
        self.count.withdrawn += withdrawn and row.state != State.WITHDRAWN
        row.state, row.given_at = self._state(row, withdrawn), at or row.given_at
        row.change, row.last_seen = self.change, self.now
        self.to_write[row.kind, row.value, row.member, row.external_id] = row

    def _state(self, row: ListedHash, withdrawn: bool) -> str:
        """What we dispute stays so when its owner says it again, though they took it back first."""
        if withdrawn:
            return State.WITHDRAWN
        return State.DISPUTED if row.pk in self.disputed else State.ACTIVE

    def _is_gone(self, entry: Entry) -> bool:
        """Taken back after this version? Where its owner gives no time the last word counts."""
        at = self.gone.get(_name(entry))
        return entry.withdrawn or bool(at and entry.at and entry.at <= at)

    def _save(self) -> None:
        rows = list(self.to_write.values())
        for row in rows:
            row.pk = None  # one statement for old and new: the key decides
        ListedHash.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=ENTRY, update_fields=CHANGING
        )
        again = [pk for pk in self.seen if pk]
        ListedHash.objects.filter(pk__in=again).update(last_seen=self.now)


def _rows_of(hash_list: HashList, entries: Iterable[Entry]) -> Iterator[ListedHash]:
    """All rows of the named entries, and those of the values that stand alone."""
    rows = ListedHash.objects.filter(list=hash_list)
    if ids := {e.external_id for e in entries if e.external_id}:
        yield from rows.filter(external_id__in=ids)
    alone: dict[str, set[str]] = {}
    for entry in entries:
        for kind, value in entry.values if not entry.external_id else ():
            alone.setdefault(kind, set()).add(value)
    for kind, values in alone.items():
        yield from rows.filter(external_id="", kind=kind, value__in=values)


def _name(entry: Entry) -> Name:
    return entry.member, entry.external_id


def _says(row: ListedHash) -> tuple[str, str, str, datetime | None]:
    return row.given, row.classification, row.state, row.given_at


def _is_older(entry: Entry, row: ListedHash) -> bool:
    return bool(row.given_at and entry.at and entry.at < row.given_at)


def _withdrawals(
    hash_list: HashList, entries: Iterable[Entry], now: datetime
) -> dict[Name, datetime]:
    """When each of these entries was last taken back; what is new of it is kept."""
    ids = {e.external_id for e in entries if e.external_id}
    rows = WithdrawnEntry.objects.filter(list=hash_list, external_id__in=ids) if ids else []
    known = {(row.member, row.external_id): row.at for row in rows}
    newest = dict(known)
    for entry in entries:
        if entry.withdrawn and entry.external_id:
            name, at = _name(entry), entry.at or now
            newest[name] = max(at, newest.get(name, at))
    WithdrawnEntry.objects.bulk_create(
        [
            WithdrawnEntry(list=hash_list, member=member, external_id=external_id, at=at)
            for (member, external_id), at in newest.items()
            if known.get((member, external_id)) != at
        ],
        update_conflicts=True,
        unique_fields=("list", "external_id", "member"),
        update_fields=("at",),
    )
    return newest
