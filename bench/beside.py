"""Exact searches of ours and of the peer, in turn: the same questions, one by one and in batches.

The peer is the index of PDQ of `threatexchange`: faiss's IndexBinaryMultiHash, 16 tables by 16 bits
each, one of which may be flipped where the radius is 31, so exact. It looks for one question on one
thread, and shares out more than a hundred among the threads of OpenMP. It is asked in its quickest
way, for numbers alone; ours answers with list, number, class, distance, state and action. One by
one it has one thread: with two it took four times as long on a busy machine.
"""

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from bench.memory import own_mib
from vigie.matching.engine.index import FARTHEST, Index, cores
from vigie.matching.engine.rows import Words

try:
    import faiss
    from threatexchange.signal_type.pdq.pdq_index import PDQIndex
except ImportError:
    PEER = False
else:
    PEER = True

TURNS = 5
Ways = dict[str, Callable[[list[str]], Any]]


class Peer:
    def __init__(self, hashes: Words) -> None:
        before, start = own_mib(), time.perf_counter()
        self._index = PDQIndex((row.tobytes().hex(), number) for number, row in enumerate(hashes))
        self.facts = {
            "peer_build_s": round(time.perf_counter() - start, 1),
            "peer_mib": own_mib() - before,
        }

    def search(self, queries: list[str], threads: int) -> list[list[int]]:
        faiss.omp_set_num_threads(threads)
        found: list[list[int]] = self._index.index.search(queries, FARTHEST, return_as_ids=True)
        return found

    def ways(self) -> Ways:
        return _ways(lambda query: self.search([query], 1), self.search)


def ways_of(index: Index) -> Ways:
    return _ways(index.search, lambda queries, threads: index.search_many(queries, threads=threads))


def _ways(one: Callable[[str], Any], many: Callable[[list[str], int], Any]) -> Ways:
    found: Ways = {"one_by_one": lambda queries: [one(query) for query in queries]}
    for threads in sorted({1, cores()}):
        found[f"batch_{threads}_threads"] = partial(_batch, many, threads)
    return found


def _batch(many: Callable[[list[str], int], Any], threads: int, queries: list[str]) -> None:
    many(queries, threads)


def in_turns(sides: dict[str, Ways], queries: list[str]) -> dict[str, dict[str, Any]]:
    """For each side and way: questions a second, microseconds of CPU each, and how many times that
    of "peer" it is. Medians of the turns, of which each has questions of its own, the same for all.
    """
    spans: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for turn in range(TURNS):
        asked = queries[turn::TURNS]
        for way in next(iter(sides.values())):
            for side, ways in sides.items():
                wall, cpu = time.perf_counter(), time.process_time()
                ways[way](asked)
                took = time.perf_counter() - wall, time.process_time() - cpu
                spans.setdefault((side, way), []).append(took)
    each = len(queries) / TURNS
    told: dict[str, dict[str, Any]] = {side: {} for side in sides}
    for (side, way), found in spans.items():
        told[side][f"{way}_per_second"] = round(each / median(wall for wall, _ in found), 1)
        told[side][f"{way}_cpu_us"] = round(1e6 * median(cpu for _, cpu in found) / each, 1)
        if side != "peer" and "peer" in sides:
            for at, unit in enumerate(("", "_by_cpu")):
                pairs = zip(spans["peer", way], found, strict=True)
                ratio = median(peer[at] / ours[at] for peer, ours in pairs)
                told[side][f"{way}_times_the_peer{unit}"] = round(ratio, 1)
    return told


def same_answers(index: Index, peer: Peer, queries: list[str]) -> int:
    """How many of the questions have the same entries for an answer, whole ones."""
    pairs = zip(index.search_many(queries), peer.search(queries, cores()), strict=True)
    return sum({one.number for one in ours.matches} == set(ids) for ours, ids in pairs)
