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
from itertools import cycle
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
    client, liaison = _client(Role.ANALYST), _client(Role.LIAISON)
    first = Item.objects.earliest("pk")
    waiting = Item.objects.filter(state="to_assess", flood=None).order_by("-rank")[: TIMES + 1]
    items = cycle([f"/queue/items/{item.pk}/" for item in waiting])
    pages = {
        "queue": "/queue/",
        "queue, far down": f"/queue/?after={waiting[0].rank - 86_400}.0",
        "of one country": "/queue/?country=FR",
        "of a rare kind": "/queue/?kind=app",
        "in danger": "/queue/?danger=yes",
        "the flood": f"/queue/?flood={FLOOD}",
        "closed": "/queue/?state=closed",
    }
    for name, path in pages.items():
        _told(name, partial(client.get, path))
    _told("an item, another each time", lambda: client.get(next(items)))
    _told("a liaison's queue", lambda: liaison.get("/queue/?state=removed"))
    _told("search", lambda: client.post("/queue/search/", {"q": first.reference}, follow=True))
    _told("search by hash", lambda: client.post("/queue/search/", {"q": "ab" * 32}, follow=True))


def _client(role: Role) -> Client:
    user = User.objects.add(f"bench {role}", "a password of the bench", role)
    TOTP.activate(user, generate_totp_secret())
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _told(name: str, act: Callable[[], Any]) -> None:
    """``own_cpu_ms``: of this process, in the median. ``loop_ms``: a loop of nothing, between one
    request and the next: how fast the machine was just then, and how unsteady."""
    act()
    spent, cpu, loops = [], [], []
    for _ in range(TIMES):
        begun, worked = time.perf_counter(), time.process_time()
        answer = act()
        spent.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - worked) * 1000)
        assert answer.status_code == 200, (name, answer.status_code)
        loops.append(_loop())
    line = {
        "bench": f"{name}: {ITEMS} items, {REPORTS} reports, {connection.vendor}",
        "times": TIMES,
        "p50_ms": _at(spent, 50),
        "p99_ms": _at(spent, 99),
        "own_cpu_ms": _at(cpu, 50),
        "loop_ms": [_at(loops, 50), _at(loops, 99)],
    }
    print(json.dumps({**line, "read_whole": scans(act)}), flush=True)


def _at(figures: list[float], percent: int) -> float:
    return round(sorted(figures)[len(figures) * percent // 100 - 1], 1)


def _loop() -> float:
    begun = time.perf_counter()
    for _ in range(100_000):
        pass
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
