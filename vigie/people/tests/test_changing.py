"""Another role or mail address: by two where a role confirms, never for oneself, and told."""

import pytest
from django.test import Client

from conftest import person
from vigie.journal.models import Entry
from vigie.people.changing import KIND, change
from vigie.people.four_eyes import CannotBeDone, SamePerson, TooLate, answer
from vigie.people.leaving import leave
from vigie.people.models import PendingAct
from vigie.people.tests.support import letters, verbs
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")
OLD, NEW = "editor@aurore.test", "elsewhere@aurore.test"


@pytest.fixture
def colleague(db) -> User:
    """An editor: confirms nothing, and sees no reported address."""
    user = person(Role.EDITOR)
    User.objects.filter(pk=user.pk).update(email=OLD, language="en")
    user.refresh_from_db()
    return user


def form(role: Role = Role.EDITOR, email: str = OLD, reason: str = "") -> dict[str, str]:
    return {"account-role": role, "account-email": email, "account-reason": reason}


def test_an_address_changes_by_one_sessions_end_and_both_addresses_are_told(
    colleague, administrator, desk_client
):
    theirs = Client()
    theirs.force_login(colleague)
    client, path = desk_client(administrator), f"/people/{colleague.pk}/account/"
    assert client.post(path, form(email=NEW))["Location"] == f"/people/{colleague.pk}/"
    colleague.refresh_from_db()
    assert (colleague.email, colleague.role) == (NEW, Role.EDITOR)
    assert theirs.get("/journal/")["Location"].startswith("/account/login/")
    assert [to for to, _s, _t in letters()] == [OLD, NEW]
    assert not any(address in text for address in (OLD, NEW) for _to, _s, text in letters())
    (line,) = Entry.objects.filter(verb="staff.changed")
    assert NEW not in line.detail and '"mail":true' in line.detail
    assert not PendingAct.objects.exists()


@pytest.mark.parametrize("role", [Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR, Role.ANALYST])
def test_to_a_role_that_confirms_or_sees_addresses_it_takes_two_and_the_person_is_neither(
    colleague, administrator, lead, desk_client, role
):
    asking, other = desk_client(administrator), desk_client(lead)
    path = f"/people/{colleague.pk}/account/"
    assert asking.post(path, form(role)).status_code == 422, "the second person has to know why"
    asking.post(path, form(role, NEW, "follows somebody who leaves"))
    (asked,) = PendingAct.objects.all()
    assert NEW in other.get("/acts/").content.decode()
    assert asking.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 409
    colleague.refresh_from_db()
    assert (colleague.role, colleague.email) == (Role.EDITOR, OLD)
    other.post(f"/acts/{asked.pk}/", {"answer": "approve"})
    colleague.refresh_from_db()
    assert (colleague.role, colleague.email) == (role, NEW)
    assert [to for to, _s, _t in letters()] == [OLD, NEW] * 2, "when it is asked, and when done"
    assert f"Role: campaign editor → {role}" in letters()[2][2]
    wanted = ["act.asked", "sessions.ended", "staff.changed", "act.answered"]
    assert [verb for verb in verbs() if verb in wanted] == wanted
    asked.refresh_from_db()
    said = "".join(Entry.objects.values_list("detail", flat=True))
    assert NEW not in asked.text + said, "the address is kept in one place"


def test_a_role_that_confirms_is_not_taken_away_by_one(lead, administrator, manager):
    asked = change(lead, Role.ANALYST, "lead@aurore.test", "r", administrator)
    lead.refresh_from_db()
    assert asked and lead.role == Role.LEAD
    with pytest.raises(SamePerson):
        answer(asked, KIND, lead, approve=False)
    answer(asked, KIND, manager, approve=True)
    lead.refresh_from_db()
    assert lead.role == Role.ANALYST


def test_nobody_changes_their_own_account_or_that_of_somebody_who_left(
    colleague, administrator, lead, desk_client
):
    client = desk_client(administrator)
    own = f"/people/{administrator.pk}/account/"
    assert client.post(own, form(Role.LEAD, NEW, "r")).status_code == 422
    path = f"/people/{colleague.pk}/account/"
    assert client.post(path, form()).status_code == 422, "nothing would change"
    asked = change(colleague, Role.LEAD, OLD, "r", administrator)
    leave(colleague, administrator)
    with pytest.raises(CannotBeDone):
        answer(asked, KIND, lead, approve=True)
    assert client.post(path, form(Role.LIAISON)).status_code == 422
    colleague.refresh_from_db()
    assert colleague.role == Role.EDITOR


def test_while_a_change_waits_no_other_of_theirs_is_asked(colleague, administrator, lead):
    first = change(colleague, Role.LEAD, OLD, "r", administrator)
    with pytest.raises(CannotBeDone):
        change(colleague, Role.MANAGER, OLD, "r", administrator)
    answer(first, KIND, lead, approve=False)
    second = change(colleague, Role.MANAGER, OLD, "r", administrator)
    User.objects.filter(pk=colleague.pk).update(role=Role.ANALYST)
    with pytest.raises(CannotBeDone):
        answer(second, KIND, lead, approve=True)
    colleague.refresh_from_db()
    assert colleague.role == Role.ANALYST, "it is another role than the one that was asked about"


def test_what_somebody_asked_dies_with_the_role_that_let_them_ask(
    colleague, administrator, manager
):
    other = User.objects.add("another administrator", "!", Role.ADMINISTRATOR)
    asked = change(colleague, Role.LEAD, OLD, "r", other)
    answer(change(other, Role.ANALYST, NEW, "r", administrator), KIND, manager, approve=True)
    other.refresh_from_db()
    with pytest.raises(TooLate):
        answer(asked, KIND, manager, approve=True)


def test_only_an_administrator_asks(colleague, lead, desk_client):
    assert desk_client(lead).post(f"/people/{colleague.pk}/account/", form()).status_code == 403
    page = desk_client(person(Role.MANAGER)).get(f"/people/{colleague.pk}/").content.decode()
    assert "account-role" not in page
