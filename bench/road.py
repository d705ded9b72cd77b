"""What one report costs on its way: taking it in, opening it, moving an item, hashing a picture."""

import io
import json
import time
from collections.abc import Callable

import django

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from PIL import Image  # noqa: E402

from vigie.intake.models import Letter  # noqa: E402
from vigie.intake.receipts import mint  # noqa: E402
from vigie.intake.services import NewReport, receive  # noqa: E402
from vigie.items.flow import Move  # noqa: E402
from vigie.items.models import Item  # noqa: E402
from vigie.items.services import move_item, open_letter  # noqa: E402
from vigie.matching.picture import picture_hashes  # noqa: E402

TIMES = 200


def measure(name: str, times: int, act: Callable[[int], object]) -> None:
    """Do ``act`` so many times, one by one; print the rate and the middle and slow durations."""
    spans = []
    for number in range(times):
        start = time.perf_counter()
        act(number)
        spans.append(time.perf_counter() - start)
    spans.sort()
    line = {
        "bench": name,
        "times": times,
        "per_second": round(times / sum(spans), 1),
        "median_ms": round(spans[times // 2] * 1000, 2),
        "p99_ms": round(spans[int(times * 0.99)] * 1000, 2),
    }
    print(json.dumps(line), flush=True)


def photograph(number: int) -> bytes:
    """A harmless JPEG of about a megapixel: noise, smoothed, so that it compresses like a photo."""
    noise = np.random.default_rng(number).integers(0, 255, (60, 80, 3), dtype=np.uint8)
    output = io.BytesIO()
    Image.fromarray(noise).resize((1200, 900), Image.Resampling.BICUBIC).save(output, "JPEG")
    return output.getvalue()


def main() -> None:
    for alias in ("default", "front"):
        call_command("migrate", database=alias, verbosity=0)

    def take_in(number: int) -> None:
        receive(NewReport(where=f"https://bench.test/{number}", receipt=mint("en")))

    measure("report sealed and on disk", TIMES, take_in)
    letters = list(Letter.objects.all())
    measure("letter opened and joined", TIMES, lambda number: open_letter(letters[number]))
    items = list(Item.objects.all())
    measure("item moved, with its line", TIMES, lambda n: move_item(items[n], Move.LOOK, "bench"))
    pictures = [photograph(number) for number in range(8)]
    measure("picture hashed (1 megapixel)", 64, lambda n: picture_hashes(pictures[n % 8]))
