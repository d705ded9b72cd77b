"""Search: by reference, exact address, domain, or hash. Over keyed hashes and digests only."""

import re
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from vigie.items.models import Item
from vigie.items.selectors import matching
from vigie.tracing.models import Media

KINDS_BY_LENGTH = {32: ("md5",), 40: ("sha1",), 64: ("sha256", "pdq")}  # hex digits


def values_named(text: str) -> dict[str, str]:
    """The kinds of hash that this text may be; none if it is no hash."""
    typed = text.strip().lower()
    kinds = KINDS_BY_LENGTH.get(len(typed), ()) if re.fullmatch("[0-9a-f]+", typed) else ()
    return dict.fromkeys(kinds, typed)


def sought(items: QuerySet[Item], text: str) -> QuerySet[Item]:
    """Equal values only: what is like a picture stands on the page of the item."""
    values = values_named(text)
    if not values:
        return matching(items, text)
    same = reduce(or_, (Q(**{kind: value}) for kind, value in values.items()))
    return items.filter(pk__in=Media.objects.filter(same).values("look__item"))
