"""An item under watch, and looks at it at chosen hours."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.conf import settings

from tests.factories import a_confirmed_item
from tests.outside import Says, Site
from vigie.items.flow import WATCHED, Move
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.lib.work import work_off
from vigie.watch.models import Check
from vigie.watch.services import check_item

# Beside the site: where no program listens, and where one listens and never answers.
NOBODY, SILENT = "192.0.2.52", "192.0.2.53"
START = datetime(2027, 1, 4, 8, tzinfo=UTC)  # after whatever the builders wrote
ANSWERS = {
    "gone": Says(410),
    "there": Says(body=b"a picture", type="image/jpeg"),
    "unclear": Says(503),
}
PATH = "/p/album"


def referred(where: str, country: str = "BE", pictures: int = 0) -> Item:
    """An item the police have been told of. Its judged pictures stand at ``where``-1, -2 …"""
    shown = [f"{where}-{n}" for n in range(1, pictures + 1)]
    item = a_confirmed_item(where, country, pictures=shown, abuse_contact="abuse@host.test")
    return move_item(item, Move.REFER, "worker")


def at(hours: float) -> time_machine.travel:
    return time_machine.travel(START + timedelta(minutes=round(hours * 60)), tick=False)


def look(item: Item, hours: float = 0) -> Check:
    """One look at that hour; what was written down. The item is read anew before and after."""
    with at(hours):
        item.refresh_from_db()
        check_item(item)
        item.refresh_from_db()
    found = item.checks.first()
    assert found is not None
    return found


def looks(item: Item, site: Site, seen: str) -> str:
    """Looks such as ``0 gone, 6 there``: the hour, and what it meets. The item's state after."""
    for each in seen.split(", "):
        hours, met = each.split()
        site.pages[PATH] = ANSWERS[met]
        look(item, float(hours))
    return str(item.state)


def check_due() -> int:
    """What a worker checks in one round."""
    rows = Item.objects.filter(state__in=[state.value for state in WATCHED])
    seconds = {"lease_seconds": settings.LEASE_SECONDS, "retry_seconds": settings.RETRY_SECONDS}
    return work_off(rows, check_item, **seconds)
