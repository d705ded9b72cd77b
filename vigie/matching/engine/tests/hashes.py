"""Hashes for the tests, and what the answer to a question has to be."""

from pathlib import Path

import numpy as np

from vigie.matching.engine.index import Index
from vigie.matching.engine.tests.pictures import far

LISTS = {"near": 31, "nearer": 12, "the same": 0}


def hexes(words) -> list[str]:
    return [row.tobytes().hex() for row in np.atleast_2d(words)]


def random_hashes(count: int, seed: int = 7):
    return np.random.default_rng(seed).integers(0, 2**64, (count, 4), dtype=np.uint64)


def moved(words, bits: int, random):
    """The same hash with so many bits changed."""
    changed = np.unpackbits(words.view(np.uint8))
    changed[random.choice(256, bits, replace=False)] ^= 1
    return np.packbits(changed).view(np.uint64)


def plainly(entries, query: str):
    """What the answer has to be: every entry looked at."""
    near = [
        (far(entry.pdq, query), name, number, entry.classification, entry.state)
        for (name, number), entry in entries.items()
        if far(entry.pdq, query) <= LISTS[name]
    ]
    return sorted(near)


def told(answer):
    return sorted(
        (one.distance, one.list_name, one.number, one.classification, one.state)
        for one in answer.matches
    )


def filled(folder: Path, hashes, **more) -> Index:
    index = Index(folder, **more)
    index.set_list("near")
    index.put_many("near", np.arange(len(hashes)), hashes)
    return index


# Few hashes, and near to each other: so that something is found, hidden and replaced.
FEW = random_hashes(3)
