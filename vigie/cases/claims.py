"""Who has an item in hand: a lease, so that two people never work on one unknowingly.

Opening an item that waits for a decision takes it, if nobody has it. Every page of it that is
loaded makes the lease longer. A colleague may take it over, knowingly.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from vigie.cases.models import Claim
from vigie.items.models import Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.staff.models import User

LEASE = timedelta(minutes=15)


class InOtherHands(Exception):
    """A colleague has the item in hand; who, is in ``claim``."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(str(claim))
        self.claim = claim


def _gone() -> Q:
    """Held by somebody who left: nobody has it. (A subquery: an update with a join is no claim.)"""
    return Q(by__in=User.objects.filter(is_active=False))


def live(now: Any = None) -> QuerySet[Claim]:
    """What is in somebody's hands at this moment. ``now``: a blank, of a prepared question."""
    return Claim.objects.filter(~_gone(), until__gt=now or clock.now())


def claim(item: Item, by: User) -> Claim:
    """Take it in hand, or keep it there, if nobody else has it. The claim that holds, whosever."""
    now = clock.now()
    mine_or_ended = Claim.objects.filter(Q(by=by) | Q(until__lte=now) | _gone(), item=item)
    mine = Claim(item=item, by=by, until=now + LEASE)
    if mine_or_ended.update(by=by, until=mine.until):
        return mine
    with suppress(IntegrityError), transaction.atomic():
        mine.save(force_insert=True)
        return mine
    # A colleague has it, perhaps since this moment.
    held = Claim.objects.select_related("by").filter(item=item).first()
    return held or claim(item, by)  # let go in this very moment


def take_over(item: Item, by: User) -> None:
    """Take it out of a colleague's hands, knowingly; the journal says from whom."""
    with transaction.atomic():
        held = Claim.objects.select_for_update().filter(item=item).first()
        if held and held.by_id != by.pk and held.until > clock.now():
            append(Verb.ITEM_TAKEN, item.subject, by.actor, held_by=held.by.actor)
            Claim.objects.filter(pk=held.pk).update(by=by, until=clock.now() + LEASE)
            return
    claim(item, by)


def in_hand(item: Item, by: User) -> None:
    """Raises `InOtherHands` while a colleague's lease runs."""
    if held := others_claim(item, by):
        raise InOtherHands(held)


def others_claim(item: Item, by: User) -> Claim | None:
    """A colleague's lease that runs."""
    return live().filter(item=item).exclude(by=by).select_related("by").first()


def let_go(by: User, item: Item | None = None) -> None:
    """Leave one, or all, to whoever opens it next."""
    held = Claim.objects.filter(by=by)
    (held.filter(item=item) if item else held).delete()


def put_back(item: Item, by: User) -> None:
    """Leave one that they took up (by opening it) to whoever opens it next, knowingly."""
    with transaction.atomic():
        if live().filter(item=item, by=by).exists():
            let_go(by, item)
            append(Verb.ITEM_PUT_BACK, item.subject, by.actor)


def hand_on(by: User, besides: Item | None = None) -> None:
    """Leave all of it to colleagues: they look no more today. Why, is theirs (`OF_WELFARE`)."""
    held = Claim.objects.filter(by=by, until__gt=clock.now()).exclude(item=besides)
    items = [one.item for one in held.select_related("item").order_by("item")]
    with transaction.atomic():
        Claim.objects.filter(by=by, item__in=items).delete()
        for item in items:
            append(Verb.ITEM_HANDED_ON, item.subject, by.actor)


def holders(items: list[Item], besides: User | None = None) -> dict[int, str]:
    """By item: the name of whoever has it in hand; without what ``besides`` has."""
    held = live().filter(item__in=items)
    if besides:
        held = held.exclude(by=besides)
    found = held.values_list("item", "by__name", "by__username")
    return {item: name or username for item, name, username in found}
