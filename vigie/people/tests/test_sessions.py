"""Sessions, teams, and leaving."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from conftest import PASSWORD, person
from vigie.cases.claims import InOtherHands, claim, holders, in_hand
from vigie.lib import clock
from vigie.matching.lists.four_eyes import EXPORT, ask_export
from vigie.people import four_eyes, teams
from vigie.people.leaving import leave
from vigie.people.models import KnownSession, Team
from vigie.people.sessions import sessions_of
from vigie.people.tests.support import verbs
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def _nothing_seen_yet():
    cache.clear()


def at_work(client: Client) -> bool:
    return client.get("/journal/").status_code == 200


def another(user) -> Client:
    client = Client()
    client.force_login(user)
    assert at_work(client)
    return client


def test_one_s_sessions_are_listed_by_time_without_key_address_or_browser(analyst, desk_client):
    here, there = desk_client(analyst), another(analyst)
    page = here.get("/account/sessions/", HTTP_USER_AGENT="Lynx/2", REMOTE_ADDR="192.0.2.7")
    text = page.content.decode()
    assert len(page.context["sessions"]) == 2
    kept = str(list(KnownSession.objects.values()))
    for word in ("Lynx", "192.0.2.7"):
        assert word not in text + kept
    for client in (here, there):
        assert client.cookies["desk"].value not in text


def test_when_it_was_last_used_is_known_to_the_hour_and_asks_nothing_within_it(
    analyst, desk_client
):
    client, begun = desk_client(analyst), clock.now()
    at_work(client)
    (row,) = sessions_of(analyst)
    assert (row.used_hour.minute, row.used_hour.second) == (0, 0)
    with time_machine.travel(begun + timedelta(hours=2)):
        at_work(client)
        (later,) = sessions_of(analyst)
    assert timedelta(hours=1) < later.used_hour - row.used_hour < timedelta(hours=3)
    assert later.begun_at == row.begun_at


def test_using_a_session_makes_it_no_longer(analyst, desk_client):
    client = desk_client(analyst)
    at_work(client)
    key = client.cookies["desk"].value
    ends = Session.objects.get(pk=key).expire_date
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        at_work(client)
    assert Session.objects.get(pk=key).expire_date == ends


def test_another_session_is_named_and_ended_and_nobody_elses_is(analyst, lead, desk_client):
    here, there, theirs = desk_client(analyst), another(analyst), desk_client(lead)
    assert at_work(theirs)
    mark = KnownSession.objects.get(key=there.cookies["desk"].value).mark
    here.post("/account/sessions/change/", {"which": mark, "act": "name", "name": "The tablet"})
    assert "The tablet" in here.get("/account/sessions/").content.decode()
    foreign = KnownSession.objects.get(key=theirs.cookies["desk"].value).mark
    for which in (mark, mark, foreign):
        here.post("/account/sessions/change/", {"which": which, "act": "end"})
    assert (at_work(here), at_work(there), at_work(theirs)) == (True, False, True)
    assert verbs().count("session.ended") == 1


def test_signing_out_everywhere_ends_also_what_no_list_knows(analyst, lead, desk_client):
    here, there, colleague = desk_client(analyst), another(analyst), desk_client(lead)
    KnownSession.objects.all().delete()
    answer = here.post("/account/sessions/everywhere/")
    assert answer["Location"] == "/account/login/"
    assert (at_work(here), at_work(there), at_work(colleague)) == (False, False, True)
    assert "sessions.ended" in verbs()


def test_an_administrator_signs_somebody_out_everywhere(analyst, administrator, desk_client):
    theirs = desk_client(analyst)
    assert at_work(theirs)
    desk_client(administrator).post(f"/people/{analyst.pk}/sign-out/")
    assert not at_work(theirs)
    analyst.refresh_from_db()
    assert analyst.is_active


def test_who_leaves_is_out_at_once_and_what_they_had_in_hand_is_free(
    analyst, lead, administrator, desk_client, report_of
):
    (item,) = report_of("http://galerie.nord.test/a/1")
    theirs = desk_client(analyst)
    assert at_work(theirs)
    claim(item, analyst)
    with pytest.raises(InOtherHands):
        in_hand(item, lead)
    desk_client(administrator).post(f"/people/{analyst.pk}/leave/", {"sure": "on"})
    assert not at_work(theirs)
    in_hand(item, lead)
    assert holders([item]) == {}
    assert claim(item, lead).by == lead
    client = Client()
    client.post("/account/login/", {"login": analyst.username, "password": PASSWORD})
    assert not at_work(client)
    assert verbs()[-1] != "staff.signed_in"
    assert not Session.objects.filter(pk=theirs.cookies["desk"].value).exists()


def test_what_somebody_asked_who_has_left_can_no_longer_be_confirmed(lead, manager, administrator):
    asked = ask_export("csv", lead, "r")
    leave(lead, administrator)
    assert not four_eyes.waiting().exists()
    with pytest.raises(four_eyes.TooLate):
        four_eyes.answer(asked, EXPORT, manager, approve=True)


def test_an_administrator_does_not_end_their_own_account(administrator, desk_client):
    client = desk_client(administrator)
    client.post(f"/people/{administrator.pk}/leave/", {"sure": "on"})
    assert at_work(client)
    assert "staff.left" not in verbs()


def test_somebody_is_in_no_team_or_in_several(analyst, lead, administrator, desk_client):
    client = desk_client(administrator)
    for name in ("Days", "Nights", "Days"):
        client.post("/people/teams/", {"team-name": name})
    days, nights = Team.objects.order_by("name")
    assert teams.colleagues_of(analyst) == {analyst.pk}
    client.post(f"/people/{analyst.pk}/teams/", {"teams": [days.pk, nights.pk]})
    client.post(f"/people/{lead.pk}/teams/", {"teams": [nights.pk]})
    assert teams.colleagues_of(analyst) == {analyst.pk, lead.pk}
    client.post(f"/people/teams/{nights.pk}/dissolve/")
    assert teams.colleagues_of(analyst) == {analyst.pk}
    wanted = ["team.made"] * 2 + ["teams.changed"] * 2 + ["team.dissolved"]
    assert [verb for verb in verbs() if verb.startswith("team")] == wanted


def test_each_role_may_see_its_own_sessions(desk_client):
    for role in Role:
        assert desk_client(person(role)).get("/account/sessions/").status_code == 200
