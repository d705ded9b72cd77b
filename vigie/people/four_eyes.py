"""What takes two people, in one way for all: one asks, another confirms before it ends.

A room says what its kinds of acts are (`Kind`); `vigie.oversight` gathers them for the page where
they wait. A command that the operator runs on the machine is outside of this.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise

from vigie.journal.services import Detail, append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.people.models import PendingAct
from vigie.staff.models import User
from vigie.staff.permissions import Permission

State = PendingAct.State
WAITS = timedelta(days=7)
TAKEN_WITHIN = timedelta(hours=1)


class SamePerson(Exception):
    """Who asked, or whom it concerns, cannot be the one who confirms."""


class TooLate(Exception):
    """A colleague answered already, its time is over, or who asked may no longer ask."""


class CannotBeDone(Exception):
    """What was asked is no longer possible; the message says why. Nothing was changed."""


def _nothing(act: PendingAct) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Kind:
    """``template`` shows ``act`` and what ``shown`` adds to it. ``carry_out`` gets the act and who
    confirms, inside the transaction."""

    name: str
    words: Promise
    asks: Permission
    confirms: Permission
    template: str
    carry_out: Callable[[PendingAct, User], None]
    shown: Callable[[PendingAct], dict[str, Any]] = field(default=_nothing)


def ask(
    kind: Kind,
    by: User,
    reason: str,
    *,
    about: str = "",
    person: User | None = None,
    text: str = "",
    what: Mapping[str, Detail] | None = None,
) -> PendingAct:
    """Ask that something be done. ``what`` is also what the journal says of it: nobody's address.

    Raises `SamePerson` for what concerns oneself.
    """
    if not by.may(kind.asks):
        raise PermissionDenied
    if person == by:
        raise SamePerson
    now = clock.now()
    with transaction.atomic():
        act = PendingAct.objects.create(
            kind=kind.name,
            about=about,
            what=dict(what or {}),
            text=text,
            person=person,
            reason=reason[:200],
            asked_by=by,
            asked_at=now,
            until=now + WAITS,
        )
        said = {"kind": kind.name, "about": about, **(what or {})}
        append(Verb.ACT_ASKED, act.subject, by.actor, **said)
    return act


def answer(act: PendingAct, kind: Kind, by: User, *, approve: bool) -> None:
    """Confirm or refuse; what is confirmed is carried out at once.

    Who asked may take it back: that is a refusal of their own. Raises `SamePerson`, `TooLate`,
    `CannotBeDone`.
    """
    mine = act.asked_by_id == by.pk
    if act.person_id == by.pk or (approve and mine):
        raise SamePerson
    if not mine and not by.may(kind.confirms):
        raise PermissionDenied
    with transaction.atomic():
        # Whoever leaves meanwhile waits for us, or we see that they have left.
        asker = User.objects.select_for_update(no_key=True).get(pk=act.asked_by_id)
        if approve and not asker.may(kind.asks):
            raise TooLate
        now = clock.now()
        waiting = PendingAct.objects.filter(pk=act.pk, state=State.WAITING, until__gt=now)
        state = State.APPROVED if approve else State.REFUSED
        if not waiting.update(state=state, answered_by=None if mine else by, answered_at=now):
            raise TooLate
        if approve:
            kind.carry_out(act, by)
        append(Verb.ACT_ANSWERED, act.subject, by.actor, kind=kind.name, approved=approve)


def waiting() -> QuerySet[PendingAct]:
    """What a second person may still confirm, oldest first; not what somebody asked who left."""
    open_ = PendingAct.objects.filter(state=State.WAITING, until__gt=clock.now())
    open_ = open_.filter(asked_by__is_active=True)
    return open_.select_related("asked_by", "person").order_by("asked_at")


def ready(kind: Kind, by: User) -> QuerySet[PendingAct]:
    """What this person asked for, was confirmed, and may be taken now, once."""
    since = clock.now() - TAKEN_WITHIN
    mine = PendingAct.objects.filter(kind=kind.name, asked_by=by, state=State.APPROVED)
    return mine.filter(used_at=None, answered_at__gt=since).order_by("answered_at")


def use(kind: Kind, by: User) -> PendingAct:
    """Take what was confirmed, once; call it in the transaction of the act. Raises `TooLate`."""
    for act in ready(kind, by):
        if PendingAct.objects.filter(pk=act.pk, used_at=None).update(used_at=clock.now()):
            return act
    raise TooLate
