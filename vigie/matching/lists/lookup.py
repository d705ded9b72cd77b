"""Is a value on a list? And what an index has to know of: what came, what went, since when."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from vigie.lib import clock
from vigie.lib.prepared import Prepared
from vigie.matching.lists.models import ChangeClock, Feedback, ListedHash, Meaning
from vigie.matching.lists.values import BYTES, CRYPTOGRAPHIC
from vigie.people.models import PendingAct

State = ListedHash.State
LOT = 5_000  # numbers in one question
TOLD = (
    *("pk", "value", "list_id", "classification"),
    *("list__threshold", "state", "list__active", "change"),
)


@dataclass(frozen=True)
class PdqChange:
    """One PDQ for an index: take it in as it is now, or take it out.

    ``stands`` False: its owner withdrew it, its list was switched off, or it is known to be
    harmless. ``disputed``: it stands, and we told its owner that we do not agree.
    """

    entry: int
    pdq: str
    list: int
    classification: str
    threshold: int
    disputed: bool
    stands: bool
    change: int


def listed(hashes: Mapping[str, str]) -> QuerySet[ListedHash]:
    """Entries that hold one of these values (``kind`` to value), by their list; whatever state."""
    asked = [Q(kind=kind, value=v) for kind, v in hashes.items() if kind in BYTES and v]
    if not asked:
        return ListedHash.objects.none()
    return _with_lists(reduce(or_, asked))  # no other alternative: SQLite would read all


def _with_lists(found: Q) -> QuerySet[ListedHash]:
    return ListedHash.objects.filter(found).select_related("list").order_by("list_id", "pk")


def _counting(entries: QuerySet[ListedHash]) -> QuerySet[ListedHash]:
    return _standing(entries).filter(state=State.ACTIVE)


def _standing(entries: QuerySet[ListedHash]) -> QuerySet[ListedHash]:
    """Those that count, and those that would if we did not dispute them."""
    standing = entries.filter(list__active=True).exclude(state=State.WITHDRAWN)
    return standing.exclude(classification=Meaning.HARMLESS)


def hits(hashes: Mapping[str, str]) -> QuerySet[ListedHash]:
    """Those of `listed` that count: of a list in use, neither taken back nor disputed."""
    return _counting(listed(hashes))


def near(entries: Sequence[int]) -> dict[int, ListedHash]:
    """Those of these entries that count, by their number, with their lists as they are now."""
    return {row.pk: row for row in _counting(_with_lists(Q(pk__in=entries)))}


def hits_of(pictures: Sequence[Mapping[str, str]]) -> list[list[ListedHash]]:
    """`hits` for each of several pictures, by one question; with what we dispute (see `state`)."""
    values = {kind: {hashes.get(kind, "") for hashes in pictures} for kind in BYTES}
    found: dict[tuple[str, str], list[ListedHash]] = {}
    for entry in _standing_with(**values):
        found.setdefault((entry.kind, entry.value), []).append(entry)
    return [[e for pair in hashes.items() for e in found.get(pair, [])] for hashes in pictures]


def _with_values(**values: object) -> QuerySet[ListedHash]:
    by_kind = (Q(kind=kind, value__in=[each]) for kind, each in values.items())
    return _standing(_with_lists(reduce(or_, by_kind)))


_standing_with = Prepared(_with_values)


def disputed_by_us(entries: QuerySet[ListedHash]) -> QuerySet[ListedHash]:
    """Those of which our last word is a dispute, whatever their owners did with them since.

    What waits for a second person is no word of ours yet."""
    in_force = Q(act=None) | Q(act__state=PendingAct.State.APPROVED)
    words = Feedback.objects.filter(in_force, entry=OuterRef("pk")).order_by("-pk").values("says")
    said = entries.annotate(our_word=Subquery(words[:1]))
    return said.filter(Q(state=State.DISPUTED) | Q(our_word=Feedback.Says.DISPUTE))


def disputed_of(entries: Iterable[int]) -> set[int]:
    """The numbers of those of these entries that are `disputed_by_us`."""
    numbers = list(entries)
    lots = (numbers[at : at + LOT] for at in range(0, len(numbers), LOT))
    found = (disputed_by_us(ListedHash.objects.filter(pk__in=lot)) for lot in lots)
    return {pk for entries in found for pk in entries.values_list("pk", flat=True)}


def spoken_against(values: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these (kind, value) that nothing may be decided by without a person.

    We dispute an entry of any list with that value, though its owner took it back and gave it
    under another number, or one of us asked to (`disputing`); or a list in use calls it harmless.
    """
    by_kind = [Q(kind=kind, value__in={v for k, v in values if k == kind}) for kind in BYTES]
    entries = ListedHash.objects.filter(reduce(or_, by_kind))
    harmless = entries.filter(
        classification=Meaning.HARMLESS, state=State.ACTIVE, list__active=True
    )
    waiting = Q(act__state=PendingAct.State.WAITING, act__until__gt=clock.now())
    asked = Feedback.objects.filter(waiting, says=Feedback.Says.DISPUTE, entry=OuterRef("pk"))
    found = disputed_by_us(entries), harmless, entries.filter(Exists(asked))
    return {pair for some in found for pair in some.values_list("kind", "value")}


