"""The pages of the queue with many items: server time, as the desk's own client sees it.

`ITEMS=250000 REPORTS=250000 python -m bench queue`: so many items, of which a tenth wait; two
fifths of those belong to one flood. Each has a look. Each report names one item. After its time
each page says which of its questions read a large table from end to end (there should be none).
"""

import gc
import json
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

django.setup()

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from bench.filling import FLOOD, fill  # noqa: E402
from bench.plans import scans  # noqa: E402
from vigie.items.models import Item  # noqa: E402
from vigie.staff.models import User  # noqa: E402
from vigie.staff.permissions import Role  # noqa: E402

ITEMS, REPORTS = (int(os.environ.get(name, "250000")) for name in ("ITEMS", "REPORTS"))
TIMES = 100


def main() -> None:
    for alias in ("default", "front"):
        call_command("migrate", database=alias, verbosity=0)
    fill(ITEMS, REPORTS)
    gc.collect()
    gc.freeze()  # as the programs do when they have loaded (`config.wsgi`)
    client = _client()
    first = Item.objects.earliest("pk")
    last = Item.objects.filter(state="to_assess", flood=None).order_by("rank").last()
    assert last is not None
    pages = {
        "queue": "/queue/",
        "queue, far down": f"/queue/?after={last.rank - 86_400}.0",
        "of one country": "/queue/?country=FR",
        "of a rare kind": "/queue/?kind=app",
        "in danger": "/queue/?danger=yes",
        "the flood": f"/queue/?flood={FLOOD}",
        "closed": "/queue/?state=closed",
        "an item": f"/queue/items/{last.pk}/",
    }
    for name, path in pages.items():
        _told(name, partial(client.get, path))
    _told("search", lambda: client.post("/queue/search/", {"q": first.reference}, follow=True))
    _told("search by hash", lambda: client.post("/queue/search/", {"q": "ab" * 32}, follow=True))


def _client() -> Client:
    user = User.objects.add("bench", "a password of the bench", Role.ANALYST)
    TOTP.activate(user, generate_totp_secret())
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _told(name: str, act: Callable[[], Any]) -> None:
    act()
    spent, cpu = [], time.process_time()
    for _ in range(TIMES):
        begun = time.perf_counter()
        answer = act()
        spent.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, (name, answer.status_code)
    spent.sort()
    line = {
        "bench": f"{name}: {ITEMS} items, {REPORTS} reports, {connection.vendor}",
        "times": TIMES,
    }
    line |= {
        "p50_ms": round(spent[TIMES // 2], 1),
        "p99_ms": round(spent[TIMES * 99 // 100 - 1], 1),
    }
    line["own_cpu_ms"] = round((time.process_time() - cpu) * 1000 / TIMES, 1)  # a busy machine
    print(json.dumps({**line, "read_whole": scans(act)}), flush=True)


if __name__ == "__main__":
    main()
