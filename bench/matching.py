"""Exact search of random and of structured sets, searching while adding, and bytes → verdict.

In turns with the peer (`bench.beside`), where requirements-bench.txt is installed.
HASHES=10000000 for a larger index, PICTURES=20000 for a longer run.
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
from bench.beside import PEER, Peer, in_turns, same_answers, ways_of
from bench.memory import all_mib, children_mib
from bench.pictures import web_picture
from bench.sets import SETS, queries_of
from vigie.matching.engine.index import Entry, Index, cores
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.rows import Words

HASHES = int(os.environ.get("HASHES", "1000000"))
PICTURES = int(os.environ.get("PICTURES", "400"))
KINDS = 40  # pictures, over and over
QUERIES = 10_000 if HASHES <= 1_000_000 else 2_000  # shared out to the turns
LAYOUTS = ("folds inline", "compact")


def say(name: str, **found: Any) -> None:
    print(json.dumps({"bench": f"matching: {name}", **found}), flush=True)


def per_second(times: int, act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return round(times / (time.perf_counter() - start), 1)


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
    with ProcessPoolExecutor(cores(), get_context("spawn")) as pool:
        list(pool.map(verdict, [(str(folder), kinds[0])] * 8 * cores()))
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
        processes=cores(),
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
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) // 1024
before, start = own(), time.perf_counter()
index = Index(Path(sys.argv[1]))
opened = time.perf_counter() - start
for number in range(200):
    index.search(f"{number * 0x9e3779b97f4a7c15 % 2**64:016x}" * 4)
print(own() - before, opened)
"""


def filled(hashes: Words, folder: Path, compact: bool) -> tuple[Index, dict[str, Any]]:
    """An index of them, and what it took."""
    start = time.perf_counter()
    index = Index(folder, compact=compact)
    index.set_list(LIST)
    index.put_many(LIST, np.arange(len(hashes)), hashes)
    index.close()
    if not list(folder.glob("base-*")):
        index.merge()
    built = round(time.perf_counter() - start, 1)
    size = sum(path.stat().st_size for path in folder.rglob("*"))
    return index, {
        "hashes": len(hashes),
        "build_s": built,
        "gb_on_disk": round(size / 1e9, 3),
        "bytes_a_hash": round(size / len(hashes), 1),
    }


def _second_process(folder: Path) -> dict[str, Any]:
    """What another process takes beside the files that it shares: their pages are clean, and count
    as private where, for want of memory, this process has let go of them."""
    if not Path("/proc/self/smaps_rollup").exists():
        return {}
    told = subprocess.run([sys.executable, "-c", OWN, folder], capture_output=True, check=True)
    own, opened = told.stdout.split()
    return {"open_s": round(float(opened), 3), "second_process_own_mib": int(own)}


def searches(name: str, hashes: Words, at: Path) -> None:
    """One line for each layout; the peer has its turns beside both."""
    queries = queries_of(hashes, QUERIES)
    made = {layout: filled(hashes, at / layout, layout == "compact") for layout in LAYOUTS}
    sides = {layout: ways_of(index) for layout, (index, _facts) in made.items()}
    for index, _facts in made.values():
        index.search_many(queries)
    peer = Peer(hashes) if PEER else None
    if peer:
        sides["peer"] = peer.ways()
    rates = in_turns(sides, queries)
    for index, facts in made.values():
        facts |= {"queries": len(queries), "found": found(index, queries), "planted": QUERIES // 2}
        if peer:
            facts["answers_as_the_peer"] = same_answers(index, peer, queries)
            facts |= peer.facts | {f"peer_{key}": value for key, value in rates["peer"].items()}
    del peer, sides
    for layout, (index, facts) in made.items():
        more = _second_process(at / layout) | adding(index, at / layout, len(hashes), queries)
        title = f"exact search within 31 bits, {name} set, {layout}"
        say(title, **facts, **rates[layout], **more)


def found(index: Index, queries: list[str]) -> int:
    """How many of those that are near a row have an answer."""
    return sum(bool(answer.matches) for answer in index.search_many(queries[1::2]))


def adding(index: Index, folder: Path, at: int, queries: list[str]) -> dict[str, Any]:
    """``at``: the first number that is free."""
    start = time.perf_counter()
    index.change(Entry(LIST, at + n, queries[n % QUERIES]) for n in range(10_000))
    assert index.search(queries[0]).matches
    visible = round(time.perf_counter() - start, 3)
    then = per_second(QUERIES, lambda: [index.search(query) for query in queries])
    index.close()
    return {
        "added_10000_visible_s": visible,
        "then_one_by_one_per_second": then,
        **while_adding(folder, queries, at + 10_000),
    }


def of_set(name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="vigie-bench-", dir=os.environ.get("FOLDER")) as at:
        searches(name, SETS[name](HASHES), Path(at))
        if name == "structured":
            verdicts(Path(at) / LAYOUTS[0])


def main() -> None:
    """A process for each set: what one freed would be lent to the peer of the next unseen."""
    if not PEER:
        say("the peer", skipped="requirements-bench.txt is not installed")
    for name in SETS:
        process = get_context("spawn").Process(target=of_set, args=(name,))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()
