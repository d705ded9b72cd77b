"""Who somebody is, by the name under which the journal knows them."""

from collections.abc import Iterable

from vigie.lib.visible import visible
from vigie.staff.models import User


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names of those actors that are people (``staff:5``); programs are left out."""
    ids = {actor.removeprefix("staff:") for actor in actors if actor.startswith("staff:")}
    return {user.actor: visible(user.name) for user in User.objects.filter(pk__in=ids)}
