"""A flood is told from a crowd, without anything being kept of who sends."""

import gc
import uuid

import pytest

from config.wsgi import without_sender
from vigie.intake import pressure
from vigie.intake.models import Letter
from vigie.intake.pressure import FROM_ONE_DIRECTION, MOST_KEPT, OF_ONE_SITE, WINDOW, Pressure


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def measured(clock: Clock) -> Pressure:
    return Pressure(clock)


def sent(measured: Pressure, address: str, times: int, text: str = "a place") -> list[object]:
    return [measured.flood_of(measured.direction_of(address), text) for _ in range(times)]


def test_a_few_reports_from_one_place_are_nobodys_flood(measured):
    assert set(sent(measured, "203.0.112.7", FROM_ONE_DIRECTION)) == {None}


def test_a_flood_has_one_number_and_begins_where_the_crowd_ends(measured):
    floods = sent(measured, "8.8.8.8", FROM_ONE_DIRECTION + 300)
    assert set(floods[:FROM_ONE_DIRECTION]) == {None}
    (number,) = set(floods[FROM_ONE_DIRECTION:])
    assert isinstance(number, uuid.UUID)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("8.8.8.8", "8.8.8.200", True),
        ("8.8.8.8", "8.8.9.8", False),
        ("2a02:a03f:1234::1", "2a02:a03f:1234:ffff::1", True),
        ("2a02:a03f:1234::1", "2a02:a03f:1235::1", False),
        ("8.8.8.8", "::ffff:8.8.8.9", True),
        # Two circuits of an onion service are two people.
        ("fc00:dead:beef:4dad::1", "fc00:dead:beef:4dad::2", False),
    ],
)
def test_a_direction_is_coarse(measured, first, second, same):
    a, b = measured.direction_of(first), measured.direction_of(second)
    assert a and b and (a == b) is same


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.0.0.9", "", "unix:", "\x00", "fe80::1"]
)
def test_who_comes_from_this_machine_has_no_direction(measured, address):
    assert measured.direction_of(address) is None


def test_people_who_share_the_onions_address_do_not_pay_for_each_other(measured):
    script = [
        measured.flood_of(None, f"https://page{n}.flood.example/") for n in range(OF_ONE_SITE + 500)
    ]
    assert script[-1] is not None
    assert measured.flood_of(None, "http://elsewhere.example/x") is None
    assert measured.flood_of(None, "a description alone") is None


def test_a_flood_that_goes_on_keeps_its_number_and_one_that_ended_is_forgotten(measured, clock):
    number = sent(measured, "8.8.8.8", FROM_ONE_DIRECTION + 5)[-1]
    clock.now += WINDOW + 1
    assert sent(measured, "8.8.8.8", FROM_ONE_DIRECTION + 5)[-1] == number
    clock.now += WINDOW + 1
    assert sent(measured, "8.8.8.8", 1) == [number]
    clock.now += WINDOW + 1
    assert sent(measured, "8.8.8.8", 1) == [None]  # few came in the window before
    sent(measured, "8.8.8.8", FROM_ONE_DIRECTION + 5)
    clock.now += 3 * WINDOW
    assert sent(measured, "8.8.8.8", 1) == [None]


def test_the_salts_change_and_lead_nowhere(measured, clock):
    first = measured.direction_of("8.8.8.8")
    clock.now += WINDOW + 1
    second = measured.direction_of("8.8.8.8")
    assert second.before == first.now and second.now not in first
    clock.now += WINDOW + 1
    assert set(measured.direction_of("8.8.8.8")).isdisjoint(first)


def test_memory_is_bounded(measured, monkeypatch):
    monkeypatch.setattr(pressure, "MOST_KEPT", 100)
    for n in range(1000):
        measured.flood_of(None, f"https://n{n}.example-{n}.test/")
    assert len(measured._now) == 100
    assert MOST_KEPT < 1_000_000


def test_behind_the_door_there_is_a_hash_and_no_address():
    seen = {}
    door = without_sender(lambda environ, start: seen.update(environ) or [])
    environ = {
        "REQUEST_METHOD": "POST",
        "REMOTE_ADDR": "8.8.4.4",
        "HTTP_X_FORWARDED_FOR": "9.9.9.9",
    }
    door(dict(environ), None)
    assert seen["vigie.direction"] == pressure.PRESSURE.direction_of("8.8.4.4")
    assert "8.8.4" not in repr(seen) and "9.9.9" not in repr(seen)


def test_a_proxys_word_counts_only_where_it_was_said_so(settings):
    seen = {}
    door = without_sender(lambda environ, start: seen.update(environ) or [])
    settings.FORWARDED = True
    proxy = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 8.8.4.4"}
    door({"REQUEST_METHOD": "POST", **proxy}, None)
    assert seen["vigie.direction"] == pressure.PRESSURE.direction_of("8.8.4.4")
    settings.FORWARDED = False
    door({"REQUEST_METHOD": "POST", **proxy}, None)
    assert seen["vigie.direction"] is None


def test_no_address_stays_in_memory_of_the_counts(measured):
    sent(measured, "8.8.8.8", 50)
    gc.collect()
    assert b"8.8.8" not in repr(vars(measured)).encode()


@pytest.mark.django_db(databases="__all__")
def test_a_script_is_thanked_like_everybody_and_its_letters_wait(public_client):
    for number in range(OF_ONE_SITE + 20):
        where = f"https://n{number}.flood.test/"
        assert public_client.post("/en/report/", {"where": where}).status_code == 200
    assert public_client.post("/en/report/", {"where": "https://b.test/"}).status_code == 200
    assert Letter.objects.filter(flood=None).count() == OF_ONE_SITE + 1
    assert Letter.objects.exclude(flood=None).count() == 20, "each is kept"
