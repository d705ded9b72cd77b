"""What a liaison sees is walked along in two parts: together they are all of it, each item once."""

import pytest

from tests.factories import a_confirmed_item, an_item
from vigie.items import errands
from vigie.items.models import Item
from vigie.items.selectors import visible_parts, visible_to

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def items(db) -> list[Item]:
    """One that waits, one confirmed, one to hand over, and one that is both of these."""
    waits, handed = an_item("http://waits.test/"), an_item("http://handed.test/")
    confirmed = a_confirmed_item("http://confirmed.test/a")
    both = a_confirmed_item("http://both.test/a")
    for item in (handed, both):
        errands.hand_over(item, "a helpline", "staff:1")
    return [waits, confirmed, handed, both]


def test_the_parts_are_what_somebody_sees(items, analyst, lead, liaison, manager, administrator):
    for user in (analyst, lead, liaison, manager, administrator):
        seen = [item.pk for part in visible_parts(user) for item in part]
        assert sorted(seen) == sorted(visible_to(user).values_list("pk", flat=True))
    assert {item.pk for part in visible_parts(liaison) for item in part} == {
        item.pk for item in items[1:]
    }
