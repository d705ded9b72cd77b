"""Coming in: one link, one account, and nothing before a second factor."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.databases import in_threads
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.people import invitations
from vigie.people.four_eyes import CannotBeDone
from vigie.people.four_eyes import answer as answer_act
from vigie.people.invitations import NotOpen, accept, invite
from vigie.people.models import Invitation, PendingAct, StaffLetter, Team
from vigie.people.tests.support import letters, link_in, verbs
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
NEW, PASSWORD = "minou@aurore.test", "a calm and long one"
FORM = {"email": NEW, "role": "campaign editor", "language": "fr", "team": ""}
CHOSEN = {"name": "Minou", "username": "Minou", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def token(administrator) -> str:
    invite(NEW, Role.EDITOR, Team.objects.create(name="Days"), "nl", administrator)
    (letter,) = letters()
    return link_in(letter[2]).split("/")[2]


def test_an_administrator_invites_and_the_link_makes_an_account_with_no_way_past_the_factor(
    administrator, desk_client
):
    desk = desk_client(administrator)
    desk.post("/people/invite/", FORM)
    (to, _subject, text) = letters()[0]
    assert to == NEW
    path, newcomer = link_in(text), Client()
    assert newcomer.get(path).status_code == 200
    assert newcomer.post(path, CHOSEN)["Location"] == "/account/login/"
    user = User.objects.get(username="minou")
    assert (user.role, user.email, user.name) == (Role.EDITOR, NEW, "Minou")
    newcomer.post("/account/login/", {"login": "minou", "password": PASSWORD})
    for page in ("/", "/queue/", "/people/", "/account/sessions/"):
        assert newcomer.get(page)["Location"] == "/account/factors/totp/"
    wanted = ["staff.invited", "staff.joined"]
    assert [verb for verb in verbs() if verb in wanted] == wanted
    assert not Entry.objects.filter(detail__contains="minou").exists()


def test_only_the_hash_of_the_token_is_kept_and_the_letter_is_sealed(token):
    (kept,) = Invitation.objects.values()
    assert token not in str(kept)
    assert token.encode() not in bytes(StaffLetter.objects.get().sealed)
    assert User.objects.filter(email=NEW).count() == 0


def test_a_link_works_once_and_says_so(token):
    user = accept(token, "minou", "Minou", PASSWORD)
    assert [team.name for team in user.teams.all()] == ["Days"]
    assert user.language == "nl"
    for answer in (Client().get(f"/join/{token}/"), Client().post(f"/join/{token}/", CHOSEN)):
        assert answer.status_code == 410
    with pytest.raises(NotOpen):
        accept(token, "another", "Another", PASSWORD)
    assert User.objects.filter(email=NEW).count() == 1


def test_a_link_that_is_withdrawn_too_old_or_invented_opens_nothing(
    token, administrator, desk_client
):
    assert Client().get("/join/invented/").status_code == 410
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert Client().post(f"/join/{token}/", CHOSEN).status_code == 410
    desk, number = desk_client(administrator), Invitation.objects.get().pk
    desk.post(f"/people/invitations/{number}/withdraw/")
    assert Client().post(f"/join/{token}/", CHOSEN).status_code == 410
    assert verbs()[-1] == "invitation.withdrawn"
    desk.post(f"/people/invitations/{number}/withdraw/")
    assert verbs().count("invitation.withdrawn") == 1
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"again": "another password"},
        {"password": "short", "again": "short"},
        {"password": "minou-minou-minou", "again": "minou-minou-minou", "username": "minou-minou"},
        {"username": "the administrator"},
        {"name": ""},
    ],
)
def test_what_cannot_be_is_said_and_the_link_still_works(token, wrong):
    answer = Client().post(f"/join/{token}/", CHOSEN | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Client().post(f"/join/{token}/", CHOSEN).status_code == 302


@pytest.mark.parametrize("taken", ["minou", "MINOU"])
def test_a_name_that_somebody_has_is_refused_whatever_its_case(token, taken):
    User.objects.add(taken, PASSWORD, Role.LEAD)
    answer = Client().post(f"/join/{token}/", CHOSEN)
    assert answer.status_code == 422
    assert Invitation.objects.get().is_open


@pytest.mark.parametrize("role", sorted(invitations.BY_TWO))
def test_who_may_confirm_acts_of_others_is_let_in_by_two(role, administrator, manager, desk_client):
    desk = desk_client(administrator)
    desk.post("/people/invite/", FORM | {"role": role})
    assert letters() == []
    (asked,) = PendingAct.objects.all()
    assert desk.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 409
    assert letters() == []
    desk_client(manager).post(f"/acts/{asked.pk}/", {"answer": "approve"})
    assert letters()[0][0] == NEW
    assert Invitation.objects.get().by == administrator
    assert NEW not in "".join(Entry.objects.values_list("detail", flat=True))


def test_so_is_who_sees_reported_addresses_and_the_others_are_not():
    assert {Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR} == invitations.CONFIRMS
    assert set(Role) - {Role.EDITOR} == invitations.BY_TWO


@pytest.mark.parametrize("address", ["Admin@aurore.test", "admin+minou@aurore.test"])
def test_nobody_is_invited_to_a_mailbox_that_somebody_here_has(
    administrator, manager, desk_client, address
):
    User.objects.filter(pk=administrator.pk).update(email="admin@aurore.test")
    desk = desk_client(administrator)
    for role in ("campaign editor", "analyst"):
        answer = desk.post("/people/invite/", FORM | {"role": role, "email": address})
        assert answer.status_code == 422
    invite(NEW, Role.ANALYST, None, "fr", administrator)
    User.objects.filter(pk=administrator.pk).update(email=NEW)
    with pytest.raises(CannotBeDone):
        answer_act(PendingAct.objects.get(), invitations.KIND, manager, approve=True)
    assert letters() == [] and not Invitation.objects.exists()


def test_an_answer_that_is_none_is_not_a_refusal(administrator, manager, desk_client):
    invite(NEW, Role.ANALYST, None, "fr", administrator)
    act = PendingAct.objects.get()
    client = desk_client(manager)
    for said in ({}, {"answer": "aprove"}):
        assert client.post(f"/acts/{act.pk}/", said).status_code == 400
    act.refresh_from_db()
    assert act.state == PendingAct.State.WAITING


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_of_three_who_come_with_one_link_one_has_an_account(administrator):
    invite(NEW, Role.EDITOR, None, "fr", administrator)
    token = link_in(letters()[0][2]).split("/")[2]
    done = in_threads([lambda n=n: accept(token, f"minou{n}", "Minou", PASSWORD) for n in range(3)])
    assert sorted(type(one).__name__ for one in done) == ["NotOpen", "NotOpen", "User"]
    assert User.objects.filter(email=NEW).count() == 1
