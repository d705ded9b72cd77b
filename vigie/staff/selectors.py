"""Who somebody is, by the name under which the journal knows them."""

from collections.abc import Iterable

from vigie.lib.prepared import Prepared
from vigie.lib.visible import visible
from vigie.staff.models import User


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names of those actors that are people (``staff:5``); programs are left out."""
    ids = {int(actor.removeprefix("staff:")) for actor in actors if actor.startswith("staff:")}
    return {f"staff:{pk}": visible(name) for pk, name in _named(ids=ids)}


_named = Prepared(lambda ids: User.objects.filter(pk__in=[ids]).values_list("pk", "name"))
