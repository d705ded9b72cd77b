"""Remembering judgements, and taking them back."""

from collections.abc import Collection, Iterable, Mapping

from vigie.lib import clock
from vigie.matching.judged import standing
from vigie.matching.lists.writing import tick
from vigie.matching.models import JudgedHash

KINDS = ("md5", "sha1", "sha256", "pdq")


def remember(
    pictures: Iterable[Mapping[str, str]],
    classification: str,
    item_id: int,
    settles: Collection[str] = (),
) -> None:
    """Keep that these were judged so, on an item: each by its values (`KINDS`; SHA-256 at least).

    ``settles``: of these, by SHA-256, it settles what earlier judgements differ about.
    Call it in a transaction.
    """
    pictures = list(pictures)
    moment, change = clock.now(), tick()
    _changes({values["sha256"] for values in pictures}, change)
    JudgedHash.objects.bulk_create(
        JudgedHash(
            **{kind: values.get(kind, "") for kind in KINDS},
            classification=classification,
            item_id=item_id,
            at=moment,
            change=change,
            settles=values["sha256"] in settles,
        )
        for values in pictures
    )


def undo(item_id: int) -> list[int]:
    """What was judged on an item no longer stands; the numbers of those judgements.

    Call it in a transaction: nobody applies one of them meanwhile (see `lists.writing.tick`).
    """
    change = tick()
    mine = JudgedHash.objects.filter(item=item_id, undone_at=None)
    undone = dict(mine.values_list("pk", "sha256"))
    JudgedHash.objects.filter(pk__in=undone).update(undone_at=clock.now(), change=change)
    _changes(set(undone.values()), change)
    return list(undone)


def _changes(sha256: set[str], change: int) -> None:
    """What stands of these bytes is followed by another, counts again, or is disputed no more."""
    rows = standing().filter(sha256__in=sha256).values_list("pk", flat=True)
    JudgedHash.objects.filter(pk__in=list(rows)).update(change=change)
