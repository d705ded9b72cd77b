"""What is said to be a child in danger is closed by somebody who opened what reporters wrote of it.

Who cannot open it (it takes the operators' passphrase) leaves it to a colleague who can, or to a
lead. A lead may close it all the same, with the reason that it takes anyway.
"""

from django.db.models import Q

from vigie.cases.deciding.decision import Decision
from vigie.cases.deciding.unsaid import ReasonNeeded
from vigie.cases.models import CONFIRMING, WordsOpened
from vigie.items.models import Item
from vigie.lib import clock
from vigie.lib.words import in_words
from vigie.staff.models import User
from vigie.staff.permissions import Permission

# As `Item.stands_alone`, to be asked of many.
NOT_ALONE = Q(danger=False, own=False)


class WordsFirst(Exception):
    """A child may be in danger, and this person has not opened all that was written of it."""


def closes_danger(item: Item, decision: Decision) -> bool:
    return item.danger and decision.classification not in CONFIRMING


def ask(item: Item, by: User, decision: Decision) -> None:
    """Raises `WordsFirst`, and `ReasonNeeded`, where this closes a danger."""
    if not closes_danger(item, decision):
        return
    if not may_close(item, by):
        raise WordsFirst
    if not in_words(decision.reason):
        raise ReasonNeeded("danger")


def may_close(item: Item, by: User) -> bool:
    return by.may(Permission.REOPEN) or has_opened(item, by)


def has_opened(item: Item, by: User) -> bool:
    """All words that came so far."""
    if not item.words_came:
        return True
    return WordsOpened.objects.filter(item=item, by=by, came__gte=item.words_came).exists()


def note_opened(item: Item, by: User) -> None:
    """They are before this person now: as many as had come when ``item`` was read."""
    came = item.words_came
    Item.objects.filter(pk=item.pk, words_opened__lt=came).update(words_opened=came)
    now = {"at": clock.now(), "came": came}
    WordsOpened.objects.update_or_create(item=item, by=by, defaults=now)
