"""The pages of the queue with many items: server time, as the desk's own client sees it.

`VIGIE_BENCH_ITEMS=250000 python -m bench queue`: so many items, of which a tenth wait; two fifths
of those belong to one flood. Each has a look; reports are counted on the item and not made.
"""

import json
import os
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import django

django.setup()

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from vigie.items import keys  # noqa: E402
from vigie.items.models import Item  # noqa: E402
from vigie.items.ranking import rank_of  # noqa: E402
from vigie.lib import clock  # noqa: E402
from vigie.staff.models import User  # noqa: E402
from vigie.staff.permissions import Role  # noqa: E402
from vigie.tracing.models import Hosting, Look  # noqa: E402

ITEMS = int(os.environ.get("VIGIE_BENCH_ITEMS", "250000"))
FLOOD, LOT, TIMES = uuid.UUID(int=78), 5_000, 60
COUNTRIES = ["BE", "NL", "FR", "US", "RO", "", "PT", "LU"]


def main() -> None:
    for alias in ("default", "front"):
        call_command("migrate", database=alias, verbosity=0)
    moment, sealed = clock.now(), keys.sealed("http://bench.test/")
    for at in range(0, ITEMS, LOT):
        items = [_item(n, moment, sealed) for n in range(at, min(at + LOT, ITEMS))]
        Item.objects.bulk_create(items)
        looks = [Look(item=i, at=moment, outcome="ok", status=404) for i in items]
        Look.objects.bulk_create(looks)
        hosted = [Hosting(look=k, ip="192.0.2.1", country="BE") for k in looks[::2]]
        Hosting.objects.bulk_create(hosted)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
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
    _told("search", lambda: client.post("/queue/search/", {"q": first.reference}))
    _told("search by hash", lambda: client.post("/queue/search/", {"q": "ab" * 32}))


def _item(n: int, moment: datetime, sealed: bytes) -> Item:
    waits = n % 10 == 0
    item = Item(
        kind="app" if n % 5_000 == 20 else "web",
        locator=sealed,
        locator_hash=n.to_bytes(32, "big"),
        domain_hash=(n % 20_000).to_bytes(32, "big"),
        state="to_assess" if waits else ("closed", "removed", "referred")[n % 3],
        classification="" if waits or n % 3 == 0 else "baseline",
        flood=FLOOD if waits and n % 50 in (0, 10) else None,
        danger=n % 2_000 == 30,
        urgent=n % 2_000 == 30,
        report_count=1 + n % 17,
        country=COUNTRIES[n * 7 % 8],
        material=("", "new", "known")[n % 3],
        created_at=moment - timedelta(minutes=n % 500_000),
        changed_at=moment,
    )
    item.rank = rank_of(item)
    return item


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
    line = {"bench": f"{name}: {ITEMS} items, {connection.vendor}", "times": TIMES}
    line |= {"p50_ms": round(spent[TIMES // 2], 1), "p99_ms": round(spent[-1], 1)}
    line["own_cpu_ms"] = round((time.process_time() - cpu) * 1000 / TIMES, 1)  # a busy machine
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
