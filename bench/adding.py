"""Searches of one process while another adds 10,000 entries again and again, and merges them."""

import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vigie.matching.engine.index import Entry, Index

ADDED = 10_000
PHASE_S = 3.0
LIST = "bench"
LOOKS = 10  # searches to one look for what is new
PAUSE_S = 0.2  # between changes


def search_on(folder: Path, queries: list[str], marker: str, pipe: Connection) -> None:
    """Search one by one in what stands at that moment, until told to stop.

    Sends when each search ended, and when the marker was found first (seconds of one clock).
    """
    index, ends, seen = Index(folder), [], 0.0
    for query in queries[:50]:
        index.search(query)
    pipe.send("ready")
    while not pipe.poll():
        for query in queries:
            index.search(query)
            ends.append(time.monotonic())
            if len(ends) % LOOKS == 0:
                index.refresh()
                if not seen and index.search(marker).matches:
                    seen = time.monotonic()
                if pipe.poll():
                    break
    pipe.send((np.array(ends), seen))


def while_adding(folder: Path, queries: list[str], at: int) -> dict[str, Any]:
    """``at``: the first number that is free in the list. Another process searches throughout."""
    random = np.random.default_rng(14)
    values = [random.bytes(32).hex() for _ in range(ADDED)]
    entries = [Entry(LIST, at + number, value) for number, value in enumerate(values)]
    ours, theirs = get_context("spawn").Pipe()
    job = folder, queries, values[-1], theirs
    process = get_context("spawn").Process(target=search_on, args=job, daemon=True)
    process.start()
    ours.recv()
    with Index(folder) as index:
        begun = time.monotonic()
        time.sleep(PHASE_S)
        adding = time.monotonic()
        changes = 0
        while time.monotonic() < adding + PHASE_S:  # the first time new, then in place of those
            index.change(entries)
            changes += 1
            time.sleep(PAUSE_S)
        merging = time.monotonic()
        index.merge()
        merged = time.monotonic()
    ours.send("stop")
    ends, seen = ours.recv()
    process.join()
    quiet, busy, while_merging = _rates(ends, [begun, adding, merging, merged])
    return {
        "another_process_saw_10000_added_s": round(seen - adding, 3) if seen else None,
        "another_process_searches_per_second": quiet,
        "while_10000_are_added_again_and_again": busy,
        "changes_of_10000_per_second": round(changes / (merging - adding), 1),
        "while_merging": while_merging,
        "merged_in_s": round(merged - merging, 1),
    }


def _rates(ends: NDArray[np.float64], marks: list[float]) -> list[float]:
    counts = np.diff(np.searchsorted(ends, marks))
    return [round(float(rate), 1) for rate in counts / np.diff(marks)]
