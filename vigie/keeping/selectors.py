"""What the desk's page says of the policy: how much is due, and how much has gone."""

from dataclasses import dataclass
from datetime import datetime

from vigie.keeping.erasing import in_force, limit_of
from vigie.keeping.kinds import KINDS, Kind
from vigie.keeping.models import Erased, Hold, KeepingRule
from vigie.lib import clock
from vigie.staff.selectors import names_of

MANY = 10_000


@dataclass(frozen=True)
class Row:
    """``rule`` is None for what no policy speaks of: it stays; a usual one is not of the policy.

    ``due``: at most `MANY`."""

    kind: Kind
    rule: KeepingRule | None
    due: int
    erased: int
    last_at: datetime | None

    @property
    def usual(self) -> bool:
        return bool(self.rule and self.rule.pk is None)

    @property
    def many(self) -> bool:
        return self.due >= MANY


def rows() -> list[Row]:
    rules = {rule.kind: rule for rule in in_force()}
    gone = {one.kind: one for one in Erased.objects.all()}
    return [_row(kind, rules.get(kind.name), gone.get(kind.name)) for kind in KINDS]


def _row(kind: Kind, rule: KeepingRule | None, gone: Erased | None) -> Row:
    due = kind.due(limit_of(rule, clock.now()))[:MANY].count() if rule else 0
    return Row(kind, rule, due, gone.rows if gone else 0, gone.last_at if gone else None)


def version() -> str:
    found = KeepingRule.objects.filter(active=True).values_list("version", flat=True).first()
    return found or ""


def holds() -> list[tuple[Hold, str]]:
    """Standing ones, newest first, each with who placed it."""
    found = list(Hold.objects.filter(lifted_at=None))
    names = names_of(hold.placed_by for hold in found)
    return [(hold, names.get(hold.placed_by, hold.placed_by)) for hold in found]
