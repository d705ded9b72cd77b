"""Remembering judgements and finding them again."""

from collections.abc import Iterable

from django.db.models import Q

from vigie.lib import clock
from vigie.matching.models import JudgedHash

# Judgements that make a picture material wherever it stands: the confirming classifications of the
# desk, which this room does not know (a test compares the two).
SERIOUS = frozenset({"baseline", "national"})


def remember(hashes: Iterable[tuple[str, str]], classification: str, item_id: int) -> None:
    """Keep that these (sha256, pdq) were judged so, on an item."""
    moment = clock.now()
    JudgedHash.objects.bulk_create(
        JudgedHash(
            sha256=sha256, pdq=pdq, classification=classification, item_id=item_id, at=moment
        )
        for sha256, pdq in hashes
    )


def earlier(hashes: Iterable[tuple[str, str]]) -> dict[str, JudgedHash]:
    """The newest judgement of the same bytes, or of the same PDQ, by sha256.

    Same PDQ, not near PDQ: the threshold search is the index's work, not a database's.
    """
    wanted = list(hashes)
    pdqs = {pdq for _, pdq in wanted if pdq}
    rows = JudgedHash.objects.filter(Q(sha256__in={s for s, _ in wanted}) | Q(pdq__in=pdqs))
    by_sha: dict[str, JudgedHash] = {}
    by_pdq: dict[str, JudgedHash] = {}
    for row in rows.order_by("at", "id"):
        by_sha[row.sha256] = row
        if row.pdq:
            by_pdq[row.pdq] = row
    found = {sha256: by_sha.get(sha256) or by_pdq.get(pdq) for sha256, pdq in wanted}
    return {sha256: row for sha256, row in found.items() if row}
