"""Reading items: always through `visible_to`."""

from django.db.models import Q, QuerySet

from vigie.items import errands, keys
from vigie.items.flow import WATCHED
from vigie.items.locators import parse
from vigie.items.models import Item
from vigie.lib.numbers import whole_number
from vigie.staff.models import User
from vigie.staff.permissions import Permission


def visible_to(user: User) -> QuerySet[Item]:
    """Who works on items sees them all; others none.

    A liaison sees those that were confirmed, and those that are or were theirs to hand over.
    """
    if user.may(Permission.ASSESS):
        return Item.objects.all()
    if user.may(Permission.ITEMS_READ):
        theirs = errands.to_hand_over().values("item")
        return Item.objects.filter(~Q(classification="") | Q(pk__in=theirs))
    return Item.objects.none()


def visible_parts(user: User) -> list[QuerySet[Item]]:
    """`visible_to` in parts without an item in common, each with an index that it is walked along:
    for both at once a database reads all that a liaison does not see."""
    if user.may(Permission.ASSESS) or not user.may(Permission.ITEMS_READ):
        return [visible_to(user)]
    undecided = Item.objects.filter(classification="")
    theirs = undecided.filter(pk__in=errands.to_hand_over().values("item"))
    return [Item.objects.exclude(classification=""), theirs]


def waiting_for_look() -> QuerySet[Item]:
    """Items the worker may look at when due: all that the watch does not look at."""
    return Item.objects.exclude(state__in=[state.value for state in WATCHED])


def matching(items: QuerySet[Item], text: str) -> QuerySet[Item]:
    """Search by reference (``I-12``), exact address or domain, over keyed hashes only."""
    exact, found = exactly(items, text), parse(text.strip())
    if found and found[0].domain and not exact.exists():
        return items.filter(domain_hash__in=keys.domain_hashes(found[0].domain))
    return exact


def exactly(items: QuerySet[Item], text: str) -> QuerySet[Item]:
    """By reference or exact address alone."""
    text = text.strip()
    number = whole_number(text[2:]) if text.upper().startswith("I-") else None
    if number is not None:
        return items.filter(pk=number)
    found = parse(text)
    hashes = keys.locator_hashes(found[0].kind, found[0].canonical) if found else []
    return items.filter(locator_hash__in=hashes)
