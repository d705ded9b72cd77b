"""What a person takes to others by word of mouth: asked for, called off, written down as done.

A row a place and a reason: who reports the same a thousand times makes no second one.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from vigie.items.flow import ON_ITS_WAY, Stale
from vigie.items.models import Errand, Item
from vigie.journal.services import append, append_each
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.prepared import Prepared
from vigie.staff.models import User

WORKER = "worker"
Why = Errand.Why
WRITTEN = {Why.HAND_OVER: Verb.HANDED_OVER, Why.DANGER: Verb.CALL_MADE}


def waiting() -> QuerySet[Errand]:
    """Open ones, a child in danger first; what may be a flood's after all others."""
    found = Errand.objects.filter(done_at=None, void_at=None)
    return found.order_by("behind", "why", "at", "pk")


def to_hand_over() -> QuerySet[Errand]:
    """Those that stand, done or not: another service asks about what it was given, too."""
    return Errand.objects.filter(why=Why.HAND_OVER, void_at=None)


def ask_for_calls(places: QuerySet[Item], first: Sequence[int]) -> None:
    """A child may be in danger where others know of it already: somebody tells the police.

    ``first``: what stands for itself. The caller has locked the places.
    """
    going = places.filter(state__in=[state.value for state in ON_ITS_WAY])
    asked = waiting().filter(why=Why.DANGER, item__in=going.values("pk"))
    asked.filter(item__in=list(first)).update(behind=False)
    new = list(going.exclude(pk__in=asked.values("item")).order_by("pk"))
    moment = clock.now()
    Errand.objects.bulk_create(
        Errand(item=item, why=Why.DANGER, round=item.round, at=moment, behind=item.pk not in first)
        for item in new
    )
    if new:
        append_each(Verb.CALL_ASKED, [item.subject for item in new], WORKER)


def hand_over(item: Item, to: str, by: str) -> None:
    """It was decided that another service takes this over; part of the caller's transaction.

    One that was still open, of an earlier round, is now this one.
    """
    told = {"round": item.round, "to": to}
    if not _to_hand_over(item).update(**told):
        Errand.objects.create(item=item, why=Why.HAND_OVER, at=clock.now(), **told)
        append(Verb.HAND_OVER_ASKED, item.subject, by)


def call_off(item: Item, by: str) -> None:
    """It was decided otherwise: nobody need hand it over any more."""
    if _to_hand_over(item).update(void_at=clock.now()):
        append(Verb.HAND_OVER_CALLED_OFF, item.subject, by)


def take_back(item: Item, by: str) -> None:
    """The decision was taken back; what was handed over by it says so."""
    call_off(item, by)
    done = Errand.objects.filter(item=item, why=Why.HAND_OVER, void_at=None)
    done.update(void_at=clock.now())


def _to_hand_over(item: Item) -> QuerySet[Errand]:
    return Errand.objects.filter(item=item, why=Why.HAND_OVER, done_at=None, void_at=None)


def write_down(errand: Errand, on: datetime, whom: str, by: User) -> None:
    """It is done: when, and to whom. `Stale` if a colleague was quicker, or it was called off."""
    with transaction.atomic():
        still = Errand.objects.filter(pk=errand.pk, done_at=None, void_at=None, round=errand.round)
        if still.update(on=on, whom=whom, by=by, done_at=clock.now()) != 1:
            raise Stale(errand.item.reference)
        append(WRITTEN[Why(errand.why)], errand.item.subject, by.actor)


def written() -> QuerySet[Errand]:
    """Those that were written down, the latest first."""
    return Errand.objects.filter(done_at__isnull=False).order_by("-done_at", "-pk")


def of_item(item: Item) -> list[Errand]:
    """What is, or was, to be told of it; not what was called off before anybody was told."""
    return _of_item(item=item.pk)


_of_item = Prepared(
    lambda item: (
        Errand.objects.filter(item=item)
        .exclude(done_at=None, void_at__isnull=False)
        .select_related("by")
        .order_by("-pk")
    )
)
