"""A question that Django wrote once answers as one that is made each time, on either database."""

import gc
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from tests.databases import in_threads
from tests.factories import an_item
from vigie.cases.models import NotToday
from vigie.items.models import Item
from vigie.lib import clock
from vigie.lib.prepared import Prepared
from vigie.tracing.models import Look

pytestmark = pytest.mark.django_db(databases="__all__")

of_numbers = Prepared(lambda these: Item.objects.filter(pk__in=[these]).order_by("pk"))


@pytest.fixture
def items(db) -> list[Item]:
    return [an_item(f"http://place{number}.test/") for number in range(4)]


def test_it_is_asked_with_other_values_each_time(items):
    numbers = [item.pk for item in items]
    for these in (numbers, numbers[:1], set(numbers[1:]), tuple(numbers[2:])):
        found = of_numbers(these=these)
        assert found == list(Item.objects.filter(pk__in=these).order_by("pk"))
    (found,) = of_numbers(these=numbers[:1])
    assert vars(found).keys() == vars(items[0]).keys()
    assert bytes(found.locator_hash) == bytes(items[0].locator_hash)
    assert found.created_at == items[0].created_at


def test_moments_days_numbers_of_floods_and_bytes_are_given_as_the_database_takes_them(
    items, analyst
):
    flood, now = uuid4(), clock.now()
    Item.objects.filter(pk=items[1].pk).update(flood=flood, created_at=now)
    ask = Prepared(
        lambda flood, since, hashed: Item.objects.filter(
            flood=flood, created_at__gte=since, locator_hash=hashed
        ).values_list("pk", "created_at", "flood")
    )
    hashed = bytes(items[1].locator_hash)
    assert ask(flood=flood, since=now, hashed=hashed) == [(items[1].pk, now, flood)]
    assert ask(flood=flood, since=now + timedelta(seconds=1), hashed=hashed) == []
    assert ask(flood=uuid4(), since=now, hashed=hashed) == []
    day = now.date()
    NotToday.objects.create(by=analyst, day=day)
    off = Prepared(lambda by, day: NotToday.objects.filter(by=by, day=day))
    assert off(by=analyst.pk, day=day) and not off(by=analyst.pk, day=day + timedelta(days=1))


def test_texts_are_values_and_never_part_of_the_question(items):
    ask = Prepared(lambda kind: Item.objects.filter(kind=kind))
    for text in ("' OR 1=1 --", "%s", "%%", "\\", "x') OR ('1'='1"):
        assert ask(kind=text) == []
    assert len(ask(kind=items[0].kind)) == 4


def test_values_within_another_question_and_ones_that_stay(items):
    looks = Look.objects.filter(item=OuterRef("pk"), outcome="gone")
    ask = Prepared(
        lambda these, state: (
            Item.objects.filter(~Exists(looks), pk__in=[these], state=state)
            .exclude(kind="app")
            .order_by("-pk")[:2]
        )
    )
    numbers = [item.pk for item in items]
    assert ask(these=numbers, state=items[0].state) == items[:1:-1]
    assert ask(these=numbers, state="closed") == []


def test_in_nothing_there_is_nothing_and_nobody_is_asked(items):
    with CaptureQueriesContext(connection) as asked:
        assert of_numbers(these=[]) == []
    assert not asked.captured_queries
    assert Prepared(lambda: Item.objects.none())() == []
    assert Prepared(lambda these: Item.objects.filter(pk__in=[]))(these=[1]) == []


def test_with_other_names_it_is_another_question(items):
    ask = Prepared(lambda **given: Item.objects.filter(**given).order_by("pk"))
    assert ask(state=items[0].state) == items
    assert ask(pk=items[1].pk) == ask(pk=items[1].pk, state=items[1].state) == [items[1]]
    assert ask(state=items[0].state) == items


def test_no_answer_is_kept(items):
    (found,) = of_numbers(these=[items[0].pk])
    Item.objects.filter(pk=items[0].pk).update(report_count=7)
    (again,) = of_numbers(these=[items[0].pk])
    assert (found.report_count, again.report_count) == (items[0].report_count, 7)
    assert found is not again


def test_what_nobody_asks_any_more_goes_from_memory(items):
    ask = Prepared(lambda: Item.objects.all())
    assert len(ask()) == 4
    kept = vars(connection._connections[connection._alias])["prepared"]
    before = len(kept)
    del ask
    gc.collect()
    assert len(kept) == before - 1


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_threads_have_each_their_own():
    items = [an_item(f"http://place{number}.test/") for number in range(4)]
    asked = [lambda n=item.pk: [of_numbers(these=[n]) for _ in range(50)] for item in items]
    found = in_threads(asked)
    assert found == [[[item]] * 50 for item in items]
