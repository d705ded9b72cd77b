"""What the desk's pages about lists show: counts and states; values only where one is sought."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from vigie.lib import clock
from vigie.matching.lists import vocabulary
from vigie.matching.lists.models import (
    Export,
    HashList,
    Kind,
    ListedHash,
    Meaning,
    SetAside,
)
from vigie.staff.models import User

STANDING = Q(entries__state__in=[ListedHash.State.ACTIVE, ListedHash.State.DISPUTED])
VOCABULARIES = {"ncmec": "ncmec", "stopncii": "stopncii"}


def lists() -> Sequence[HashList]:
    """Every list with ``size`` (values that stand) and ``aside`` (rows that could not be read).

    Two questions, each of its own: one with both joins would count each value once a bad row.
    """
    aside = dict(SetAside.objects.values_list("list").annotate(n=Count("pk")))
    found = list(HashList.objects.annotate(size=Count("entries", filter=STANDING)).order_by("name"))
    for row in found:
        row.aside = aside.get(row.pk, 0)  # type: ignore[attr-defined]
    return found


def ready_for(user: User) -> QuerySet[Export]:
    """Files that this person asked for, approved and not yet taken."""
    mine = Export.objects.filter(act__asked_by=user, taken_at=None, until__gt=clock.now())
    return mine.select_related("act").order_by("until")


def sizes(hash_list: HashList) -> list[tuple[str, int, int, int]]:
    """Kind, and how many values of it are active, disputed, withdrawn."""
    rows = hash_list.entries.values_list("kind", "state").annotate(n=Count("pk"))
    found = {(kind, state): n for kind, state, n in rows}
    kinds = [kind for kind in Kind if any(k == kind for k, _s in found)]
    states = ListedHash.State
    return [
        (
            str(kind.label),
            found.get((kind, states.ACTIVE), 0),
            found.get((kind, states.DISPUTED), 0),
            found.get((kind, states.WITHDRAWN), 0),
        )
        for kind in kinds
    ]


@dataclass(frozen=True)
class Said:
    """A word of the owner's, how many entries have it, and what ours no longer tells."""

    given: str
    ours: str
    lost: str
    entries: int


def words_of(hash_list: HashList) -> list[Said]:
    rows = hash_list.entries.exclude(state=ListedHash.State.WITHDRAWN)
    counted = rows.values_list("given", "classification").annotate(n=Count("pk"))
    table = VOCABULARIES.get(hash_list.source)
    return [
        Said(given, str(Meaning(ours).label), _lost(table, given), n)
        for given, ours, n in counted.order_by("given")[:50]
    ]


def _lost(table: str | None, given: str) -> str:
    """A file's words may be of several vocabularies; who has the word says what is lost."""
    names = [table] if table else ["ours", "vics", "icse"]
    found = [vocabulary.translate(name, given) for name in names]
    return next((word.lost for word in found if word.ours), found[0].lost)
