"""Our own judgements: which of them stand, and what an index has to know of them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from vigie.matching.lists.values import CRYPTOGRAPHIC
from vigie.matching.models import JudgedHash


@dataclass(frozen=True)
class OwnChange:
    """A judgement's PDQ for an index: to be found, or no longer."""

    number: int
    pdq: str
    classification: str
    stands: bool
    change: int


def standing() -> QuerySet[JudgedHash]:
    """Judgements that were not taken back; of the same bytes the newest alone."""
    later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    newer = JudgedHash.objects.filter(later, sha256=OuterRef("sha256"), undone_at=None)
    return JudgedHash.objects.filter(~Exists(newer), undone_at=None)


def of_bytes(sha256: Iterable[str]) -> dict[str, JudgedHash]:
    """The judgement that stands, of each of these SHA-256 that was judged."""
    return {row.sha256: row for row in standing().filter(sha256__in=set(sha256))}


def of_numbers(numbers: Collection[int]) -> dict[int, JudgedHash]:
    """Those of these judgements that stand, by their number."""
    return {row.pk: row for row in standing().filter(pk__in=numbers)}


def own_changes(since: int | None, until: int) -> Iterator[OwnChange]:
    """What changed after the tick ``since``; None: all that was not taken back."""
    rows = JudgedHash.objects.filter(change__lte=until).exclude(pdq="")
    rows = rows.filter(undone_at=None) if since is None else rows.filter(change__gt=since)
    for row in rows.order_by("change", "pk").iterator(chunk_size=2000):
        stands = row.undone_at is None
        yield OwnChange(row.pk, row.pdq, row.classification, stands, row.change)


def own_values() -> Iterator[tuple[str, str, int, str]]:
    """Kind, value, number and classification of the bytes whose judgement stands."""
    for row in standing().order_by("pk").iterator(chunk_size=2000):
        for kind in sorted(CRYPTOGRAPHIC):
            if value := getattr(row, kind):
                yield kind, value, row.pk, row.classification
