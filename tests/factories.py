"""Small builders that several rooms' tests share; each goes through the real services."""

from vigie.items.models import Item
from vigie.tracing.models import Look
from vigie.tracing.selectors import latest_look
from vigie.tracing.services import look_at


def looked(item: Item) -> Look:
    """The worker looks at an item once; what it kept. The item is read anew."""
    look_at(item)
    item.refresh_from_db()
    look = latest_look(item)
    assert look is not None
    return look
