"""The limits of looking change on the desk by two people, hold at once, and begin with the file."""

import pytest

from vigie.cases.models import Limits
from vigie.cases.welfare import limiting, limits
from vigie.cases.welfare.budget import Budget
from vigie.cases.welfare.manner import Manner
from vigie.journal.models import Entry
from vigie.people.models import PendingAct

pytestmark = pytest.mark.django_db(databases="__all__")
LOOKING = "/policies/looking/"


def form(**more: object) -> dict[str, object]:
    now = {name: value for name, value in limiting.present().items() if value is not False}
    return {**now, "reason": "after the talk with the psychologist", **more}


def test_until_two_people_set_them_the_file_counts(settings):
    file = settings.ORGANISATION
    assert (limits.budget(), limits.demanded()) == (file.budget, file.manner)


def test_one_asks_another_sees_what_changes_and_confirms_and_it_holds_at_once(
    manager, lead, analyst, desk_client
):
    asking, other = desk_client(manager), desk_client(lead)
    wanted = form(pictures_a_day=40, weight_baseline="3.5", weight_national="1", blur="strong",
                  grey="on", calm_every=6, warn_percent=70)  # fmt: skip
    assert asking.post(LOOKING, wanted)["Location"] == "/acts/"
    (asked,) = PendingAct.objects.all()
    (shown,) = other.get("/acts/").context["waiting"]
    before_after = {(one.before, one.after) for one in shown.shown["changes"]}
    assert len(shown.shown["changes"]) == 7
    assert {("80", "40"), ("2", "3.5"), ("1.5", "1"), ("12", "6"), ("80", "70")} <= before_after
    assert asking.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 409
    assert limits.budget().pictures_a_day == 80
    other.post(f"/acts/{asked.pk}/", {"answer": "approve"})
    assert limits.budget() == Budget(40, 60, 25, 10, 0.7, {"baseline": 3.5})
    assert limits.demanded() == Manner("strong", grey=True, calm_every=6)
    assert "40 images" in desk_client(analyst).get("/queue/care/").content.decode()
    line = Entry.objects.get(verb="limits.set")
    assert line.actor == lead.actor and '"pictures_a_day":40' in line.detail


def test_what_was_set_last_counts_and_the_page_begins_with_it(manager, lead, desk_client):
    asking, other = desk_client(lead), desk_client(manager)
    for pictures in (50, 30):
        asking.post(LOOKING, form(pictures_a_day=pictures))
        asked = PendingAct.objects.latest("pk")
        other.post(f"/acts/{asked.pk}/", {"answer": "approve"})
    assert Limits.objects.count() == 2
    assert limits.budget().pictures_a_day == 30
    assert asking.get(LOOKING).context["form"].initial == limiting.present()


@pytest.mark.parametrize(
    "wrong",
    [{"pictures_a_day": 0}, {"minutes_a_day": ""}, {"stretch_minutes": "long"},
     {"break_minutes": -1}, {"warn_percent": 101}, {"weight_baseline": "0.5"},
     {"weight_baseline": "nan"}, {"blur": "none"}, {"reason": ""}, {"calm_every": 9999}],
)  # fmt: skip
def test_limits_that_protect_nobody_are_not_asked_for(manager, desk_client, wrong):
    assert desk_client(manager).post(LOOKING, form(**wrong)).status_code == 422
    assert not PendingAct.objects.exists()
