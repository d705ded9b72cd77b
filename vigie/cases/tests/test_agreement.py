"""Kappa against published and independently computed values, and what the page says of it."""

import pytest

from tests.factories import a_look, an_analyst, an_item
from vigie.cases.deciding.agreement import lines_of, pairs_of
from vigie.cases.deciding.kappa import ENOUGH, kappa
from vigie.cases.deciding.schema import schema
from vigie.cases.models import Assessment, Opinion, OpinionAnswer
from vigie.lib import clock


def _pairs(table: list[list[int]]) -> list[tuple[str, str]]:
    return [
        (str(row), str(column))
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


@pytest.mark.pure
@pytest.mark.parametrize(
    ("table", "value", "error"),
    [
        ([[20, 5], [10, 15]], 0.4, 0.126996),
        ([[53, 5, 2], [11, 14, 5], [1, 6, 3]], 0.428571, 0.075959),
        ([[44, 5, 1], [7, 20, 3], [9, 5, 6]], 0.491525, 0.072127),
    ],
)
def test_kappa_and_its_error_are_those_that_statsmodels_gives(table, value, error):
    found = kappa(_pairs(table))
    assert found.value == pytest.approx(value, abs=1e-6)
    assert found.error == pytest.approx(error, abs=1e-6)


@pytest.mark.pure
def test_kappa_at_its_ends():
    assert kappa([]) is None
    assert kappa([("a", "a")] * 40) is None, "whoever always says one thing agrees by chance"
    whole = kappa([("a", "a"), ("b", "b")] * 20)
    assert (whole.value, whole.error) == (1, 0)
    assert kappa([("a", "b"), ("b", "a")] * 20).low == -1


@pytest.fixture
def pair(analyst):
    """Two opinions of which a decision came."""
    item = an_item("http://galerie.nord.test/a/agreement")
    look, other = a_look(item), an_analyst()

    def make(one: str, two: str, ages: tuple[str, str] = ("", ""), why: str = "decision") -> None:
        row = {"item": item, "at": clock.now(), "look": look, "schema": schema().version}
        decided = Assessment.objects.create(**row, by=other, round=1, classification=two)
        for place, (by, said) in enumerate([(analyst, one), (other, two)], start=1):
            made = {"by": by, "classification": said, "place": place, "why": why}
            opinion = Opinion.objects.create(**row, **made, assessment=decided)
            if ages[place - 1]:
                OpinionAnswer.objects.create(opinion=opinion, question="age", code=ages[place - 1])

    return make


@pytest.mark.django_db(databases="__all__")
def test_only_what_both_were_asked_and_both_answered_is_a_pair(pair):
    pair("baseline", "national", ("infant", "infant"))
    pair("baseline", "baseline", ("infant", ""))
    pair("baseline", "not_illegal", ("infant", ""))
    whole, age, *_ = lines_of(pairs_of(Opinion.objects.all()))
    assert (whole.pairs, whole.alike) == (3, 1)
    assert (age.pairs, age.alike, age.one_only) == (1, 1, 1)


@pytest.mark.django_db(databases="__all__")
def test_what_waits_for_its_second_or_was_set_aside_is_no_pair(pair):
    pair("baseline", "national")
    Opinion.objects.filter(place=2).delete()
    assert pairs_of(Opinion.objects.all()) == []


@pytest.mark.django_db(databases="__all__")
def test_the_page_shows_a_kappa_from_enough_pairs_on_and_those_drawn_apart(
    pair, desk_client, manager
):
    client = desk_client(manager)
    for _ in range(ENOUGH - 1):
        pair("baseline", "baseline")
    pair("national", "baseline", why="share")
    found = client.get("/queue/agreement/")
    assert found.status_code == 200
    every, drawn = found.context["every"][0], found.context["drawn"][0]
    assert (every.pairs, drawn.pairs) == (ENOUGH, 1)
    assert every.kappa and every.kappa.value == pytest.approx(0)
    assert drawn.kappa is None and drawn.too_few
