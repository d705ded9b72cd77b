"""How stills are shown to one person, and the quiet screen between them.

A quiet screen is no look: no row of it is kept but its moment, and nothing counts it.
"""

from typing import Final

from django.db import transaction
from django.utils import timezone

from vigie.cases.models.welfare import CHOSEN, Wish
from vigie.cases.welfare.exposure import looks_since, midnight
from vigie.cases.welfare.limits import demanded
from vigie.cases.welfare.manner import Manner
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.prepared import Prepared
from vigie.staff.models import User

DRAWINGS: Final = ("asleep", "window", "box")  # static/img/calm/


class CalmFirst(Exception):
    """A quiet screen comes before the next still; nothing was fetched."""


def manner_of(user: User, demands: Manner | None = None) -> Manner:
    """What the organisation demands, and what this person wishes beyond it.

    ``demands``: that of now, from a caller that has read it already.
    """
    wish, demands = wish_of(user), demands or demanded()
    return demands.with_wish(wish.manner) if wish else demands


def wish_of(user: User) -> Wish | None:
    return _wish.first(by=user.pk)


_wish = Prepared(lambda by: Wish.objects.filter(by=by))


def calm_first(user: User) -> None:
    """Raises `CalmFirst` once so many stills were looked at today since the last quiet screen."""
    wish, every = wish_of(user), manner_of(user).calm_every
    if not every:
        return
    since = midnight(clock.now())
    if wish and wish.calmed_at:
        since = max(since, wish.calmed_at)
    if looks_since(user, since).count() >= every:
        raise CalmFirst


def calmed(user: User) -> None:
    """They went on from a quiet screen."""
    _keep(user, {"calmed_at": clock.now()})


def choose(user: User, wish: Manner) -> None:
    """Keep how they want to look; what the organisation demands holds beside it."""
    chosen = {name: getattr(wish, name) for name in CHOSEN}
    before = wish_of(user)
    if before and before.manner == wish:
        return
    with transaction.atomic():
        _keep(user, chosen)
        append(Verb.MANNER_CHOSEN, "welfare", user.actor, **chosen)


def _keep(user: User, what: dict[str, object]) -> None:
    today = timezone.localdate(clock.now())
    Wish.objects.update_or_create(by=user, defaults={**what, "used_on": today})


def drawing() -> str:
    """Another one each minute."""
    return f"img/calm/{DRAWINGS[clock.now().minute % len(DRAWINGS)]}.svg"
