"""What happened to an item, as its page tells it: equal lines of routine as one, and by pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F

from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.selectors import Read, readable, trail_of
from vigie.journal.verbs import Verb
from vigie.staff.models import User

PAGE = 300  # lines of the journal
# Between two steps of another kind, equal ones of these are told once, with how often.
ROUTINE = frozenset(
    {
        Verb.ITEM_OPENED,
        Verb.MEDIA_VIEWED,
        Verb.VIEW_ENDED,
        Verb.VIEW_UNTOLD,
        Verb.WORDS_READ,
        Verb.ITEM_LOOKED_AT,
    }
    | {Verb.ITEM_TRACED, Verb.ITEM_CHECKED, Verb.LOOK_ASKED}
)
TELLING = ("outcome", "verdict", "country")  # details that the page shows of them


@dataclass(frozen=True)
class Step:
    """``times`` lines that say the same; the first is ``read``, the last was at ``last``."""

    read: Read
    times: int
    last: datetime


@dataclass(frozen=True)
class Trail:
    """``earlier``: lines with a smaller number are on the page before; None on the first."""

    steps: list[Step]
    earlier: int | None


def trail(item: Item, user: User, before: int | None = None) -> Trail:
    """The newest page, or the one before that line, told from its oldest to its newest."""
    lines = trail_of(item.subject, user).order_by((F("seq") + 0).desc())
    if before:
        lines = lines.filter(seq__lt=before)
    found = list(lines[: PAGE + 1])
    page = found[:PAGE][::-1]
    return Trail(_folded(page), page[0].seq if len(found) > PAGE else None)


def _folded(page: Sequence[Entry]) -> list[Step]:
    steps: list[Step] = []
    here: dict[tuple[object, ...], int] = {}  # what was told since the last step that counts
    for entry, read in zip(page, readable(page), strict=True):
        routine = entry.verb in ROUTINE
        mark = (entry.verb, entry.actor, *(read.detail.get(name) for name in TELLING))
        if routine and mark in here:
            told = steps[here[mark]]
            steps[here[mark]] = replace(told, times=told.times + 1, last=read.at)
            continue
        here = {**here, mark: len(steps)} if routine else {}
        steps.append(Step(read, 1, read.at))
    return steps
