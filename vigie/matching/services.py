"""Remembering judgements, and taking them back."""

from collections.abc import Iterable

from vigie.lib import clock
from vigie.matching.lists.writing import tick
from vigie.matching.models import JudgedHash

# Judgements that make a picture material wherever it stands: the confirming classifications of the
# desk, which this room does not know (a test compares the two).
SERIOUS = frozenset({"baseline", "national"})


def remember(hashes: Iterable[tuple[str, str]], classification: str, item_id: int) -> None:
    """Keep that these (sha256, pdq) were judged so, on an item. Call it in a transaction."""
    moment, change = clock.now(), tick()
    JudgedHash.objects.bulk_create(
        JudgedHash(
            sha256=sha256,
            pdq=pdq,
            classification=classification,
            item_id=item_id,
            at=moment,
            change=change,
        )
        for sha256, pdq in hashes
    )


def undo(item_id: int) -> list[int]:
    """What was judged on an item no longer stands; the numbers of those judgements.

    Call it in a transaction: nobody applies one of them meanwhile (see `lists.writing.tick`).
    """
    change = tick()
    standing = JudgedHash.objects.filter(item=item_id, undone_at=None)
    numbers = list(standing.values_list("pk", flat=True))
    JudgedHash.objects.filter(pk__in=numbers).update(undone_at=clock.now(), change=change)
    return numbers
