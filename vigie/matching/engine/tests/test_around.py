"""What lies around a hash, farther away than a match may be, is mostly found."""

import random

import numpy as np
import pytest

from vigie.matching.engine.answers import words_of
from vigie.matching.engine.index import Entry, Index, State

pytestmark = pytest.mark.pure
CHANCE = random.Random(1)
PDQS = [f"{CHANCE.getrandbits(256):064x}" for _ in range(300)]


def turned(pdq: str, bits: int) -> str:
    return f"{int(pdq, 16) ^ sum(1 << bit for bit in CHANCE.sample(range(256), bits)):064x}"


@pytest.mark.parametrize("merged", [False, True])
def test_most_of_what_lies_around_is_found_and_nothing_else(merged, tmp_path):
    with Index(tmp_path / "index") as index:
        index.set_list("a", threshold=10)
        index.set_list("b")
        index.change([Entry("a", n, pdq) for n, pdq in enumerate(PDQS)])
        index.change([Entry("b", 1, turned(PDQS[0], 3))])
        if merged:
            index.merge()
        for bits, least in ((0, 300), (31, 300), (40, 290), (50, 250), (60, 180), (61, 0)):
            found = index.around([turned(pdq, bits) for pdq in PDQS], 60, {"a"})
            right = words_of(PDQS)
            hit = [n for n, one in enumerate(found) if one is not None]
            assert all(np.array_equal(found[n], right[n]) for n in hit)
            assert least <= len(hit) <= (300 if least else 0), bits
        assert index.around(PDQS[1:], 60, {"b"}) == [None] * 299
        assert index.around(PDQS[:2], 60, {"c"}) == [None, None]
        index.change([Entry("a", 5, PDQS[5], state=State.DISPUTED)])
        assert index.around([PDQS[5]], 60, {"a"}) == [None]