def may_confirm(entry: ListedHash) -> bool:
    """May this hit confirm without a person? Equal bytes, and a list that the policy trusts."""
    illegal = entry.classification in (Meaning.BASELINE, Meaning.NATIONAL)
    stands = entry.state == State.ACTIVE and entry.list.active
    return entry.kind in CRYPTOGRAPHIC and entry.list.may_confirm and illegal and stands


def present_tick() -> int:
    """The last tick of `ChangeClock`; 0 before the first."""
    return _tick.first() or 0


_tick = Prepared(lambda: ChangeClock.objects.filter(pk=1).values_list("last", flat=True))


def waits_since(tick: int, before: datetime) -> bool:
    """Is there a PDQ that changed after this tick, and was read before that moment?"""
    late = ListedHash.objects.filter(kind="pdq", change__gt=tick, last_seen__lt=before)
    return late.exists()


def pdq_changes(since: int = 0) -> tuple[int, Iterator[PdqChange]]:
    """What changed after the tick ``since``, and the tick to ask with the next time.

    An entry comes once, as it is now. From 0: all that stands. Read the changes to their end
    before keeping the tick. A list that is switched off or on, or whose threshold changes, has
    all its entries come again.
    """
    now = present_tick()
    rows = ListedHash.objects.filter(kind="pdq", change__gt=since, change__lte=now)
    if not since:
        rows = rows.exclude(state=State.WITHDRAWN).filter(list__active=True)
        rows = rows.exclude(classification=Meaning.HARMLESS)
    ordered = rows.order_by("change", "pk").values_list(*TOLD)  # rows, not models: they are many
    return now, (_change(*row) for row in ordered.iterator(chunk_size=2000))


def equal_values() -> Iterator[ListedHash]:
    """Every entry that equal bytes may have, with its list; otherwise as `pdq_changes` from 0."""
    rows = ListedHash.objects.filter(kind__in=CRYPTOGRAPHIC, list__active=True)
    rows = rows.exclude(state=State.WITHDRAWN).exclude(classification=Meaning.HARMLESS)
    yield from rows.select_related("list").iterator(chunk_size=2000)


def _change(
    entry: int,
    pdq: str,
    of_list: int,
    classification: str,
    threshold: int,
    state: str,
    active: bool,
    change: int,
) -> PdqChange:
    gone = state == State.WITHDRAWN or classification == Meaning.HARMLESS
    return PdqChange(
        entry=entry,
        pdq=pdq,
        list=of_list,
        classification=classification,
        threshold=threshold,
        disputed=state == State.DISPUTED,
        stands=active and not gone,
        change=change,
    )
