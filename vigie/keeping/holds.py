"""Holding a report or an item: nothing of it is erased until somebody lifts it."""

import re

from django.db import IntegrityError, transaction

from vigie.intake.models import Report
from vigie.items.flow import Stale
from vigie.items.models import Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.keeping.models import Hold
from vigie.lib import clock
from vigie.lib.numbers import whole_number
from vigie.staff.models import User

NAMED = re.compile(r"\s*(I-|report )\s*(\d+)\s*", re.IGNORECASE)


class NoSuchThing(LookupError):
    """No item or report has this name."""


def named(text: str) -> Item | Report:
    """The thing called ``I-12`` or ``report 12``. Raises `NoSuchThing`."""
    match = NAMED.fullmatch(text)
    number = whole_number(match[2]) if match else None
    found: Item | Report | None = None
    if match and number is not None:
        item = match[1].casefold() == "i-"
        found = (
            Item.objects.filter(pk=number).first()
            if item
            else Report.objects.filter(pk=number).first()
        )
    if found is None:
        raise NoSuchThing(text)
    return found


def place_hold(thing: Item | Report, reason: str, by: User) -> Hold:
    """Hold it, with a reason. `Stale` if it is held already, `ValueError` without a reason."""
    if not reason.strip():
        raise ValueError("a hold has a reason")
    on: dict[str, Item | Report] = {"item" if isinstance(thing, Item) else "report": thing}
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                **on, reason=reason.strip()[:500], placed_by=by.actor, placed_at=clock.now()
            )
            append(Verb.HOLD_PLACED, thing.subject, by.actor, hold=hold.pk)
    except IntegrityError:
        raise Stale(thing.reference) from None
    return hold


def lift_hold(hold: Hold, by: User) -> None:
    """`Stale` if somebody lifted it already."""
    lifted = {"lifted_by": by.actor, "lifted_at": clock.now()}
    with transaction.atomic():
        if Hold.objects.filter(pk=hold.pk, lifted_at=None).update(**lifted) != 1:
            raise Stale(hold.reference)
        append(Verb.HOLD_LIFTED, hold.subject, by.actor, hold=hold.pk)
