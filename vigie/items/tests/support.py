"""An item in any state, and what the journal says of it: for tests of what happens next."""

import secrets

from vigie.items import keys
from vigie.items.flow import State
from vigie.items.locators import Kind
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.lib import clock

COLUMNS = ("state", "round", "held", "outcome", "due_at", "attempts", "last_error")


def an_item(state: State = State.NEW, **columns: object) -> Item:
    """Put where no report has led it yet; everything after this goes through the services."""
    where, moment = f"https://{secrets.token_hex(6)}.test/", clock.now()
    return Item.objects.create(
        kind=Kind.WEB,
        locator=keys.sealed(where),
        locator_hash=keys.locator_hash(Kind.WEB, where),
        state=state,
        created_at=moment,
        changed_at=moment,
        **columns,
    )


def columns_of(item: Item) -> dict[str, object]:
    """The item as the database has it now."""
    return Item.objects.values(*COLUMNS).get(pk=item.pk)


def lines_about(item: Item) -> list[Entry]:
    return list(Entry.objects.filter(subject=item.subject).order_by("seq"))
