"""Our own judgements: which of them stand, and what an index has to know of them.

Of the same bytes the newest stands. Where an older one contradicts it (one of both confirms, the
other does not), they differ: it is no ground for anything, and is told to nobody, until one of both
is taken back, or a lead settles it by a judgement of their own.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from vigie.lib.prepared import Prepared
from vigie.matching.lists.values import CRYPTOGRAPHIC
from vigie.matching.models import JudgedHash

# Judgements that make a picture material wherever it stands: the confirming classifications of the
# desk, which this room does not know (a test compares the two).
SERIOUS = frozenset({"baseline", "national"})


@dataclass(frozen=True)
class OwnChange:
    """A judgement's PDQ for an index: to be found, or no longer. ``disputed``: people differ."""

    number: int
    pdq: str
    classification: str
    stands: bool
    disputed: bool
    change: int


def standing() -> QuerySet[JudgedHash]:
    """Judgements that were not taken back; of the same bytes the newest alone."""
    return _with_others(JudgedHash.objects.filter(undone_at=None)).filter(newest=True)


def confirmed() -> QuerySet[JudgedHash]:
    """Those that confirm, and that no other contradicts."""
    found: QuerySet[Any] = standing()
    return found.filter(classification__in=SERIOUS, otherwise="")


def _with_others(rows: QuerySet[JudgedHash]) -> QuerySet[Any]:
    """Each with ``newest`` and ``otherwise``."""
    same = JudgedHash.objects.filter(sha256=OuterRef("sha256"), undone_at=None)
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    counting = same.exclude(Exists(same.filter(later, settles=True))).values("classification")
    serious = Q(classification__in=SERIOUS)
    contrary = Case(
        When(serious, then=Subquery(counting.filter(~serious)[:1])),
        default=Subquery(counting.filter(serious)[:1]),
    )
    named = {"newest": ~Exists(same.filter(later)), "otherwise": Coalesce(contrary, Value(""))}
    return rows.annotate(**named)


def of_bytes(sha256: Iterable[str]) -> dict[str, JudgedHash]:
    """The judgement that stands, of each of these SHA-256 that was judged."""
    return {row.sha256: row for row in _standing_of(_bytes(sha256=set(sha256)))}


def of_numbers(numbers: Collection[int]) -> dict[int, JudgedHash]:
    """Those of these judgements that stand, by their number."""
    wanted = set(numbers)
    return {row.pk: row for row in _standing_of(_numbers(numbers=wanted)) if row.pk in wanted}


def _in_order() -> QuerySet[JudgedHash]:
    return JudgedHash.objects.filter(undone_at=None).order_by("at", "pk")


_bytes = Prepared(lambda sha256: _in_order().filter(sha256__in=[sha256]))
_numbers = Prepared(
    lambda numbers: _in_order().filter(
        sha256__in=JudgedHash.objects.filter(pk__in=[numbers]).values("sha256")
    )
)


def _standing_of(rows: Iterable[JudgedHash]) -> list[JudgedHash]:
    """As `standing`, which is for many: of few, to ask so long a question costs most (a test
    compares the two). ``rows``: all judgements of some bytes, in order."""
    found: dict[str, list[JudgedHash]] = {}
    for row in rows:
        found.setdefault(row.sha256, []).append(row)
    return [_newest(same) for same in found.values()]


def _newest(rows: list[JudgedHash]) -> JudgedHash:
    """Of all that stand of the same bytes, in the order in which they were made."""
    settled = max((place for place, row in enumerate(rows) if row.settles), default=0)
    newest = rows[-1]
    serious = newest.classification in SERIOUS
    counting = [row.classification for row in reversed(rows[settled:])]
    newest.otherwise = next((said for said in counting if (said in SERIOUS) != serious), "")
    return newest


def own_changes(since: int | None, until: int) -> Iterator[OwnChange]:
    """What changed after the tick ``since``; None: all that stands."""
    rows = (
        standing() if since is None else _with_others(JudgedHash.objects.filter(change__gt=since))
    )
    rows = rows.filter(change__lte=until).exclude(pdq="")
    for row in rows.order_by("change", "pk").iterator(chunk_size=2000):
        stands = row.undone_at is None and row.newest
        yield OwnChange(row.pk, row.pdq, _told(row), stands, bool(row.otherwise), row.change)


def own_values() -> Iterator[tuple[str, str, int, str, bool]]:
    """Kind, value, number and classification of the bytes whose judgement stands; and whether
    people differ about it."""
    for row in standing().order_by("pk").iterator(chunk_size=2000):
        for kind in sorted(CRYPTOGRAPHIC):
            if value := getattr(row, kind):
                yield kind, value, row.pk, _told(row), bool(row.otherwise)


def _told(row: JudgedHash) -> str:
    """What an index says of it: where people differ, what confirms, as disputed."""
    return row.otherwise if row.otherwise in SERIOUS else row.classification
