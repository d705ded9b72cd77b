"""The index answers as looking at every entry would, whatever was written, merged or reopened."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from vigie.matching.engine.index import Entry, Index, State
from vigie.matching.engine.tests.hashes import FEW, LISTS, hexes, moved, plainly, told

pytestmark = pytest.mark.pure
near_hashes = st.builds(
    lambda which, bits, seed: hexes(moved(FEW[which], bits, np.random.default_rng(seed)))[0],
    st.integers(0, 2),
    st.integers(0, 40),
    st.integers(0, 9),
)
names = st.sampled_from(list(LISTS))
numbers = st.integers(0, 12)
entries = st.builds(
    Entry, names, numbers, near_hashes, st.sampled_from(["", "baseline"]), st.sampled_from(State)
)


class AsLookedAtOneByOne(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.here: dict[tuple[str, int], Entry] = {}
        self.index = Index(Path(self.folder.name) / "index")
        self.other = Index(Path(self.folder.name) / "index")
        for name, threshold in LISTS.items():
            self.index.set_list(name, threshold)

    @rule(
        put=st.lists(entries, min_size=1, max_size=8),
        remove=st.lists(st.tuples(names, numbers), max_size=3),
    )
    def change(self, put, remove):
        self.index.change(put, remove)
        for gone in remove:
            self.here.pop(gone, None)
        self.here |= {(entry.list_name, entry.number): entry for entry in put}

    @rule()
    def merge(self):
        self.index.merge()

    @rule(compact=st.booleans())
    def start_anew(self, compact):
        self.index = Index(Path(self.folder.name) / "index", compact=compact)

    @rule()
    def another_writes_now(self):
        self.index, self.other = self.other, self.index
        self.index.refresh()

    @rule(query=near_hashes)
    def search(self, query):
        assert told(self.index.search(query)) == plainly(self.here, query)

    @rule(queries=st.lists(near_hashes, max_size=5))
    def search_in_a_batch(self, queries):
        answers = self.index.search_many(queries)
        assert [told(answer) for answer in answers] == [plainly(self.here, one) for one in queries]

    @rule(query=near_hashes, most=st.integers(1, 5))
    def search_few(self, query, most):
        expected, answer = plainly(self.here, query), self.index.search(query, most)
        assert len(answer.matches) == min(most, len(expected))
        assert answer.cut == (len(expected) > most)
        assert set(told(answer)) <= set(expected)

    @invariant()
    def everything_is_as_it_should_be(self):
        assert len(self.index) == len(self.here)
        for query in hexes(FEW):
            assert told(self.index.search(query)) == plainly(self.here, query)

    def teardown(self):
        self.folder.cleanup()


TestAsLookedAtOneByOne = AsLookedAtOneByOne.TestCase
TestAsLookedAtOneByOne.settings = settings(max_examples=15, stateful_step_count=10, deadline=None)
