"""Remembering judgements, and taking them back."""

from collections.abc import Iterable, Mapping

from vigie.lib import clock
from vigie.matching.lists.writing import tick
from vigie.matching.models import JudgedHash

# Judgements that make a picture material wherever it stands: the confirming classifications of the
# desk, which this room does not know (a test compares the two).
SERIOUS = frozenset({"baseline", "national"})


KINDS = ("md5", "sha1", "sha256", "pdq")


def remember(pictures: Iterable[Mapping[str, str]], classification: str, item_id: int) -> None:
    """Keep that these were judged so, on an item: each by its values (`KINDS`; SHA-256 at least).

    Call it in a transaction.
    """
    moment, change = clock.now(), tick()
    JudgedHash.objects.bulk_create(
        JudgedHash(
            **{kind: values.get(kind, "") for kind in KINDS},
            classification=classification,
            item_id=item_id,
            at=moment,
            change=change,
        )
        for values in pictures
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
