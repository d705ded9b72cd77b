"""Who may read what of the journal."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from vigie.journal.codes import code_words, name_words
from vigie.journal.models import Entry
from vigie.journal.verbs import NOT_FOR_A_SECOND, OF_WELFARE, ON_THE_ROAD, Verb
from vigie.journal.words import in_words, name_of
from vigie.lib.keys import Keys
from vigie.lib.prepared import Blank, Prepared
from vigie.staff.models import User
from vigie.staff.permissions import Permission
from vigie.staff.selectors import names_of

LAST = 2**62  # no line has so great a number


def visible_to(user: User) -> QuerySet[Entry]:
    """All of it with ``journal:all:read``; otherwise one's own acts, or none.

    How long others looked is left out, but for the roles that the welfare policy names; so is, for
    whoever may be the second of two to assess an item, what others looked at there and what was
    decided of it in earlier rounds, whatever the welfare policy says.
    """
    return Entry.objects.filter(_visible(user, user.actor))


def _visible(user: User, actor: str | Blank) -> Q:
    own = Q(actor=actor)
    if not user.may(Permission.JOURNAL_READ_ALL):
        return own if user.may(Permission.JOURNAL_READ_OWN) else Q(pk__in=[])
    blind = ~not_for_a_second(user)
    if user.role in settings.ORGANISATION.welfare_readers:
        return own | blind
    return own | (~Q(verb__in=[verb.value for verb in OF_WELFARE]) & blind)


def not_for_a_second(user: User) -> Q:
    """Looks at what waits for a second assessment, and what was decided of it in earlier rounds, if
    this person may give it: none otherwise."""
    if not user.may(Permission.ASSESS):
        return Q(pk__in=[])
    of_item = Entry.objects.filter(subject=OuterRef("subject"))
    over = [Verb.ITEM_ASSESSED, Verb.OPINIONS_SET_ASIDE]
    given = of_item.filter(verb=Verb.OPINION_GIVEN)
    waits = given.exclude(Exists(of_item.filter(verb__in=over, seq__gt=OuterRef("seq"))))
    return Q(verb__in=[verb.value for verb in NOT_FOR_A_SECOND]) & Q(Exists(waits))


def trail_of(subject: str, user: User) -> QuerySet[Entry]:
    """What happened to one thing, oldest first; callers have fetched it through `visible_to`.

    What was done to it is part of it. Who read it is not: of that one sees one's own, or all with
    ``journal:all:read``. What the first of two looked at, and what was decided before, nobody sees
    who may be the second.
    """
    return _trail_of(subject, user, user.actor)


def _trail_of(subject: str | Blank, user: User, actor: str | Blank) -> QuerySet[Entry]:
    trail = Entry.objects.filter(subject=subject).order_by("seq")
    if user.may(Permission.JOURNAL_READ_ALL):
        return trail.filter(_visible(user, actor))
    done = Q(verb__in=[verb.value for verb in ON_THE_ROAD])
    return trail.filter(done & ~not_for_a_second(user) | _visible(user, actor))


def last_of_trail(subject: str, user: User, before: int | None, most: int) -> list[Entry]:
    """The newest lines of `trail_of`, the last first. ``before``: of a smaller number alone."""
    ask = _last(user.role, most, user.role in settings.ORGANISATION.welfare_readers)
    return ask(subject=subject, actor=user.actor, before=before or LAST)


@cache
def _last(role: str, most: int, _welfare: bool) -> Prepared[Entry]:
    """Who reads what is a matter of their role, and of what the organisation says of it."""
    return Prepared(
        lambda subject, actor, before: (
            _trail_of(subject, User(role=role), actor)
            .filter(seq__lt=before)
            .order_by((F("seq") + 0).desc())[:most]
        )
    )


def is_stale(keys: Keys) -> bool:
    """Does the journal name another key to search by than the first of these?"""
    rotations = Entry.objects.filter(verb=Verb.KEY_ROTATED, subject="key:index")
    last = rotations.order_by("-seq").values_list("detail", flat=True).first()
    return bool(last) and json.loads(str(last))["public"] != keys.generations[0].name


@dataclass(frozen=True)
class Read:
    """A line as a person reads it: ``who`` by name, ``words`` in their language."""

    seq: int
    at: datetime
    who: str
    words: str
    subject: str
    detail: dict[str, Any]

    @property
    def said(self) -> list[tuple[str, str]]:
        """Its details in the reader's language, as far as there are words."""
        # From where to where an item moved says the step, too.
        told = {n: v for n, v in self.detail.items() if n != "move" or "frm" not in self.detail}
        return [(name_words(name), code_words(value, name)) for name, value in told.items()]


def readable(entries: Iterable[Entry]) -> list[Read]:
    lines = list(entries)
    names = names_of(line.actor for line in lines)
    return [
        Read(
            seq=line.seq,
            at=line.at,
            who=names.get(line.actor) or name_of(line.actor),
            words=in_words(line.verb),
            subject=line.subject,
            detail=json.loads(line.detail),
        )
        for line in lines
    ]
