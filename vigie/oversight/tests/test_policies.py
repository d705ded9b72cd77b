"""A policy changes on the desk only when a second person confirms."""

import pytest

from vigie.dispatch.changing import present
from vigie.dispatch.models import Rule
from vigie.journal.models import Entry
from vigie.keeping import changing as retention
from vigie.keeping.models import KeepingRule
from vigie.keeping.policy import POLICIES, load_retention
from vigie.people.models import PendingAct

pytestmark = pytest.mark.django_db(databases="__all__")
JURISDICTION, RETENTION = "/policies/jurisdiction/", "/policies/retention/"


def proposal(**more: str) -> dict[str, str]:
    return {"reason": "the convention of 2026", **more}


def test_the_present_text_is_one_that_could_be_loaded_and_changes_nothing(
    policy, lead, manager, desk_client
):
    before = list(Rule.objects.filter(active=True).order_by("country").values())
    _version, text = present()
    desk_client(lead).post(JURISDICTION, proposal(text=text))
    (asked,) = PendingAct.objects.all()
    other = desk_client(manager)
    (shown,) = other.get("/acts/").context["waiting"]
    assert shown.shown == {"changes": []}
    other.post(f"/acts/{asked.pk}/", {"answer": "approve"})
    after = list(Rule.objects.filter(active=True).order_by("country").values())
    assert [row | {"id": 0} for row in after] == [row | {"id": 0} for row in before]


def test_a_gate_is_lifted_by_two_people_and_the_second_sees_what_changes(
    policy, lead, manager, desk_client
):
    text = present()[1].replace('gate = "magistrate"\n', "").replace("2026-11", "2026-12")
    asking, other = desk_client(lead), desk_client(manager)
    asking.post(JURISDICTION, proposal(text=text))
    (asked,) = PendingAct.objects.all()
    belgium = Rule.objects.filter(active=True, country="BE")
    assert asking.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 409
    assert belgium.get().gate == "magistrate"
    assert "<del>magistrate</del>" in other.get("/acts/").content.decode()
    other.post(f"/acts/{asked.pk}/", {"answer": "approve"})
    assert belgium.get().gate == ""
    loaded = Entry.objects.filter(verb="policy.loaded").first()
    assert (loaded.actor, "2026-12" in loaded.detail) == (manager.actor, True)


@pytest.mark.parametrize(
    "wrong",
    [
        ("police@police-be.test", "elsewhere@aurore.test"),  # a mailbox of one's own
        ("police-be.asc", "another.asc"),
        ('told = "police"', 'told = "nobody"'),
        ("[[rule]]", "[[rule"),
    ],
)
def test_what_is_no_policy_or_leads_elsewhere_is_not_even_asked(policy, lead, desk_client, wrong):
    text = present()[1].replace(*wrong)
    answer = desk_client(lead).post(JURISDICTION, proposal(text=text))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not PendingAct.objects.exists()


def test_retention_changes_by_two_people_too(lead, manager, desk_client):
    load_retention(POLICIES / "demo.toml", "tests")
    text = retention.present()[1].replace("days = 180", "days = 30")
    desk_client(manager).post(RETENTION, proposal(text=text))
    (asked,) = PendingAct.objects.all()
    words = KeepingRule.objects.filter(active=True, kind="words")
    assert words.get().days == 180
    desk_client(lead).post(f"/acts/{asked.pk}/", {"answer": "approve"})
    assert words.get().days == 30


def test_what_no_longer_fits_when_it_is_confirmed_changes_nothing(
    policy, lead, manager, desk_client
):
    text = present()[1].replace('gate = "magistrate"\n', "")
    desk_client(lead).post(JURISDICTION, proposal(text=text))
    (asked,) = PendingAct.objects.all()
    PendingAct.objects.update(text=text.replace("police@police-be.test", "new@aurore.test"))
    client = desk_client(manager)
    assert client.get("/acts/").status_code == 200
    assert client.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 409
    asked.refresh_from_db()
    assert asked.state == "waiting"
    assert Rule.objects.get(active=True, country="BE").gate == "magistrate"


def test_there_is_no_other_policy(lead, desk_client):
    client = desk_client(lead)
    assert client.get("/policies/").status_code == 200
    assert client.get("/policies/routing/").status_code == 404
