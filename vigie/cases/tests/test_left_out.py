"""A report that names more places than become items: the analyst is told, and nothing is lost."""

import json

import pytest

from tests.environment import PASSPHRASE
from vigie.intake.models import Report
from vigie.items import locators
from vigie.journal.models import Entry
from vigie.lib.seal import new_identity, unseal
from vigie.staff.models import User

pytestmark = pytest.mark.django_db(databases="__all__")
TOLD = "A report names more places than become items. Left out, at least: 3."


@pytest.fixture
def analyst(analyst: User) -> User:
    User.objects.filter(pk=analyst.pk).update(language="en")
    analyst.refresh_from_db()
    return analyst


def test_the_page_of_each_item_and_the_journal_say_how_many_were_left_out(
    report_of, desk_client, analyst, monkeypatch, settings
):
    monkeypatch.setattr(locators, "MOST", 4)
    operators, settings.OPERATORS_RECIPIENT = new_identity()
    where = "\n".join(f"http://a.test/{number}" for number in range(7))
    items = report_of(where)
    client = desk_client(analyst)
    for item in items:
        assert TOLD in client.get(f"/queue/items/{item.pk}/").content.decode()
    (line,) = Entry.objects.filter(verb="report.opened")
    assert json.loads(line.detail) == {"items": 4, "left_out": 3}
    assert json.loads(unseal(operators, bytes(Report.objects.get().words)))["where"] == where


def test_the_page_of_what_was_written_says_it_of_the_report_that_did(
    report_of, desk_client, analyst, monkeypatch
):
    monkeypatch.setattr(locators, "MOST", 4)
    item = report_of("\n".join(f"http://a.test/{number}" for number in range(7)))[0]
    report_of("http://a.test/0")
    client, path = desk_client(analyst), f"/queue/items/{item.pk}/words/"
    client.post(path, {"passphrase": PASSPHRASE})
    assert client.get(path).content.decode().count(TOLD) == 1


def test_of_a_report_that_became_items_whole_nothing_is_said(report_of, desk_client, analyst):
    (item,) = report_of("http://a.test/1")
    page = desk_client(analyst).get(f"/queue/items/{item.pk}/").content.decode()
    assert "Left out" not in page
    assert json.loads(Entry.objects.get(verb="report.opened").detail) == {"items": 1}
