"""Very long texts: none is refused, nothing grows without limit, what is left out is told."""

import tracemalloc

import pytest

from vigie.items import locators
from vigie.items.locators import LONGEST_ADDRESS, LONGEST_WORDS, MOST, Kind, parse, read

pytestmark = [pytest.mark.pure, pytest.mark.rest]
LONG = "https://www.example.test/" + "x" * 100_000
MARK = 120  # letters that the mark of a cut may take


def test_an_address_up_to_the_limit_is_kept_whole():
    whole = "https://a.test/".ljust(LONGEST_ADDRESS, "x")
    (locator,) = parse(whole)
    assert (locator.kind, locator.canonical) == (Kind.WEB, whole)


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        (LONG, LONGEST_ADDRESS),
        ("http://a.test/" + "é" * 5_000, LONGEST_ADDRESS),  # short as typed, long as it is sent
        ("www.example.test/" + "x" * 10_000, LONGEST_ADDRESS),
        ("x" * 100_000, LONGEST_WORDS),
        ("two words " * 10_000, LONGEST_WORDS),
        ("telegram " + "x" * 10_000, LONGEST_WORDS),
        ("t.me/+" + "x" * 100_000, LONGEST_ADDRESS),
    ],
)
def test_what_is_too_long_is_cut_marked_and_visited_by_nobody(text, longest):
    (locator,) = parse(text)
    assert locator.kind == Kind.DESCRIPTION
    assert longest < len(locator.canonical) < longest + MARK
    assert "[cut: " in locator.canonical
    assert parse(locator.canonical)[0].canonical == locator.canonical, "it can be searched by"


def test_two_long_places_that_begin_alike_stay_two_and_one_stays_one():
    for text in (LONG, "x" * 100_000, "two words " * 10_000):
        first, second = parse(text + "1"), parse(text + "2")
        assert first != second
        assert parse(f"  {text}1\n") == first


def test_a_cut_address_is_still_found_by_its_domain():
    assert parse(LONG)[0].domain == "example.test"


def test_a_long_list_becomes_items_up_to_its_limit_and_the_others_are_counted():
    lines = [f"https://a.test/{number}" for number in range(MOST + 5)]
    reading = read("\n".join([*lines, lines[0], lines[-1]]))
    assert len({locator.canonical for locator in reading.locators}) == MOST
    assert reading.left_out == 5
    assert read("\n".join(lines[:MOST])).left_out == 0
    assert read(" ".join(lines)).left_out == 5, "on one line as well"


def test_counting_ends_at_some_time(monkeypatch):
    monkeypatch.setattr(locators, "MOST", 10)
    monkeypatch.setattr(locators, "SEEN", 1000)
    reading = read("\n".join(f"https://a.test/{number}" for number in range(5000)))
    assert len(reading.locators) == 10
    assert 900 < reading.left_out < 5000


@pytest.mark.parametrize("text", ["ab " * 100_000, "ab\n" * 50_000, "http://a.test/" + "x" * 10**6])
def test_reading_takes_little_more_memory_than_the_text(text):
    tracemalloc.start()
    try:
        read(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * len(text)
