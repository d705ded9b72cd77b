"""An account ends: of whoever confirms acts of others by two, and never by the person."""

import pytest

from vigie.people.models import PendingAct
from vigie.people.tests.support import verbs
from vigie.staff.models import User
from vigie.staff.permissions import Role

pytestmark = pytest.mark.django_db(databases="__all__")


def end(client, user: User, **more: str):
    return client.post(f"/people/{user.pk}/leave/", {"sure": "on", **more})


def is_here(user: User) -> bool:
    user.refresh_from_db()
    return user.is_active


def test_who_confirms_nothing_is_let_go_by_one(analyst, administrator, desk_client):
    end(desk_client(administrator), analyst)
    assert not is_here(analyst) and not PendingAct.objects.exists()


def test_who_confirms_is_let_go_by_two_of_whom_the_person_is_none(
    lead, manager, administrator, desk_client
):
    client = desk_client(administrator)
    end(client, lead)
    assert not PendingAct.objects.exists(), "the second person has to know why"
    end(client, lead, reason="goes to another house")
    (act,) = PendingAct.objects.all()
    assert client.post(f"/acts/{act.pk}/", {"answer": "approve"}).status_code == 409
    assert desk_client(lead).post(f"/acts/{act.pk}/", {"answer": "refuse"}).status_code == 409
    assert is_here(lead)
    reader = desk_client(manager)
    assert "goes to another house" in reader.get("/acts/").content.decode()
    reader.post(f"/acts/{act.pk}/", {"answer": "approve"})
    assert not is_here(lead)
    wanted = ["act.asked", "staff.left", "act.answered"]
    assert [verb for verb in verbs() if verb in wanted] == wanted


def test_where_nobody_else_could_confirm_one_is_enough(lead, administrator, desk_client):
    end(desk_client(administrator), lead)
    assert not is_here(lead)


def test_nobody_ends_their_own(administrator, manager, desk_client):
    User.objects.add("another administrator", "!", Role.ADMINISTRATOR)
    end(desk_client(administrator), administrator, reason="leaves us")
    assert is_here(administrator) and not PendingAct.objects.exists()
