"""What happened to an item, as its page tells it: equal lines of routine as one, and by pages."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vigie.cases.models import Assessment
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.selectors import Read, last_of_trail, readable
from vigie.journal.verbs import Verb
from vigie.staff.models import User

PAGE = 100  # lines of the journal
# Between two steps of another kind, equal ones of these are told once, with how often.
ROUTINE = frozenset(
    {
        Verb.ITEM_OPENED,
        Verb.MEDIA_VIEWED,
        Verb.VIEW_ENDED,
        Verb.VIEW_UNTOLD,
        Verb.WORDS_READ,
        Verb.ITEM_LOOKED_AT,
        Verb.ITEM_IN_DANGER,
    }
    | {Verb.ITEM_TRACED, Verb.ITEM_CHECKED, Verb.LOOK_ASKED}
)
TELLING = ("outcome", "verdict", "country")  # details that the page shows of them


@dataclass(frozen=True)
class Step:
    """``times`` lines that say the same; the first is ``read``, the last was at ``last``.
    ``why``: what whoever took a decision back said."""

    read: Read
    times: int
    last: datetime
    why: str


@dataclass
class _Told:
    entry: Entry
    times: int
    last: datetime


@dataclass(frozen=True)
class Trail:
    """``earlier``: lines with a smaller number are on the page before; None on the first."""

    steps: list[Step]
    earlier: int | None


def trail(item: Item, user: User, before: int | None = None) -> Trail:
    """The newest page, or the one before that line, told from its oldest to its newest."""
    found = last_of_trail(item.subject, user, before, PAGE + 1)
    page = found[:PAGE][::-1]
    return Trail(_folded(page), page[0].seq if len(found) > PAGE else None)


def _folded(page: Sequence[Entry]) -> list[Step]:
    told: list[_Told] = []
    here: dict[tuple[object, ...], _Told] = {}  # what was told since the last step that counts
    for entry in page:
        mark = _mark(entry) if entry.verb in ROUTINE else ()
        if again := here.get(mark):
            again.times, again.last = again.times + 1, entry.at
            continue
        told.append(_Told(entry, 1, entry.at))
        here = {**here, mark: told[-1]} if mark else {}
    reads = readable([one.entry for one in told])
    why = whys(reads)
    return [
        Step(read, one.times, one.last, why.get(read.seq, ""))
        for read, one in zip(reads, told, strict=True)
    ]


def whys(reads: Iterable[Read]) -> dict[int, str]:
    """By number of the line: why a decision was taken back. The journal itself keeps no words."""
    named = {read.seq: read.detail["taken_back"] for read in reads if read.detail.get("taken_back")}
    if not named:
        return {}
    said = Assessment.objects.filter(pk__in=set(named.values())).exclude(taken_back_why="")
    words = dict(said.values_list("pk", "taken_back_why"))
    return {seq: words[pk] for seq, pk in named.items() if pk in words}


def _mark(entry: Entry) -> tuple[object, ...]:
    """Alike for lines that say the same."""
    detail = json.loads(entry.detail)
    return (entry.verb, entry.actor, *(detail.get(name) for name in TELLING))
