"""The wall at a million cards: the first page, one in the middle, the last; and the front page."""

import json
import sys
import time
from datetime import date

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from vigie.campaign.wall.models import Card, CardPicture  # noqa: E402
from vigie.campaign.wall.services import recount  # noqa: E402

CARDS = 1_000_000
AT_ONCE = 10_000
TIMES = 200


def hang(count: int) -> None:
    """So many cards, with pictures of a few bytes: a page of the wall reads none of them."""
    for start in range(0, count, AT_ONCE):
        cards = Card.objects.bulk_create(
            Card(
                slug=f"{number:x}",
                campaign="catsforkids-2020",
                language="fr",
                name="Minou",
                alt="A cat.",
                colour="#808080",
                small=f"{number:032x}.webp",
                approved_on=date(2026, 1, 1),
                withdraw_hash=number.to_bytes(32, "big"),
            )
            for number in range(start, start + AT_ONCE)
        )
        CardPicture.objects.bulk_create(
            CardPicture(card=card, kind="small", file=card.small, data=b"x") for card in cards
        )


def as_the_public_program() -> Client:
    settings.ROOT_URLCONF = "config.public_urls"
    settings.MIDDLEWARE = settings.PUBLIC_MIDDLEWARE
    settings.ALLOWED_HOSTS = ["testserver"]
    engine = {**settings.TEMPLATES[0], "OPTIONS": {"context_processors": settings.PUBLIC_CONTEXT}}
    settings.TEMPLATES = [engine]
    return Client()


def measure(client: Client, name: str, path: str) -> None:
    for _ in range(5):
        assert client.get(path).status_code == 200
    spans = []
    for _ in range(TIMES):
        start = time.perf_counter()
        answer = client.get(path)
        spans.append(1000 * (time.perf_counter() - start))
    spans.sort()
    line = {
        "bench": name,
        "database": connections["front"].vendor,
        "cards": CARDS,
        "times": TIMES,
        "median_ms": round(spans[TIMES // 2], 2),
        "p99_ms": round(spans[int(TIMES * 0.99)], 2),
        "bytes": len(answer.content),
    }
    print(json.dumps(line), flush=True)


def main() -> None:
    for alias in ("default", "front"):
        call_command("migrate", database=alias, verbosity=0)
    start = time.perf_counter()
    hang(CARDS)
    recount()
    print(f"{CARDS} cards hung in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    first = Card.objects.order_by("id").values_list("id", flat=True)[0]
    client = as_the_public_program()
    measure(client, "wall: first page", "/fr/wall/")
    measure(client, "wall: in the middle", f"/fr/wall/?before={first + CARDS // 2}")
    measure(client, "wall: last page", f"/fr/wall/?before={first + 24}")
    measure(client, "front page", "/fr/")
