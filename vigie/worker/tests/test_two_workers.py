"""Two workers at once over one road: each step is done once, and one that fails stops no other.

What was done is counted where it arrives: the site's requests, the police's mailbox, the journal.
"""

from collections import Counter
from functools import partial

import pytest

from tests.databases import in_threads
from tests.factories import looked
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.models import Classification
from vigie.dispatch.models import Notice, Referral
from vigie.intake.models import Letter, Report
from vigie.intake.services import NewReport, receive
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.chain import faults
from vigie.journal.heads import lines
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.tracing.models import Look
from vigie.worker.loop import OFFICE, OUTSIDE, one_round

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
MANY = 30


def _until_nothing_is_due() -> None:
    while one_round():
        pass


def _told() -> Counter[str]:
    return Counter(Entry.objects.values_list("verb", flat=True))


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_take_thirty_reports_to_the_police_and_do_nothing_twice(
    outside, policy, analyst, settings, tmp_path
):
    settings.JOURNAL_HEADS = tmp_path / "heads.jsonl"
    for n in range(MANY):
        receive(NewReport(where=outside.site.url(f"/{n}")))
    assert in_threads([_until_nothing_is_due] * 2) == [None, None]
    assert sorted(outside.site.asked) == sorted(f"/{n}" for n in range(MANY))
    assert (Letter.objects.count(), Report.objects.count()) == (0, MANY)
    for item in Item.objects.all():
        assert item.state == State.TO_ASSESS
        assess(item, analyst, Decision(Classification.BASELINE, item.looks.get().pk, "as told"))

    assert in_threads([_until_nothing_is_due] * 2) == [None, None]
    assert set(Item.objects.values_list("state", flat=True)) == {State.REFERRED}
    assert (Look.objects.count(), Referral.objects.count()) == (MANY, MANY)
    packs = outside.mail("police@police-be.test")
    assert len(packs) == MANY
    told = _told()
    once = ["report.opened", "item.joined", "item.looked_at", "item.traced"]
    for verb in [*once, "referral.planned", "referral.sent"]:
        assert told[verb] == MANY, verb
    assert told["item.moved"] == 3 * MANY, "looked at, confirmed, referred"
    assert told["figures.published"] == 1
    assert not list(faults(lines(), {}))


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_two_workers_send_each_approved_notice_once(outside, policy, report_of, analyst, settings,
                                                    tmp_path):  # fmt: skip
    """In the "Netherlands" the hotline writes to the host itself."""
    settings.JOURNAL_HEADS = tmp_path / "heads.jsonl"
    where = "\n".join(f"http://beeld.polder.test/missing/{n}" for n in range(10))
    for item in report_of(where):
        assess(item, analyst, Decision(Classification.BASELINE, looked(item).pk, "as told"))
    assert in_threads([_until_nothing_is_due] * 2) == [None, None]
    waiting = Notice.objects.filter(step=Notice.Step.WAITING)
    assert waiting.update(step=Notice.Step.READY, due_at=clock.now()) == 10
    assert in_threads([_until_nothing_is_due] * 2) == [None, None]
    assert len(outside.mail("abuse@polder.test")) == 10
    assert _told()["notice.sent"] == 10


def _spoil(item: Item) -> None:
    """Its locator can no longer be opened: every step that needs it fails."""
    Item.objects.filter(pk=item.pk).update(locator=b"not sealed to anybody")


def test_an_item_that_fails_is_put_off_and_blocks_no_other(
    outside, report_of, desk_client, lead, settings
):
    settings.RETRY_SECONDS = 30
    items = report_of("\n".join(outside.site.url(f"/{n}") for n in range(3)))
    _spoil(items[0])
    assert one_round(OUTSIDE) == 3
    states = dict(Item.objects.values_list("pk", "state"))
    assert [states[item.pk] for item in items] == [State.NEW, State.TO_ASSESS, State.TO_ASSESS]
    items[0].refresh_from_db()
    assert items[0].last_error == "vigie.lib.seal.Unsealable"
    assert items[0].due_at > clock.now()
    assert (items[0].attempts, items[0].lease_by) == (1, "")
    assert one_round(OUTSIDE) == 0, "it waits for its time"
    page = desk_client(lead).get("/failures/").content.decode()
    assert "Unsealable" in page


def test_a_letter_that_cannot_be_opened_stays_and_blocks_no_other(report_of, outside):
    receive(NewReport(where="Telegram @one"))
    Letter.objects.update(where=b"not sealed to anybody")
    receive(NewReport(where="Telegram @two"))
    one_round(OFFICE)
    assert Item.objects.count() == 1
    assert Letter.objects.get().last_error == "vigie.lib.seal.Unsealable"


def test_mail_that_cannot_leave_is_tried_again_and_its_item_has_not_moved(
    outside, policy, report_of, analyst, settings
):
    (item,) = report_of(outside.site.url("/1"))
    assess(item, analyst, Decision(Classification.BASELINE, looked(item).pk, "as told"))
    reached, settings.SMTP_URL = settings.SMTP_URL, "smtp://127.0.0.1:1"
    one_round(OFFICE)
    item.refresh_from_db()
    referral = Referral.objects.get()
    assert (item.state, referral.step, referral.sent_at) == (State.CONFIRMED, "planned", None)
    assert referral.last_error
    settings.SMTP_URL = reached
    Referral.objects.update(due_at=clock.now())
    one_round(OFFICE)
    item.refresh_from_db()
    assert item.state == State.REFERRED
    assert len(outside.mail("police@police-be.test")) == 1


def test_a_step_that_cannot_even_ask_stops_no_other(caplog):
    def falls() -> int:
        raise ValueError("ocelot-7c1f")

    steps = [("first", falls), ("second", partial(int, 2)), ("third", falls)]
    assert one_round(steps) == 2
    assert "ocelot" not in caplog.text
    assert caplog.text.count("ValueError") == 2
