"""What changes whether an entry counts here takes two people: one asks, another confirms.

While a dispute waits, the entry still protects what it names: nothing listed is closed unseen. But
it decides nothing without a person (`lookup.spoken_against`).
"""

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vigie.journal.services import Detail
from vigie.lib import clock
from vigie.matching.lists.feedback import Says, State, give_feedback, values_of
from vigie.matching.lists.models import Feedback, ListedHash
from vigie.matching.lists.writing import tick
from vigie.people import four_eyes
from vigie.people.four_eyes import CannotBeDone, Kind
from vigie.people.models import PendingAct
from vigie.staff.models import User
from vigie.staff.permissions import Permission

MOST: Final = 20  # of one person, that wait


class TooMany(Exception):
    """So many that this person asked for wait already."""


class Waits(Exception):
    """Somebody asked the same of this entry already."""


def takes_two(entry: ListedHash, says: str) -> bool:
    """Does it count otherwise afterwards? (To say again what holds already changes nothing.)"""
    return (says == Says.DISPUTE) != (entry.state == State.DISPUTED)


def ask(entry: ListedHash, says: str, by: User, reason: str) -> PendingAct:
    """Ask that we dispute an entry, or agree with one that we dispute.

    Raises `TooMany` and `Waits`; `PermissionDenied` as `four_eyes.ask`.
    """
    with transaction.atomic():
        tick()  # what rests on the entry is decided before this, or sees it; so two ask in turn
        waiting = four_eyes.waiting().filter(kind=KIND.name)
        if waiting.filter(about=entry.list.subject, what__entry=entry.pk).exists():
            raise Waits
        if waiting.filter(asked_by=by).count() >= MOST:
            raise TooMany
        what: dict[str, Detail] = {"entry": entry.pk, "says": str(says)}
        act = four_eyes.ask(KIND, by, reason, about=entry.list.subject, what=what)
        Feedback.objects.bulk_create(
            Feedback(entry=row, says=says, by=by.actor, at=clock.now(), act=act, due_at=None)
            for row in values_of(entry)
        )
    return act


def _carry_out(act: PendingAct, by: User) -> None:
    entry = ListedHash.objects.select_related("list").get(pk=act.what["entry"])
    if entry.state == State.WITHDRAWN:
        raise CannotBeDone(_("Its owner took this entry back meanwhile."))
    Feedback.objects.filter(act=act).delete()  # as they were when it was asked
    give_feedback(entry, act.what["says"], act.asked_by.actor, act)


def _shown(act: PendingAct) -> dict[str, Any]:
    entry = ListedHash.objects.select_related("list").get(pk=act.what["entry"])
    return {"entry": entry, "values": values_of(entry).count(), "says": Says(act.what["says"])}


KIND = Kind(
    name="dispute",
    words=gettext_lazy("Dispute an entry of a list, or agree with it again"),
    asks=Permission.HASHES_JUDGE,
    confirms=Permission.LISTS_CHANGE,
    template="matching/_act_dispute.html",
    carry_out=_carry_out,
    shown=_shown,
)
