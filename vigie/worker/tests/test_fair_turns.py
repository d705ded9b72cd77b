"""Whose turn it is for a look: nobody who reports thousands of places keeps the others waiting."""

from collections.abc import Iterable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.environment import THOROUGH
from vigie.intake.models import Letter
from vigie.intake.services import NewReport, receive
from vigie.items import keys
from vigie.items.models import Item
from vigie.items.selectors import waiting_for_look
from vigie.items.services import open_letter
from vigie.lib import clock
from vigie.worker import loop

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
MANY = 5_000 if THOROUGH else 1_000


def reported(places: Iterable[str]) -> None:
    receive(NewReport(where="\n".join(places)))
    open_letter(Letter.objects.get())


@pytest.fixture
def looked(monkeypatch) -> list[str]:
    """The places in the order in which the worker's own lane takes them; nothing is visited."""
    seen: list[str] = []
    monkeypatch.setattr(loop, "look_at", lambda item: seen.append(keys.opened(item.locator)))
    return seen


def first_looks(rounds: int = 1) -> None:
    step = dict(loop.OUTSIDE)["first looks"]
    for _ in range(rounds):
        step()


def test_single_reports_after_one_of_thousands_are_looked_at_within_the_next_few(looked):
    reported(f"http://fast.test/{number}" for number in range(MANY))
    due = waiting_for_look().filter(due_at__lte=clock.now())
    assert due.count() == MANY, "when nobody else waits, none of them waits"
    first_looks()
    singles = {"http://fast.test/single", "http://other.test/single"}
    for single in singles:
        reported([single])
    first_looks(2)
    assert singles < set(looked)
    assert due.count() == MANY + 2 - 3 * loop.FEW


def test_hundreds_of_hosts_in_one_report_do_not_keep_one_with_three_pages_waiting(looked):
    reported(f"http://{number}.test/" for number in range(300))
    three = [f"http://small.test/{number}" for number in range(3)]
    reported(three)
    first_looks(5)
    assert set(three) < set(looked)


def test_however_many_reports_name_one_host_others_have_their_share(looked):
    for number in range(20):
        reported([f"http://slow.test/{number}"])
    reported(f"http://other.test/{number}" for number in range(3))
    first_looks(3)
    assert len([place for place in looked if "other" in place]) == 3


def test_a_place_that_waits_is_brought_forward_when_reported_again(looked):
    reported(f"http://fast.test/{number}" for number in range(100))
    reported(["http://fast.test/99", "http://fast.test/98"])
    first_looks(2)
    assert {"http://fast.test/99", "http://fast.test/98"} < set(looked)
    first_looks(25)
    assert len(looked) == len(set(looked)) == 100, "and each is looked at once"


def test_who_reports_a_waiting_place_among_many_others_does_not_send_it_back(looked):
    reported(["http://a.test/1", "http://a.test/2"])
    before = list(Item.objects.order_by("pk").values_list("turn_at", flat=True))
    reported([*(f"http://b.test/{number}" for number in range(50)), "http://a.test/1"])
    assert list(Item.objects.order_by("pk").values_list("turn_at", flat=True)[:2]) == before


def test_many_known_places_cost_few_statements():
    cost = {}
    for lines in (5, 300):
        places = [f"http://{lines}.test/{number}" for number in range(lines)]
        reported(places)
        with CaptureQueriesContext(connection) as queries:
            reported(places)
        cost[lines] = len(queries)
    assert cost[300] - cost[5] < 15
