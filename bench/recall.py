"""What is found again: planted pairs at every distance, and known pictures that were altered.

Search: pairs 0 to 31 bits apart, each to be found with its distance and nothing else with it but
what is as near; pairs of 32 bits, none to be found. End to end: a list holds the values that the
reference (`pdqhash`) gave to pictures of `bench.corpus`, and we are shown them altered.
HASHES=1000000, PAIRS=3200 at each distance, PHOTOS=48.
"""

import json
import os
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from bench.alterations import NOT_PROMISED, STATED, Alteration
from bench.corpus import saved, scene
from bench.sets import SETS, random_set
from vigie.matching.engine.index import FARTHEST, Answer, Index
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.pdq import MATCHABLE
from vigie.matching.engine.rows import Words

HASHES = int(os.environ.get("HASHES", "1000000"))
PAIRS = int(os.environ.get("PAIRS", "3200"))
PHOTOS = int(os.environ.get("PHOTOS", "48"))
COMPARED = 200  # questions whose whole answer is compared with a look at every hash
MOST = 5_000  # matches of an answer
OTHERS = 100_000  # hashes that lie beside those of the pictures
SIZE = (1200, 800)
LIST = "bench"


def say(name: str, **found: Any) -> None:
    print(json.dumps({"bench": f"recall: {name}", **found}), flush=True)


def filled(folder: Path, hashes: Words, compact: bool) -> Index:
    index = Index(folder, compact=compact)
    index.set_list(LIST)
    index.put_many(LIST, np.arange(len(hashes)), hashes)
    index.close()
    index.merge()
    return index


def moved(words: Words, bits: int, random: np.random.Generator) -> Words:
    """(n, 4): each with so many of its bits changed."""
    changed = np.unpackbits(words.view(np.uint8), axis=1)
    which = np.argsort(random.random(changed.shape), axis=1)[:, :bits]
    np.put_along_axis(changed, which, np.take_along_axis(changed, which, 1) ^ 1, 1)
    return np.packbits(changed, axis=1).view(np.uint64)


def planted(name: str, hashes: Words, compact: bool) -> None:
    start = time.perf_counter()
    told: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="vigie-bench-", dir=os.environ.get("FOLDER")) as at:
        index = filled(Path(at) / "index", hashes, compact)
        random = np.random.default_rng(15)
        for bits in range(FARTHEST + 2):
            told.update(pairs_at(bits, index, hashes, random))
        differ = differing(index, hashes, random)
    layout = "compact" if compact else "folds inline"
    say(
        f"search, {name} set, {layout}",
        hashes=len(hashes),
        planted_0_to_31_bits=PAIRS * (FARTHEST + 1),
        found=told["found"],
        missed=told["missed"],
        answers_cut=told["cut"],
        false_matches=told["false"],
        found_at_32_bits=told["beyond"],
        whole_answers_compared=COMPARED,
        whole_answers_that_differed=differ,
        seconds=round(time.perf_counter() - start),
    )


def pairs_at(bits: int, index: Index, hashes: Words, random: np.random.Generator) -> dict[str, int]:
    rows = random.integers(len(hashes), size=PAIRS)
    queries = moved(hashes[rows], bits, random)
    answers = index.search_many([query.tobytes().hex() for query in queries], MOST)
    hits = [
        (row, bits) in {(one.number, one.distance) for one in answer.matches}
        for row, answer in zip(rows.tolist(), answers, strict=True)
    ]
    far = bits > FARTHEST
    return {
        "found": 0 if far else sum(hits),
        "missed": 0 if far else sum(not hit for hit in hits),
        "beyond": sum(hits) if far else 0,
        "false": sum(map(partial(wrong, hashes), queries, answers)),
        "cut": sum(answer.cut for answer in answers),
    }


def wrong(hashes: Words, query: Words, answer: Answer) -> int:
    """Matches whose hash is not as near as the answer says, or farther than the threshold."""
    if not answer.matches:
        return 0
    told = np.array([(one.number, one.distance) for one in answer.matches])
    far = np.bitwise_count(hashes[told[:, 0]] ^ query).sum(axis=1, dtype=np.int64)
    return int(((far != told[:, 1]) | (far > FARTHEST)).sum())


def differing(index: Index, hashes: Words, random: np.random.Generator) -> int:
    """How many answers are not what a look at every hash says."""
    differ = 0
    for bits in np.resize(np.arange(FARTHEST + 1), COMPARED).tolist():
        query = moved(hashes[random.integers(len(hashes), size=1)], bits, random)[0]
        far = np.bitwise_count(hashes ^ query).sum(axis=1, dtype=np.int64)
        answer = index.search(query.tobytes().hex(), len(hashes))
        expected = set(np.flatnonzero(far <= FARTHEST).tolist())
        differ += {one.number for one in answer.matches} != expected
    return differ


def end_to_end() -> None:
    pictures = [scene(seed, "leaves", SIZE) for seed in range(PHOTOS)]
    listed = [hash_picture(saved(one, quality=90), exact=True).pdq for one in pictures]
    assert all(one.quality >= MATCHABLE for one in listed)
    values = np.frombuffer(bytes.fromhex("".join(one.value for one in listed)), np.uint64)
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as at:
        hashes = np.concatenate([values.reshape(-1, 4), random_set(OTHERS)])
        with filled(Path(at) / "index", hashes, compact=False) as index:
            for promise, alterations in (("", STATED), (" (no promise)", NOT_PROMISED)):
                for name, alter in alterations.items():
                    turned = "variants" in name
                    found = [shown(index, n, one, alter, turned) for n, one in enumerate(pictures)]
                    tell(f"{name}{promise}", [int(one.value, 16) for one in listed], found)


def shown(
    index: Index, number: int, picture: Any, alter: Alteration, turned: bool
) -> tuple[list[int], bool, int]:
    """Of one altered picture: its values, whether it was found, and how many others were."""
    pdq = hash_picture(alter(picture)).pdq
    values = list(pdq.variants().values()) if turned else [pdq.value]
    answers = index.search_many(values)
    numbers = {one.number for answer in answers for one in answer.matches}
    return [int(value, 16) for value in values], number in numbers, len(numbers - {number})


def tell(name: str, listed: list[int], found: list[tuple[list[int], bool, int]]) -> None:
    pairs = zip(listed, found, strict=True)
    bits = [min((one ^ value).bit_count() for value in values) for one, (values, _, _) in pairs]
    say(
        f"end to end, {name}",
        pictures=len(found),
        found=sum(hit for _, hit, _ in found),
        percent=round(100 * sum(hit for _, hit, _ in found) / len(found), 1),
        others_found=sum(others for _, _, others in found),
        mean_bits=round(sum(bits) / len(bits), 1),
        max_bits=max(bits),
    )


def main() -> None:
    for name, make in SETS.items():
        for compact in (False, True):
            planted(name, make(HASHES), compact)
    end_to_end()


if __name__ == "__main__":
    main()
