"""A lost password or second factor: two people, neither of them the person, who is told."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import IntegrityError
from django.test import Client

from conftest import PASSWORD, person
from tests.databases import in_threads
from vigie.lib import clock
from vigie.people import recovery
from vigie.people.four_eyes import SamePerson, answer
from vigie.people.models import PendingAct
from vigie.people.recovery import KIND, Lost, ask_recovery, choose_password
from vigie.people.tests.support import letters, link_in, verbs
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
NEW = "another calm and long one"


@pytest.fixture
def lost(analyst) -> User:
    """An analyst with a second factor and an address."""
    analyst.email = "analyst@aurore.test"
    analyst.save()
    TOTP.activate(analyst, generate_totp_secret())
    return analyst


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def opens(client: Client, user: User, password: str) -> bool:
    answer = client.post("/account/login/", {"login": user.username, "password": password})
    return answer.status_code == 302


def test_one_asks_another_confirms_and_the_person_is_told_both_times(
    lost, lead, manager, desk_client
):
    theirs = Client()
    theirs.force_login(lost)
    asking, other = desk_client(lead), desk_client(manager)
    asking.post(f"/people/{lost.pk}/recover/", {"lost": "factor", "reason": "came to my office"})
    (asked,) = PendingAct.objects.all()
    page = other.get("/acts/").content.decode()
    assert "came to my office" in page
    assert asking.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 409
    assert has_factor(lost)
    other.post(f"/acts/{asked.pk}/", {"answer": "approve"})
    assert not has_factor(lost)
    assert theirs.get("/journal/")["Location"].startswith("/account/login/"), "signed out"
    assert [to for to, _s, _t in letters()] == ["analyst@aurore.test"] * 2
    client = Client()
    assert opens(client, lost, PASSWORD)
    assert client.get("/queue/")["Location"] == "/account/factors/totp/"
    wanted = ["act.asked", "sessions.ended", "staff.recovered", "act.answered"]
    assert [verb for verb in verbs() if verb in wanted] == wanted


def test_a_lost_password_is_chosen_anew_by_a_link_that_works_once(lost, lead, manager):
    answer(ask_recovery(lost, Lost.BOTH, "r", lead), KIND, manager, approve=True)
    assert not opens(Client(), lost, PASSWORD)
    path = link_in(letters()[1][2])
    assert Client().get(path).status_code == 200
    assert Client().post(path, {"password": "short", "again": "short"}).status_code == 422
    assert Client().post(path, {"password": NEW, "again": NEW})["Location"] == "/account/login/"
    assert Client().get(path).status_code == 410
    again = {"password": PASSWORD, "again": PASSWORD}
    assert Client().post(path, again).status_code == 410
    client = Client()
    assert opens(client, lost, NEW)
    assert client.get("/queue/")["Location"] == "/account/factors/totp/"
    assert verbs().count("password.chosen") == 1


def test_a_link_ends_and_opens_nothing_for_who_left_or_has_a_password(lost, lead, manager):
    answer(ask_recovery(lost, Lost.PASSWORD, "r", lead), KIND, manager, approve=True)
    assert has_factor(lost), "the second factor was not lost"
    path = link_in(letters()[1][2])
    with time_machine.travel(clock.now() + timedelta(days=4)):
        assert Client().get(path).status_code == 410
    User.objects.filter(pk=lost.pk).update(is_active=False)
    assert Client().get(path).status_code == 410
    assert Client().get(link_in(recovery.link_of(lead))).status_code == 410


def test_nobody_asks_or_confirms_for_themselves(lead, manager, desk_client):
    lead.email = "lead@aurore.test"
    lead.save()
    with pytest.raises(SamePerson):
        ask_recovery(lead, Lost.FACTOR, "r", lead)
    asked = ask_recovery(lead, Lost.FACTOR, "r", manager)
    client = desk_client(lead)
    for said in ("approve", "refuse"):
        assert client.post(f"/acts/{asked.pk}/", {"answer": said}).status_code == 409
    with pytest.raises(IntegrityError):
        PendingAct.objects.filter(pk=asked.pk).update(answered_by=lead)


def test_who_is_not_reached_by_mail_is_not_set_anew(analyst, lead, desk_client):
    form = {"lost": "both", "reason": "came to my office"}
    answer = desk_client(lead).post(f"/people/{analyst.pk}/recover/", form)
    assert answer.status_code == 422
    assert not PendingAct.objects.exists()


def test_after_a_week_it_can_no_longer_be_confirmed(lost, lead, manager, desk_client):
    asked = ask_recovery(lost, Lost.FACTOR, "r", lead)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        client = desk_client(manager)
        assert client.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 409
        assert "came" not in client.get("/acts/").content.decode()
    assert has_factor(lost)


def test_a_role_that_may_not_confirm_is_refused(lost, lead, desk_client):
    asked = ask_recovery(lost, Lost.FACTOR, "r", lead)
    for role in (Role.ANALYST, Role.LIAISON, Role.EDITOR):
        other = User.objects.filter(role=role).exclude(pk=lost.pk).first() or None
        client = desk_client(other or another(role))
        assert client.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 403
    assert has_factor(lost)


def another(role: Role) -> User:
    return User.objects.add(f"another {role}", PASSWORD, role)


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_several_who_confirm_or_choose_at_once_one_does(lead, manager, administrator):
    user = person(Role.ANALYST)
    user.email = "analyst@aurore.test"
    user.save()
    asked = ask_recovery(user, Lost.PASSWORD, "r", lead)
    who = [manager, administrator, manager]
    done = in_threads([lambda w=w: answer(asked, KIND, w, approve=True) for w in who])
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "TooLate", "TooLate"]
    _, _, _, number, token, _ = link_in(letters()[1][2]).split("/")
    tries = [lambda n=n: choose_password(int(number), token, f"{NEW} {n}") for n in range(3)]
    assert sorted(in_threads(tries)) == [False, False, True]
