"""What stood in the queue before it had an order gets its place from what was reported of it."""

from importlib import import_module

import pytest
from django.apps import apps

from tests.factories import a_look, an_item, hosted
from vigie.items.models import Item
from vigie.items.ranking import FIRST_IN_DANGER
from vigie.tracing.facts import note_facts

pytestmark = pytest.mark.django_db(databases="__all__")
FACTS = ["rank", "urgent", "danger", "own", "report_count", "country"]


def test_each_item_gets_the_place_that_it_would_have_now(report_of):
    hosted(a_look(an_item("http://here.test/")), "BE")
    an_item("http://here.test/")
    an_item("http://own.test/", own=True)
    report_of("\n".join(f"http://n{n}.test/" for n in range(FIRST_IN_DANGER + 2)), danger=True)
    for item in Item.objects.all():
        note_facts(item)
    now = list(Item.objects.order_by("pk").values(*FACTS))
    blank = {"urgent": False, "danger": False, "own": False, "report_count": 0, "country": ""}
    Item.objects.update(rank=0, **blank)
    import_module("vigie.items.migrations.0005_the_queue_has_an_order").give_places(apps, None)
    import_module("vigie.tracing.migrations.0004_facts_of_the_queue").countries(apps, None)
    assert list(Item.objects.order_by("pk").values(*FACTS)) == now


def test_what_came_before_words_were_counted_is_taken_for_unread(report_of):
    (item,) = report_of("http://n1.test/")
    report_of("http://n1.test/")
    assert not item.has_unopened
    name = "vigie.items.migrations.0010_words_that_came_and_were_opened"
    import_module(name).count_each_report(apps, None)
    item.refresh_from_db()
    assert (item.words_came, item.has_unopened) == (2, True)
