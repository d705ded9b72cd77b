"""Exact search of random and of structured sets, searching while adding, and bytes → verdict.

Beside it in the same run the peer, `threatexchange` with faiss, where requirements-bench.txt is
installed. HASHES=10000000 for a larger index, PICTURES=20000 for a longer run.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from bench.adding import LIST, while_adding
from bench.memory import all_mib, children_mib
from bench.pictures import web_picture
from vigie.matching.engine.index import Entry, Index
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.rows import Words

try:
    from threatexchange.signal_type.pdq.pdq_index import PDQIndex
except ImportError:
    PEER = False
else:
    PEER = True

HASHES = int(os.environ.get("HASHES", "1000000"))
PICTURES = int(os.environ.get("PICTURES", "400"))
KINDS = 40  # pictures, over and over
QUERIES = 2_000
PEER_QUERIES = 200
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def say(name: str, **found: Any) -> None:
    print(json.dumps({"bench": f"matching: {name}", **found}), flush=True)


def per_second(times: int, act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return round(times / (time.perf_counter() - start), 1)


def random_set(count: int) -> Words:
    return np.random.default_rng(11).integers(0, 2**64, (count, 4), dtype=np.uint64)


def structured_set(count: int) -> Words:
    """As real lists are: a third families of 100, a third of shared chunks, a tenth near empty."""
    random = np.random.default_rng(12)
    hashes = random_set(count)
    third, tenth = count // 3, count // 10
    for at in range(0, third, 100):
        near = random.integers(0, 2**64, (min(100, third - at), 4, 5), dtype=np.uint64)
        hashes[at : at + len(near)] = hashes[at] ^ np.bitwise_and.reduce(near, axis=2)
    chunks = hashes[third : 2 * third].view(np.uint16)
    common = random.integers(0, 1 << 16, (64, 16), dtype=np.uint16)
    shared = random.random(chunks.shape) < 0.5
    chunks[:] = np.where(shared, common[random.integers(0, 64, len(chunks))], chunks)
    hashes[-tenth:] &= random.integers(0, 2**64, (tenth, 4), dtype=np.uint64)
    hashes[-tenth:] &= random.integers(0, 2**64, (tenth, 4), dtype=np.uint64)
    return hashes


def queries_of(hashes: Words) -> list[str]:
    """Half are 0 to 31 bits from a row of the set, half are from nowhere."""
    random = np.random.default_rng(13)
    found = []
    for number in range(QUERIES):
        nowhere = random.integers(0, 2**64, 4, dtype=np.uint64)
        words = hashes[random.integers(len(hashes))] if number % 2 else nowhere
        bits = np.unpackbits(words.view(np.uint8))
        bits[random.choice(256, random.integers(0, 32), replace=False)] ^= 1
        found.append(np.packbits(bits).tobytes().hex())
    return found


@cache
def _opened(folder: str) -> Index:
    return Index(Path(folder))


def verdict(job: tuple[str, bytes]) -> bool:
    folder, data = job
    return bool(_opened(folder).search(hash_picture(data).pdq.value).matches)


def verdicts(folder: Path) -> None:
    """Several processes on one index, each with its own pictures, over and over. Half are known."""
    kinds = [web_picture(seed) for seed in range(KINDS)]
    known = [hash_picture(data, exact=True).pdq.value for data in kinds[::2]]
    with Index(folder) as index:
        index.change(Entry(LIST, (1 << 40) + n, value) for n, value in enumerate(known))
    found, seconds = 0, 0.0
    with ProcessPoolExecutor(CORES, get_context("spawn")) as pool:
        list(pool.map(verdict, [(str(folder), kinds[0])] * 8 * CORES))
        largest, together = [children_mib()], [all_mib()]
        for _half in range(2):
            start = time.perf_counter()
            found += sum(pool.map(verdict, _jobs(str(folder), kinds), chunksize=8))
            seconds += time.perf_counter() - start
            largest.append(children_mib())
            together.append(all_mib())
    say(
        "bytes to verdict",
        hashes=HASHES,
        pictures=2 * (PICTURES // 2),
        megapixels=0.96,
        kilobytes=round(sum(map(len, kinds)) / len(kinds) / 1000),
        processes=CORES,
        per_second=round(2 * (PICTURES // 2) / seconds, 1),
        known=found,
        own_mib_of_a_process_at_the_start_middle_end=largest,
        own_mib_of_all=together,
    )


def _jobs(folder: str, kinds: list[bytes]) -> Iterator[tuple[str, bytes]]:
    return ((folder, kinds[number % len(kinds)]) for number in range(PICTURES // 2))


OWN = """
import sys, time
from multiprocessing import get_context
from pathlib import Path
from vigie.matching.engine import kernels
from vigie.matching.engine.index import Index
def own():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) // 1024
before, start = own(), time.perf_counter()
index = Index(Path(sys.argv[1]))
opened = time.perf_counter() - start
for number in range(200):
    index.search(f"{number * 0x9e3779b97f4a7c15 % 2**64:016x}" * 4)
