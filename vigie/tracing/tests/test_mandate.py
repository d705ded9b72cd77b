"""Outside the sandbox nothing is fetched until the operator's mandate is recorded.

"Nothing" is counted at the far side: a real site, name server and registry that nobody asked.
"""

import pytest
from django.core.management import call_command

from tests.factories import looked
from vigie.cases.deciding.services import view_picture
from vigie.items.flow import State
from vigie.items.services import set_due
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.sandbox.pictures import picture
from vigie.tracing.egress import may_fetch
from vigie.tracing.models import Hosting, Mandate
from vigie.worker.loop import OUTSIDE, one_round

pytestmark = pytest.mark.django_db(databases="__all__")
RECORD = ["mandate", "record", "--basis", "the law", "--reference", "A-1", "--egress", "line 2"]


@pytest.fixture
def production(outside, settings):
    """The same outside world; but the settings no longer say that it is only played."""
    outside.site.album("/album", picture("cat", "jpg"))
    settings.SANDBOX = False
    return outside


def _lines() -> list[tuple[str, str, str]]:
    found = Entry.objects.filter(verb__startswith="mandate.").order_by("seq")
    return list(found.values_list("verb", "actor", "subject"))


def test_without_a_mandate_nobody_outside_is_asked_and_the_item_goes_to_the_people(
    production, report_of
):
    (item,) = report_of(production.site.url("/album"))
    look = looked(item)
    assert (look.outcome, item.state) == ("no_mandate", State.TO_ASSESS)
    assert production.site.asked == []
    assert not Hosting.objects.exists(), "the registry was not asked either"


def test_a_recorded_mandate_opens_fetching_and_one_withdrawn_closes_it_at_once(
    production, report_of, analyst, capsys
):
    (item,) = report_of(production.site.url("/album"))
    call_command(*RECORD)
    look = looked(item)
    assert (look.outcome, len(production.site.asked)) == ("ok", 2)
    call_command("mandate", "withdraw")
    assert (
        capsys.readouterr().out == "Recorded. Fetching is on for web addresses.\nFetching is off.\n"
    )
    assert looked(item).outcome == "no_mandate"
    assert view_picture(item, look.media.get(), analyst)[0].outcome == "no_mandate"
    assert len(production.site.asked) == 2, "neither the look nor the viewer went out again"
    mandate = Mandate.objects.get()
    assert mandate.withdrawn_at is not None
    assert _lines() == [
        ("mandate.recorded", "command line", f"mandate:{mandate.pk}"),
        ("mandate.withdrawn", "command line", f"mandate:{mandate.pk}"),
    ]


def test_the_watch_does_not_go_out_without_a_mandate_either(production, report_of):
    (item,) = report_of(production.site.url("/album"))
    type(item).objects.filter(pk=item.pk).update(state=State.NOTIFIED, classification="baseline")
    set_due(item, clock.now())
    one_round(OUTSIDE)
    assert production.site.asked == []


def test_withdrawing_ends_every_mandate_and_a_new_one_opens_again(production):
    for _ in range(2):
        call_command(*RECORD)
    call_command("mandate", "withdraw")
    assert not may_fetch()
    call_command("mandate", "withdraw")
    assert [verb for verb, _, _ in _lines()].count("mandate.withdrawn") == 2
    call_command(*RECORD)
    assert may_fetch()


def test_the_administrator_records_and_withdraws_on_the_desk(
    production, desk_client, administrator
):
    client = desk_client(administrator)
    assert client.post("/mandate/", {"basis": "the law"}).status_code == 422
    assert not may_fetch()
    words = {"basis": "the law", "reference": "A-1", "egress": "line 2"}
    assert client.post("/mandate/", words).status_code == 302
    assert may_fetch()
    mandate = Mandate.objects.get()
    assert (mandate.basis, mandate.egress, mandate.recorded_by) == (
        "the law", "line 2", administrator.actor,
    )  # fmt: skip
    assert client.post("/mandate/withdraw/").status_code == 302
    assert not may_fetch()
    assert [(verb, by) for verb, by, _ in _lines()] == [
        ("mandate.recorded", administrator.actor),
        ("mandate.withdrawn", administrator.actor),
    ]
