"""Search: by reference, exact address, domain, or hash. Over keyed hashes and digests only.

Who does not assess searches by reference alone: of an item, or of a letter that somebody outside
answers to.
"""

import re
from functools import reduce
from operator import or_

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db.models import Q, QuerySet

from vigie.items.models import Item
from vigie.items.selectors import matching
from vigie.lib.box import box
from vigie.lib.numbers import whole_number
from vigie.staff.models import User
from vigie.staff.permissions import Permission
from vigie.tracing.models import Media

LONGEST = 2_000  # letters: an address longer than that is no address we keep
KINDS_BY_LENGTH = {32: ("md5",), 40: ("sha1",), 64: ("sha256", "pdq")}  # hex digits


def values_named(text: str) -> dict[str, str]:
    """The kinds of hash that this text may be; none if it is no hash."""
    typed = text.strip().lower()
    kinds = KINDS_BY_LENGTH.get(len(typed), ()) if re.fullmatch("[0-9a-f]+", typed) else ()
    return dict.fromkeys(kinds, typed)


# Of an item; of a referral, of a notice (a later room's, by the names that it gives them here).
REFERENCES = {"I": "pk", "R": "referrals", "N": "notices"}


def of_reference(items: QuerySet[Item], text: str) -> QuerySet[Item] | None:
    """None for what is no reference."""
    kind, _dash, digits = text.strip().upper().partition("-")
    number = whole_number(digits)
    if kind not in REFERENCES or number is None:
        return None
    return items.filter(**{REFERENCES[kind]: number})


def sought(items: QuerySet[Item], text: str, by: User) -> QuerySet[Item]:
    """``items``: that they may see. Equal values only: what is like a picture stands on the page of
    the item."""
    named = of_reference(items, text)
    if named is not None:
        return named
    if not by.may(Permission.ITEMS_SEARCH):
        return items.none()
    values = values_named(text)
    if not values:
        return matching(items, text)
    same = reduce(or_, (Q(**{kind: value}) for kind, value in values.items()))
    return items.filter(pk__in=Media.objects.filter(same).values("look__item"))


class NoSearch(Exception):
    """There is no such search, it is another session's, or its day is over."""


def carried_of(text: str, session: str) -> str:
    """What was sought, for the address of a page. ``session``: the key of the one that opens it;
    when that is gone nobody does, whatever a log kept."""
    return box(f"search {session}").encrypt(text[:LONGEST].encode()).decode()


def text_of(token: str, session: str) -> str:
    """Raises `NoSearch`."""
    try:
        opened = box(f"search {session}").decrypt(token.encode(), ttl=settings.SESSION_COOKIE_AGE)
    except InvalidToken as error:
        raise NoSearch from error
    return opened.decode()
