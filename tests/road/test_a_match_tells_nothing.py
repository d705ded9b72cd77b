"""That a picture is on a list shows nowhere outside: not on a receipt, in a figure, on a page.

Two worlds, alike in all they are told and in every draw: in one a trusted list holds the picture.
"""

import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import transaction

from tests.factories import a_look, an_item, sha256_of
from vigie.cases.deciding.by_policy import confirm_known
from vigie.dispatch.services import plan_referrals
from vigie.figures.models import PublishedFigures
from vigie.figures.services import publish_if_due
from vigie.intake.receipts import mint
from vigie.intake.selectors import shown_receipt
from vigie.items import receipts
from vigie.items.flow import State
from vigie.items.models import ReceiptCourse
from vigie.lib.work import work_off
from vigie.matching.lists.tests.support import loaded
from vigie.matching.models import HashList

pytestmark = pytest.mark.django_db(databases="__all__")
BEGUN = datetime(2026, 11, 25, 15, 20, tzinfo=UTC)
PLACE = "http://192.0.2.10/one.jpg"
WORDS = mint("fr")
WEEKS = 6


def world(*, listed: bool, tmp_path, monkeypatch, client) -> list[object]:
    """What anybody can see, day after day."""
    source = random.Random(7)
    monkeypatch.setattr(receipts, "secrets", SimpleNamespace(randbelow=source.randrange))
    with transaction.atomic(), transaction.atomic(using="front"):
        seen = _watched(listed, tmp_path, client)
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="front")
    return seen


def _watched(listed: bool, tmp_path, client) -> list[object]:
    held = PLACE if listed else "http://192.0.2.10/another.jpg"
    with time_machine.travel(BEGUN, tick=False):
        loaded(tmp_path, "csv", f"sha256,classification\n{sha256_of(held)},baseline\n")
        HashList.objects.update(may_confirm=True)
        item = an_item("http://galerie.nord.test/a/x", receipt=WORDS)
        a_look(item, [PLACE])
        assert confirm_known() == int(listed)
        plan_referrals()
    item.refresh_from_db()
    assert item.state == (State.CONFIRMED if listed else State.TO_ASSESS)
    return [_on(BEGUN + timedelta(days=day), client) for day in range(7 * WEEKS)]


def _on(moment: datetime, client) -> tuple[object, ...]:
    with time_machine.travel(moment, tick=False):
        courses = ReceiptCourse.objects.all()
        work_off(courses, receipts.advance, lease_seconds=60, retry_seconds=30)
        publish_if_due()
        shown = shown_receipt(WORDS)
        page = client.post("/en/receipt/", {"words": WORDS}).content
        figures = list(PublishedFigures.objects.order_by("week").values_list("week", "values"))
    return shown and (shown.course, shown.week, shown.outcome), page, figures


def test_both_worlds_look_the_same_for_weeks(tmp_path, monkeypatch, policy, public_client):
    how = {"tmp_path": tmp_path, "monkeypatch": monkeypatch, "client": public_client}
    known, new = world(listed=True, **how), world(listed=False, **how)
    assert known == new
    courses = {shown[0] for shown, _, _ in known}
    assert courses == {"received", "in_hand"}, "something was to be seen"
    assert len(known[-1][2]) >= WEEKS


@pytest.mark.pure
def test_the_public_program_has_no_list_no_index_and_no_key(settings):
    public = {*settings.SHARED_APPS, *settings.CAMPAIGN_APPS}
    assert not public & {"vigie.matching", "vigie.tracing", "vigie.cases"}
