"""A child is said to be in danger now: nobody closes that in passing.

It is closed by itself, by somebody who read what reporters wrote (what is dead, or cannot be looked
at, says nothing of the child), and with a reason. An own picture is decided by itself, too. To
confirm by itself is made no harder here.
"""

from django.db.models import Max

from vigie.cases.deciding.decision import Decision
from vigie.cases.deciding.unsaid import ReasonNeeded
from vigie.cases.looks.reasons import in_words
from vigie.cases.models import CONFIRMING
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.staff.models import User


class WordsUnread(Exception):
    """This person has not read what reporters wrote about it; or more came since."""


def by_itself(item: Item) -> bool:
    """It is never decided alike with others."""
    return item.danger or item.own


def ask(item: Item, by: User, decision: Decision) -> None:
    """Raises `WordsUnread`, which no reason helps, and `ReasonNeeded`."""
    if not item.danger or decision.classification in CONFIRMING:
        return
    if not were_read(item, by):
        raise WordsUnread(item.reference)
    if not in_words(decision.reason):
        raise ReasonNeeded("danger")


def were_read(item: Item, by: User) -> bool:
    """Since the hour of the newest (nothing finer is kept of what reporters send)."""
    newest = item.mentions.aggregate(at=Max("report__last_word_at"))["at"]
    read = Entry.objects.filter(verb=Verb.WORDS_READ, subject=item.subject, actor=by.actor)
    return (read.filter(at__gte=newest) if newest else read).exists()
