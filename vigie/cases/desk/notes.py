"""Hand-over notes: written by whoever may open the item, read by whoever may open it, but one.

While an item waits for its second, independent assessment, what the author of the first wrote about
it is shown to nobody else: it could say what they decided.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from vigie.cases.deciding.opinions import pending
from vigie.cases.models import Note, Opinion
from vigie.items import keys
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.prepared import Prepared
from vigie.staff.models import User

LONGEST: Final = 2_000  # letters
MOST_SHOWN: Final = 50


@dataclass(frozen=True)
class Told:
    note: Note
    text: str


def write_note(item: Item, text: str, by: User) -> Note:
    with transaction.atomic():
        sealed = keys.sealed(text[:LONGEST])
        made = Note.objects.create(item=item, by=by, at=clock.now(), text=sealed)
        append(Verb.NOTE_WRITTEN, item.subject, by.actor, note=made.pk)
    return made


def just_written(item: Item, text: str, by: User) -> bool:
    """Is their last note about it the same? So is a page that is loaded again."""
    last = Note.objects.filter(item=item, by=by).order_by("-pk").first()
    return last is not None and keys.shown(last.text) == text[:LONGEST]


def open_to_all() -> QuerySet[Note]:
    """Without what a second may not read."""
    return Note.objects.exclude(_blind())


def _blind() -> Q:
    """The first of two wrote it, and there is no second yet."""
    of_author = Opinion.objects.filter(item=OuterRef("item"), by=OuterRef("by"), assessment=None)
    both = pending().filter(item=OuterRef("item"), place=2)
    return Q(item__state=State.TO_ASSESS) & Q(Exists(of_author)) & ~Q(Exists(both))


_any = Prepared(
    lambda items: Note.objects.filter(item__pk__in=[items]).order_by().values_list("pk")[:1]
)


def notes_of(items: Iterable[Item], user: User) -> list[Told]:
    """The newest about these items, the last first; the caller has fetched them as visible."""
    these = list(items)
    if not _any(items=[item.pk for item in these]):  # as most: spares the long question
        return []
    written = Note.objects.filter(item__in=these).exclude(_blind() & ~Q(by=user))
    found = written.select_related("by", "item")
    return [Told(note, keys.shown(note.text)) for note in found[:MOST_SHOWN]]