print(own() - before, opened)
"""


def searches(name: str, hashes: Words, folder: Path, compact: bool = False) -> None:
    queries = queries_of(hashes)
    index = Index(folder, compact=compact)
    index.set_list(LIST)
    start = time.perf_counter()
    index.put_many(LIST, np.arange(len(hashes)), hashes)
    index.close()
    if not list(folder.glob("base-*")):
        index.merge()
    line: dict[str, Any] = {"hashes": len(hashes), "build_s": round(time.perf_counter() - start, 1)}
    size = sum(path.stat().st_size for path in folder.rglob("*"))
    line["gb_on_disk"], line["bytes_a_hash"] = round(size / 1e9, 3), round(size / len(hashes), 1)
    index.search_many(queries)
    line["one_by_one_per_second"] = per_second(QUERIES, lambda: [index.search(q) for q in queries])
    for threads in (1, 2):
        rate = per_second(QUERIES, lambda: index.search_many(queries, threads=threads))  # noqa: B023
        line[f"batch_{threads}_per_second"] = rate
    line["found"] = sum(bool(answer.matches) for answer in index.search_many(queries[1::2]))
    line["planted"] = QUERIES // 2
    line |= _second_process(folder)
    start = time.perf_counter()
    added = [Entry(LIST, len(hashes) + n, queries[n % QUERIES]) for n in range(10_000)]
    index.change(added)
    assert index.search(queries[0]).matches
    line["added_10000_visible_s"] = round(time.perf_counter() - start, 3)
    line["then_one_by_one_per_second"] = per_second(
        QUERIES, lambda: [index.search(q) for q in queries]
    )
    index.close()
    line |= while_adding(folder, queries, len(hashes) + 10_000)
    if PEER and not compact:
        line |= peer_searches(hashes, queries[:PEER_QUERIES])
        for way, ours in (("one_by_one", "one_by_one"), ("batch", "batch_1")):
            ratio = line[f"{ours}_per_second"] / line[f"peer_{way}_per_second"]
            line[f"{way}_times_the_peer"] = round(ratio, 1)
    layout = "compact" if compact else "words inline"
    say(f"exact search within 31 bits, {name} set, {layout}", **line)


def _second_process(folder: Path) -> dict[str, Any]:
    """What another process takes beside the files that it shares."""
    if not Path("/proc/self/smaps_rollup").exists():
        return {}
    told = subprocess.run([sys.executable, "-c", OWN, folder], capture_output=True, check=True)
    own, opened = told.stdout.split()
    return {"open_s": round(float(opened), 3), "second_process_own_mib": int(own)}


def peer_searches(hashes: Words, queries: list[str]) -> dict[str, Any]:
    start = time.perf_counter()
    peer = PDQIndex((row.tobytes().hex(), number) for number, row in enumerate(hashes))
    built = round(time.perf_counter() - start, 1)
    one = per_second(len(queries), lambda: [peer.query(query) for query in queries])
    batch = per_second(len(queries), lambda: peer.index.search(queries, 31))
    return {
        "peer_build_s": built,
        "peer_one_by_one_per_second": one,
        "peer_batch_per_second": batch,
    }


def main() -> None:
    if not PEER:
        say("the peer", skipped="requirements-bench.txt is not installed")
    for name, make, compact in (
        ("random", random_set, False),
        ("random", random_set, True),
        ("structured", structured_set, True),
        ("structured", structured_set, False),
    ):
        with tempfile.TemporaryDirectory(prefix="vigie-bench-", dir=os.environ.get("FOLDER")) as at:
            searches(name, make(HASHES), Path(at) / "index", compact)
            if name == "structured" and not compact:
                verdicts(Path(at) / "index")


if __name__ == "__main__":
    main()
