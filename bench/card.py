"""What cards cost: a set of four from a 12-megapixel photo, beside plain Pillow; how long a visitor
waits; how much memory it takes. CPU seconds are those of this process and of all its children."""

import io
import json
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from vigie.campaign.card import make
from vigie.campaign.card.design import SIZES, Colours, Focus, Wording, crop
from vigie.campaign.card.layers import artwork_layer

SET = ("1080x1080", "1080x1350", "1080x1920", "1200x630")
TIMES = 40
CAT = Path(__file__).parent.parent / "vigie/campaign/cat.webp"
WORDING = Wording(
    ("Pour chaque photo de chat,", "78 images d’abus sexuels", "sur des enfants sont partagées."),
    "78",
    "#catsforkids",
    "Vous en voyez ? Signalez-les, même anonymement",
    "stopchildporno.be",
)


def photograph(noise: int) -> bytes:
    """A 12-megapixel JPEG as telephones write it: large shapes under ``noise`` (of 255).

    2 makes about a megabyte (daylight), 6 makes three (a dim room).
    """
    with Image.open(CAT) as cat:
        large = cat.convert("RGB").resize((4000, 3000), Image.Resampling.BICUBIC)
    chance = np.random.default_rng(78)
    for top in range(0, 3000, 100):
        box = (0, top, 4000, top + 100)
        rows = np.asarray(large.crop(box)) + chance.normal(0, noise, (100, 4000, 1))
        large.paste(Image.fromarray(rows.clip(0, 255).astype(np.uint8)), box)
    output = io.BytesIO()
    large.save(output, "JPEG", quality=90)
    return output.getvalue()


def engine(photo: bytes, sizes: tuple[str, ...] = SET, hashed: bool = False) -> None:
    """``hashed``: as for a card that is offered to the wall."""
    make.make_cards(photo, dict.fromkeys(sizes, WORDING), Colours(), Focus(), hashed=hashed)


def plain(photo: bytes) -> None:
    """Decode, resize, paste, save: with draft(), and nothing else. No limits, no hashes."""
    picture = Image.open(io.BytesIO(photo))
    picture.draft("RGB", (2000, 1500))
    picture.load()
    for name in SET:
        size = SIZES[name]
        left, top, right, bottom = crop(picture.size, size.window, Focus())
        part = picture.resize(size.window, Image.Resampling.BICUBIC, (left, top, right, bottom))
        card = Image.new("RGB", (size.width, size.height))
        card.paste(part)
        artwork_layer(WORDING, Colours(), name).lay_on(card)
        card.save(io.BytesIO(), "JPEG", quality=88)


def cpu_seconds() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, who))


def cost(act: Callable[[], None], times: int) -> tuple[float, float]:
    """CPU seconds and wall seconds; children count once their nursery has ended."""
    cpu, wall = cpu_seconds(), time.perf_counter()
    for _ in range(times):
        act()
    wall = time.perf_counter() - wall
    make.READER.close()
    return cpu_seconds() - cpu, wall


def report_rate(name: str, act: Callable[[], None]) -> None:
    """The rate without what the start costs: measured once alone, then taken off."""
    start_cpu, start_wall = cost(act, 1)
    cpu, wall = cost(act, TIMES + 1)
    line = {
        "bench": name,
        "times": TIMES,
        "sets_per_cpu_second": round(TIMES / (cpu - start_cpu), 1),
        "sets_per_second_one_client": round(TIMES / (wall - start_wall), 1),
    }
    print(json.dumps(line), flush=True)


def report_wait(name: str, act: Callable[[], None], clients: int = 2) -> None:
    def once(_number: int) -> float:
        start = time.perf_counter()
        act()
        return time.perf_counter() - start

    act()
    with ThreadPoolExecutor(clients) as threads:
        spans = sorted(threads.map(once, range(TIMES)))
    line = {
        "bench": name,
        "clients": clients,
        "times": TIMES,
        "median_ms": round(spans[TIMES // 2] * 1000),
        "p95_ms": round(spans[int(TIMES * 0.95)] * 1000),
    }
    print(json.dumps(line), flush=True)


def report_memory(photo: bytes) -> None:
    """Peaks, MiB, of resident memory: of one child, of the process it is forked from, and of a
    worker that draws the artwork and makes sets, ten times. To be called in a new process."""
    make.prepare(dict.fromkeys(SET, WORDING), Colours())
    peaks = {"child": 0, "nursery": 0}
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            with suppress(OSError, AttributeError):
                look(make.READER._process.pid, peaks)  # type: ignore[union-attr]
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(10):
        engine(photo, hashed=True)
    done.set()
    watcher.join()
    peaks["worker"] = most_resident("self")
    make.READER.close()
    print(json.dumps({"bench": "card: peak memory, MiB", **peaks}), flush=True)


def look(mother: int, peaks: dict[str, int]) -> None:
    peaks["nursery"] = max(peaks["nursery"], most_resident(str(mother)))
    for child in Path(f"/proc/{mother}/task/{mother}/children").read_text().split():
        peaks["child"] = max(peaks["child"], most_resident(child))


def most_resident(process: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return max(
        (int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), default=0
    )


def main() -> None:
    start = time.process_time()
    make.prepare(dict.fromkeys(SET, WORDING), Colours())
    drawn = round((time.process_time() - start) / len(SET) * 1000)
    print(json.dumps({"bench": "card: artwork of one wording and size", "cpu_ms": drawn}))
    for noise in (2, 6):
        photo = photograph(noise)
        what = f"card: set of four, 12 MP JPEG of {len(photo) / 1e6:.1f} MB"
        report_rate(f"{what}, plain Pillow", partial(plain, photo))
        report_rate(f"{what}, limited child", partial(engine, photo))
        report_rate(
            f"{what}, limited child, hashed for the wall", partial(engine, photo, hashed=True)
        )
    report_wait("card: one card on screen", lambda: engine(photo, SET[:1]))
    report_wait("card: set of four", lambda: engine(photo))
    make.READER.close()
    alone = get_context("spawn").Process(target=report_memory, args=(photo,))
    alone.start()
    alone.join()


if __name__ == "__main__":
    main()
