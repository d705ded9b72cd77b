"""A flood is written like everything else, and costs nobody else their turn."""

import uuid

import pytest

from vigie.intake.models import Letter, Report
from vigie.intake.pressure import CROWD
from vigie.intake.services import More, NewReport, add, receive
from vigie.items import keys
from vigie.items.alarms import DANGERS_OF_A_FLOOD
from vigie.items.models import Alarm, Item
from vigie.worker import loop

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.rest]
FLOOD = uuid.UUID(int=78)
STEPS = dict(loop.OFFICE)


def open_letters() -> None:
    while STEPS["open letters"]():
        pass


def test_who_reports_after_a_flood_is_opened_and_looked_at_before_it(monkeypatch):
    for number in range(200):
        receive(NewReport(where=f"http://n{number}.flood.test/"), FLOOD)
    receive(NewReport(where="http://citizen.test/"))
    STEPS["open letters"]()
    assert Report.objects.filter(flood=None).count() == 1, "in the first round"
    open_letters()
    seen: list[str] = []
    monkeypatch.setattr(loop, "look_at", lambda item: seen.append(keys.opened(item.locator)))
    dict(loop.OUTSIDE)["first looks"]()
    assert seen[0] == "http://citizen.test/"
    assert Report.objects.filter(flood=FLOOD).count() == 200, "nothing is lost"
    assert Item.objects.filter(flood=FLOOD).count() == 200, "no place is hidden in another"


def test_what_somebody_else_reports_too_stands_for_itself():
    for number in range(3):
        receive(NewReport(where=f"http://n{number}.flood.test/"), FLOOD)
    receive(NewReport(where="http://n1.flood.test/"))
    open_letters()
    assert Item.objects.filter(flood=FLOOD).count() == 2
    receive(NewReport(where="http://n1.flood.test/"), FLOOD)
    open_letters()
    assert Item.objects.filter(flood=FLOOD).count() == 2


def test_the_people_on_call_are_told_of_a_flood_once_and_each_danger_is_marked():
    for number in range(40):
        receive(NewReport(where=f"http://n{number}.flood.test/", danger=True), FLOOD)
    receive(NewReport(where="http://citizen.test/", danger=True))
    open_letters()
    assert Report.objects.filter(danger=True).count() == 41
    assert Alarm.objects.count() == DANGERS_OF_A_FLOOD + 1
    assert Item.objects.filter(flood=FLOOD).count() == 40 - DANGERS_OF_A_FLOOD


def test_a_danger_among_many_who_name_one_site_is_never_hidden_in_them():
    crowd = uuid.UUID(int=78, version=CROWD)
    for number in range(20):
        receive(NewReport(where=f"http://n{number}.flood.test/", danger=number > 9), crowd)
    open_letters()
    assert Item.objects.filter(flood=crowd).count() == 10
    assert Alarm.objects.count() == 10


def test_what_is_added_in_a_flood_waits_with_it():
    letter = receive(NewReport(where="http://one.test/"))
    for number in range(30):
        add(letter, More("rest", {"comment": str(number)}), FLOOD)
    receive(NewReport(where="http://citizen.test/"))
    STEPS["open letters"]()
    assert not Letter.objects.filter(flood=None).exists()
    open_letters()
    assert Report.objects.get(letter_id=letter).additions.count() == 30


def test_what_is_added_to_a_report_of_a_flood_keeps_nobody_in_it_waiting():
    """By Tor nothing tells who adds: a thousand pages went round and round before the flood."""
    crowd = uuid.UUID(bytes=b"c" * 16, version=CROWD)
    first = receive(NewReport(where="http://one.crowd.test/"), crowd)
    for number in range(100):
        add(first, More("rest", {"comment": str(number)}))
    receive(NewReport(where="http://citizen.crowd.test/"), crowd)
    for _ in range(3):
        STEPS["open letters"]()
        receive(NewReport(where=f"http://{uuid.uuid4()}.test/"))
    assert Report.objects.filter(flood=crowd).count() == 2, "some of each round is the flood's"
    assert set(Letter.objects.exclude(flood=None).values_list("flood", flat=True)) <= {crowd}
