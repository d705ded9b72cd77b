"""Lanes and the teams they belong to. A lane shows its team what is theirs; it hides nothing.

A lane is a name in the rules. One without a team is everybody's; so is one whose team was
dissolved, and one whose team has nobody: its items stay in the queue of all.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from vigie.cases.models import Lane
from vigie.cases.routing import present, read_rules
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.people.models import Team
from vigie.staff.models import User


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


def lanes_of(user: User) -> list[str]:
    """The lanes of their teams, by name."""
    return list(Lane.objects.filter(team__members=user).values_list("name", flat=True).distinct())
