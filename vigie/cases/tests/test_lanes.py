"""A lane belongs to a team: its people see it first, and nothing is hidden from anybody."""

import pytest

from conftest import PASSWORD
from vigie.cases.routes.lanes import give, lanes, lanes_of
from vigie.cases.routes.routing import route_waiting
from vigie.cases.tests.test_routing import HERE, rules_on, waits
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.people.leaving import leave
from vigie.people.models import Team
from vigie.people.teams import dissolve_team, make_team, set_teams
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def team(lead, analyst, administrator) -> Team:
    made = make_team("North", administrator)
    set_teams(analyst, [made], administrator)
    return made


@pytest.fixture
def items(lead) -> tuple[Item, Item]:
    found = waits("here", "BE"), waits("there", "FR")
    rules_on(HERE, lead)
    route_waiting()
    return found


def listed(client, query: str = "") -> set[int]:
    page = client.get(f"/queue/?{query}").content.decode()
    return {item.pk for item in Item.objects.all() if f'href="/queue/items/{item.pk}/' in page}


def test_who_is_in_the_team_has_its_lane_at_the_side_and_all_see_everything(
    items, team, lead, analyst, desk_client
):
    here, there = items
    client, other = desk_client(analyst), desk_client(lead)
    assert "ours=yes" not in client.get("/queue/").content.decode()
    answer = other.post("/queue/rules/lanes/", {"lane": "ours", "team": str(team.pk)})
    assert answer.status_code == 302
    assert lanes_of(analyst) == ["ours"] and lanes_of(lead) == []
    page = client.get("/queue/").content.decode()
    assert 'aria-keyshortcuts="t"' in page and ">ours <span>1</span></a>" in page
    assert "ours=yes" in page and "ours=yes" not in other.get("/queue/").content.decode()
    assert listed(client, "ours=yes") == {here.pk}
    assert listed(client) == listed(other) == {here.pk, there.pk}
    assert listed(other, "ours=yes") == set(), "they are in no team"
    line = Entry.objects.get(verb=Verb.LANE_GIVEN)
    assert (line.actor, f'"team":{team.pk}' in line.detail) == (lead.actor, True)


def test_of_a_team_that_is_empty_or_gone_everything_stays_in_sight(
    items, team, lead, analyst, administrator, desk_client
):
    give("ours", team, lead)
    User.objects.filter(pk=lead.pk).update(language="en")
    client = desk_client(lead)
    assert [(one.name, one.people) for one in lanes()] == [("ours", 1)]
    leave(analyst, administrator)
    assert [(one.name, one.people) for one in lanes()] == [("ours", 0)]
    assert "nobody is in this team" in client.get("/queue/rules/").content.decode()
    assert len(listed(client)) == 2
    dissolve_team(team, administrator)
    assert [(one.name, one.team) for one in lanes()] == [("ours", None)]
    assert len(listed(client)) == 2


def test_a_lane_that_no_rule_gives_any_more_can_be_taken_from_its_team(
    items, team, lead, desk_client
):
    give("ours", team, lead)
    rules_on("", lead)
    assert [(one.name, one.used) for one in lanes()] == [("ours", False)]
    client = desk_client(lead)
    client.post("/queue/rules/lanes/", {"lane": "ours", "team": ""})
    assert lanes() == []
    assert client.post("/queue/rules/lanes/", {"lane": "invented"}).status_code == 404


def test_who_is_in_two_teams_sees_each_lane_once(items, team, lead, analyst, administrator):
    second = make_team("South", administrator)
    set_teams(analyst, [team, second], administrator)
    colleague = User.objects.add("colleague", PASSWORD, Role.ANALYST)
    set_teams(colleague, [team], administrator)
    give("ours", team, lead)
    give("theirs", second, lead)
    assert lanes_of(analyst) == ["ours", "theirs"]
