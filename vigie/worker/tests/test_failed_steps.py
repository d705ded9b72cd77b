"""Nothing fails silently: steps that fail as a whole, plans that fail for one item, killers."""

import pytest
from django.db import OperationalError

from tests.factories import a_confirmed_item
from vigie.dispatch import services
from vigie.dispatch.models import Referral
from vigie.dispatch.policy import POLICIES, load_policy
from vigie.items.models import Item, ReceiptCourse
from vigie.lib import clock
from vigie.worker import loop, troubles
from vigie.worker.loop import one_round
from vigie.worker.models import FailedStep

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def page(desk_client, lead):
    type(lead).objects.filter(pk=lead.pk).update(language="en")
    lead.refresh_from_db()
    client = desk_client(lead)
    return lambda: client.get("/failures/").content.decode()


def falls() -> int:
    raise ValueError("ocelot-7c1f")


def test_a_step_that_fails_is_on_the_page_until_it_succeeds(page):
    assert "Nothing has failed" in page()
    one_round([("figures", falls)])
    since = FailedStep.objects.get().since
    one_round([("figures", falls), ("receipts", lambda: 0)])
    assert FailedStep.objects.get().since == since
    assert "figures" in page() and "ValueError" in page() and "ocelot" not in page()
    one_round([("figures", lambda: 0)])
    assert not FailedStep.objects.exists()
    assert "Nothing has failed" in page()


def test_a_step_that_goes_on_failing_writes_once_and_another_error_again(
    django_assert_num_queries,
):
    def falls_otherwise() -> int:
        raise KeyError

    one_round([("figures", falls)])
    with django_assert_num_queries(2):
        one_round([("figures", falls)])
    one_round([("figures", falls_otherwise)])
    assert FailedStep.objects.get().error == "KeyError"


def test_a_database_that_is_away_while_a_step_fails_stops_nothing(monkeypatch):
    def away(*args: object, **more: object) -> None:
        raise OperationalError

    monkeypatch.setattr(troubles, "close_old_connections", lambda: None)
    for method in ("filter", "values_list", "update_or_create"):
        monkeypatch.setattr(FailedStep.objects, method, away)
    assert one_round([("figures", falls), ("receipts", lambda: 3)]) == 3


def test_without_a_policy_each_confirmed_item_says_so_and_is_referred_once_there_is_one(page):
    items = [a_confirmed_item(f"http://a.test/{number}") for number in range(2)]
    assert one_round([("plan referrals", services.plan_referrals)]) == 0
    assert page().count("vigie.dispatch.policy.NoPolicy") == 2
    load_policy(POLICIES / "demo.toml", "tests")
    assert one_round([("plan referrals", services.plan_referrals)]) == 2
    assert Referral.objects.count() == len(items)
    assert "Nothing has failed" in page()


def test_an_item_whose_plan_fails_stops_no_other_and_writes_once(policy, monkeypatch, page):
    bad, good = (a_confirmed_item(f"http://a.test/{number}") for number in range(2))
    found = services.latest_hosting

    def fails_for_one(item: Item) -> object:
        if item.pk == bad.pk:
            raise LookupError("no such hosting")
        return found(item)

    monkeypatch.setattr(services, "latest_hosting", fails_for_one)
    assert services.plan_referrals() == 1
    assert Referral.objects.get().item == good
    assert "LookupError" in page()
    before = Item.objects.values().get(pk=bad.pk)
    assert services.plan_referrals() == 0
    assert Item.objects.values().get(pk=bad.pk) == before


def test_items_whose_plans_fail_never_fill_the_whole_round(policy, monkeypatch):
    items = [a_confirmed_item(f"http://a.test/{number}") for number in range(3)]
    Item.objects.exclude(pk=items[2].pk).update(last_error="LookupError", attempts=1)
    monkeypatch.setattr(services, "plan_each", lambda rows, plan: list(rows))
    assert services.plan_referrals()[0] == items[2]


def test_a_row_that_kills_the_worker_each_time_is_on_the_page(page):
    row = ReceiptCourse.objects.create(hash=b"1" * 32, due_at=clock.now(), attempts=2)
    assert "Nothing has failed" in page()
    ReceiptCourse.objects.filter(pk=row.pk).update(attempts=3)
    assert "The worker ended in the middle of it, each time." in page()


def test_an_item_that_moved_on_leaves_its_error_behind(policy, analyst):
    item = a_confirmed_item("http://a.test/1")
    Item.objects.update(last_error="LookupError", attempts=1)
    services.plan_referrals()
    services.move_item(Item.objects.get(), services.Move.REFER, "worker")
    assert Item.objects.get(pk=item.pk).last_error == ""


def test_every_step_of_the_worker_has_a_name_of_its_own():
    names = [name for name, _ in (*loop.OFFICE, *loop.OUTSIDE, *loop.CAMPAIGN)]
    assert len(names) == len(set(names))
    assert max(len(name) for name in names) <= 60
