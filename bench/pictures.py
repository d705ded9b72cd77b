"""JPEG → PDQ on one core: the mixed corpus (`bench.corpus`), and two sizes of web pictures.

Beside it the peer, `threatexchange`, where requirements-bench.txt is installed: picture by picture
in turn, by the processor's time, so that what else the machine does touches both alike. Drift: bits
from `pdqhash` on the same file, decoded whole. SAMPLES=324 for a larger corpus.
"""

import io
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pdqhash
import PIL
from PIL import Image, features

from bench.corpus import Sample, corpus, saved
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.pdq import MATCHABLE

try:
    from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes
except ImportError:
    PEER = False
else:
    PEER = True

SAMPLES = int(os.environ.get("SAMPLES", "108"))
WEB = 24
ROUNDS = 3  # of ours to one of the peer's


def say(name: str, **found: Any) -> None:
    print(json.dumps({"bench": f"pictures: {name}", **found}), flush=True)


def web_picture(seed: int, width: int = 1200, height: int = 800) -> bytes:
    """A harmless JPEG of about a megapixel and 200 KB: colours, detail and a sensor's noise."""
    random = np.random.default_rng(seed)
    pixels = random.normal(0, 5, (height, width, 1))
    for across, weight in ((6, 0.6), (24, 0.25), (96, 0.15)):
        few = random.integers(0, 256, (across * 2 // 3, across, 3), dtype=np.uint8)
        wide = Image.fromarray(few).resize((width, height), Image.Resampling.BICUBIC)
        pixels = pixels + np.asarray(wide) * weight
    picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    return saved(picture, quality=86, progressive=seed % 4 == 0)


def cpu_seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def timed(pictures: list[bytes]) -> list[tuple[float, float]]:
    """For each, seconds of the processor: ours and the peer's."""
    hash_picture(pictures[0])
    return [(_ours(data), _peers(data)) for data in pictures]


def _ours(data: bytes) -> float:
    return sum(cpu_seconds(lambda: hash_picture(data)) for _ in range(ROUNDS)) / ROUNDS


def _peers(data: bytes) -> float:
    return cpu_seconds(lambda: pdq_from_bytes(data)) if PEER else 0.0


def rates(name: str, pictures: list[bytes], times: list[tuple[float, float]]) -> None:
    ours, peers = (sum(column) for column in zip(*times, strict=True))
    line: dict[str, Any] = {"pictures": len(times)}
    line["kilobytes"] = round(sum(map(len, pictures)) / len(pictures) / 1000)
    line["per_second"] = round(len(times) / ours, 1)
    if PEER:
        line["peer_per_second"] = round(len(times) / peers, 1)
        line["times_the_peer"] = round(peers / ours, 1)
    say(f"{name}, one core", **line)


def drifts(samples: list[Sample]) -> None:
    """By kind; "matchable" are those whose quality lets them be matched at all."""
    found: dict[str, list[int]] = defaultdict(list)
    for sample in samples:
        bits, quality = reference(sample.data)
        far = (int(hash_picture(sample.data).pdq.value, 16) ^ bits).bit_count()
        found[sample.kind].append(far)
        if quality >= MATCHABLE:
            found[f"{sample.kind}, matchable"].append(far)
        if sample.progressive and sample.kind == "leaves":
            found["leaves, progressive"].append(far)
    for kind, bits_off in sorted(found.items()):
        say(f"drift, {kind}", pictures=len(bits_off), **spread(bits_off))


def reference(data: bytes) -> tuple[int, int]:
    """Value and quality by `pdqhash`, of the file decoded whole."""
    with Image.open(io.BytesIO(data)) as picture:
        bits, quality = pdqhash.compute(np.asarray(picture.convert("RGB")))
    return int.from_bytes(np.packbits(bits).tobytes(), "big"), int(quality)


def spread(bits_off: list[int]) -> dict[str, float]:
    return {
        "mean_bits": round(sum(bits_off) / len(bits_off), 2),
        "p99_bits": float(np.percentile(bits_off, 99, method="higher")),
        "max_bits": max(bits_off),
    }


def main() -> None:
    jpeg = f"libjpeg-turbo {features.version('libjpeg_turbo')}"
    say("decoder of both", pillow=PIL.__version__, jpeg=jpeg, peer_installed=PEER)
    samples = list(corpus(SAMPLES))
    sides = [sample.size[0] * sample.size[1] / 1e6 for sample in samples]
    say(
        "mixed corpus",
        pictures=len(samples),
        megapixels_mean=round(sum(sides) / len(sides), 2),
        megapixels_median=round(float(np.median(sides)), 2),
        progressive=sum(sample.progressive for sample in samples),
    )
    pictures = [sample.data for sample in samples]
    times = timed(pictures)
    rates("mixed corpus, JPEG to PDQ", pictures, times)
    for progressive in (False, True):
        which = [n for n, sample in enumerate(samples) if sample.progressive == progressive]
        few, of_few = [pictures[n] for n in which], [times[n] for n in which]
        rates(f"mixed corpus, {'progressive' if progressive else 'baseline'}", few, of_few)
    for name, size in (("1 megapixel", (1200, 800)), ("3.3 megapixel", (2200, 1500))):
        web = [web_picture(seed, *size) for seed in range(WEB)]
        rates(f"web pictures of {name}", web, timed(web))
    drifts(samples)


if __name__ == "__main__":
    main()
