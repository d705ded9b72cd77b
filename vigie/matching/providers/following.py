"""This program's own index of near hashes: it follows the lists in the database, and nothing else.

A cache: a folder that is gone is filled anew (`vigie providers index`, before the program starts).
It has no key to seal it with; the values are in its database too.
"""

from functools import cache

from django.conf import settings

from vigie.matching.engine.index import Index
from vigie.matching.following import Followed


def caught_up() -> Index:
    """With all that the lists say now. Raises OSError, `store.Unsafe`, `store.NotOurs`."""
    while not followed().catch_up():
        pass
    return followed().open()


@cache
def followed() -> Followed:
    return Followed(settings.HASH_INDEX, None, own=False)
