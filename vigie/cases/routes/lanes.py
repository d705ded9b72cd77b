"""Lanes and the teams they belong to. A lane shows its team what is theirs; it hides nothing.

A lane is a name in the rules. One without a team is everybody's; so is one whose team was
dissolved, and one whose team has nobody: its items stay in the queue of all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from vigie.cases.models import Lane, Route
from vigie.cases.routes.routing import present, read_rules
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.prepared import Prepared
from vigie.people.models import Team
from vigie.staff.models import User

FIRST = 1_000  # of the queue: what comes after is counted in no lane


@dataclass(frozen=True)
class Shown:
    """``used``: a rule that is switched on gives it. ``people``: how many work in its team."""

    name: str
    used: bool
    team: Team | None = None
    people: int = 0


def lanes() -> list[Shown]:
    """Those of the rules that are switched on, and those that belong to a team; by name."""
    ruleset = present()
    rules = read_rules(ruleset.text) if ruleset else ()
    used = {rule.outcome.lane for rule in rules} - {""}
    working = Count("team__members", filter=Q(team__members__is_active=True))
    found = {
        row.name: Shown(row.name, row.name in used, row.team, row.people)
        for row in Lane.objects.select_related("team").annotate(people=working)
    }
    return [found.get(name, Shown(name, used=True)) for name in sorted({*used, *found})]


def give(name: str, team: Team | None, by: User) -> None:
    """From now on this team's; None: everybody's."""
    with transaction.atomic():
        if team:
            Lane.objects.update_or_create(name=name, defaults={"team": team})
        else:
            Lane.objects.filter(name=name).delete()
        append(Verb.LANE_GIVEN, "rules", by.actor, lane=name, team=team.pk if team else None)


def waiting_in(lanes: Iterable[str]) -> dict[str, int]:
    """How many of the first `FIRST` that wait for a decision are in each of these lanes."""
    items = Item.objects.filter(state=State.TO_ASSESS).order_by("rank", "pk")
    routes = Route.objects.filter(item__in=items.values("pk")[:FIRST], lane__in=lanes)
    found = dict(routes.order_by().values_list("lane").annotate(Count("pk")))
    return {lane: found.get(lane, 0) for lane in lanes}


def lanes_of(user: User) -> list[str]:
    """The lanes of their teams, by name."""
    return _lanes_of(by=user.pk)


_lanes_of = Prepared(
    lambda by: Lane.objects.filter(team__members=by).values_list("name", flat=True).distinct()
)
