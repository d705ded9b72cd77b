"""Erasing what is due: in batches, counted, and proven in the journal. Safe to do twice.

The journal's line and the end of the rows are one transaction: after a kill either both are there
or neither is. Who keeps a list of ids (a backup) can check the line's digest against it.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.keeping.guard import present
from vigie.keeping.kinds import BY_NAME, Kind
from vigie.keeping.models import Erased, KeepingRule
from vigie.lib import clock

BATCH = 200
WORKER = "worker"


def erase_due() -> int:
    """One batch of each kind; how many rows were erased. Raises `ClockDoubted`.

    Without a policy nothing is erased.
    """
    rules = in_force()
    if not rules:
        return 0
    moment = present()
    return sum(_batch(rule, moment) for rule in rules)


def in_force() -> list[KeepingRule]:
    """The active policy's rules, and the usual ones it says nothing of; [] without a policy."""
    rules = list(KeepingRule.objects.filter(active=True).order_by("pk"))
    said = {rule.kind for rule in rules}
    usual = [
        (kind.name, kind.usual)
        for kind in BY_NAME.values()
        if kind.usual is not None and kind.name not in said
    ]
    version = rules[0].version if rules else ""
    more = (KeepingRule(version=version, kind=name, days=days) for name, days in usual)
    return rules and [*rules, *more]


def limit_of(rule: KeepingRule, moment: datetime) -> datetime:
    return moment - timedelta(days=rule.days)


def digest(keys: Sequence[Any]) -> str:
    """SHA-256 over the ids, each on a line, sorted as text."""
    named = (key.hex() if isinstance(key, bytes) else str(key) for key in keys)
    return hashlib.sha256("\n".join(sorted(named)).encode()).hexdigest()


def _batch(rule: KeepingRule, moment: datetime) -> int:
    kind, before = BY_NAME[rule.kind], limit_of(rule, moment)
    first = _first(kind, before)
    if not first:
        return 0
    with transaction.atomic():
        # Asked again inside: a message or a hold that came meanwhile keeps its row.
        keys = _still(kind, before, first)
        if not keys:
            return 0
        kind.erase(keys)
        _count(kind, len(keys))
        append(
            Verb.DATA_ERASED,
            f"kind:{kind.name}",
            WORKER,
            rows=len(keys),
            digest=digest(keys),
            policy=rule.version,
            before=before.isoformat(timespec="minutes"),
        )
    kind.afterwards(keys)
    return len(keys)


def _first(kind: Kind, before: datetime) -> list[Any]:
    """The first rows that are due; at most a batch."""
    return _plain(kind.due(before).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _still(kind: Kind, before: datetime, keys: Sequence[Any]) -> list[Any]:
    """Those of them that are due even now, locked where they are in this database."""
    due = kind.due(before).filter(pk__in=keys).order_by("pk")
    if due.db == "default":
        due = due.select_for_update(of=("self",))
    return _plain(due.values_list("pk", flat=True))


def _plain(keys: Any) -> list[Any]:
    return [bytes(key) if isinstance(key, memoryview) else key for key in keys]


def _count(kind: Kind, rows: int) -> None:
    moment = clock.now()
    Erased.objects.get_or_create(kind=kind.name, defaults={"rows": 0, "last_at": moment})
    Erased.objects.filter(kind=kind.name).update(rows=F("rows") + rows, last_at=moment)
