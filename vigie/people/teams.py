"""Teams: names for people who work together."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.people.models import Team
from vigie.staff.models import User


class NameTaken(Exception):
    """There is a team of that name."""


def make_team(name: str, by: User) -> Team:
    try:
        with transaction.atomic():
            team = Team.objects.create(name=name)
            append(Verb.TEAM_MADE, team.subject, by.actor)
    except IntegrityError:
        raise NameTaken
    return team


def dissolve_team(team: Team, by: User) -> None:
    """Its people stay; they are in one team less."""
    with transaction.atomic():
        subject = team.subject
        team.delete()
        append(Verb.TEAM_DISSOLVED, subject, by.actor)


def set_teams(user: User, teams: Iterable[Team], by: User) -> None:
    with transaction.atomic():
        before = set(user.teams.values_list("pk", flat=True))
        wanted = {team.pk for team in teams}
        if before != wanted:
            user.teams.set(wanted)
            numbers = " ".join(str(pk) for pk in sorted(wanted))
            append(Verb.TEAMS_CHANGED, user.actor, by.actor, teams=numbers)


def colleagues_of(user: User) -> set[int]:
    """Everybody who is in a team of theirs, and they themselves: the queue's "my team's"."""
    return {user.pk, *User.objects.filter(teams__members=user).values_list("pk", flat=True)}
