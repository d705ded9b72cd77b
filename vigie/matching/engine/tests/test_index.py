"""The index answers as looking at every entry would, whatever was written, merged or reopened."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from vigie.lib.seal import Unsealable, new_identity
from vigie.matching.engine import index as index_module
from vigie.matching.engine import kernels, plain
from vigie.matching.engine.answers import words_of
from vigie.matching.engine.index import Entry, Index, State
from vigie.matching.engine.rows import Rows
from vigie.matching.engine.store import NotOurs, Store, Unsafe, tables_into
from vigie.matching.engine.tests.pictures import far

pytestmark = pytest.mark.pure
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
TestAsLookedAtOneByOne.settings = settings(max_examples=8, stateful_step_count=10, deadline=None)


@pytest.mark.parametrize("compact", [False, True], ids=["inline", "compact"])
@pytest.mark.parametrize(
    "search", [kernels.search_base, plain.search_base], ids=["kernel", "numpy"]
)
def test_every_planted_pair_is_found_at_every_distance_and_nothing_beyond(search, compact):
    random = np.random.default_rng(5)
    hashes = random_hashes(4_000)
    keys = np.arange(len(hashes), dtype=np.uint64)
    base = tuple(
        np.ascontiguousarray(part) for part in (keys, hashes, *tables_into(hashes, None, compact))
    )
    for array in base:
        array.setflags(write=False)
    none = Rows.none().frozen().keys
    rows, distances = np.empty(9, np.int64), np.empty(9, np.int64)
    for distance in range(36):
        for planted in random.integers(0, len(hashes), 40 if search is kernels.search_base else 4):
            query = moved(hashes[planted], distance, random)
            query.setflags(write=False)
            for radius in {0, 15, 16, 31, min(distance, 31), min(max(distance - 1, 0), 31)}:
                limits = np.array([radius])
                found = search(query, base, none, limits, radius, rows, distances)
                expected = [(planted, distance)] if distance <= radius else []
                assert list(zip(rows[:found], distances[:found], strict=True)) == expected


def test_hashes_that_share_their_chunks_are_found_all_or_the_answer_says_that_it_was_cut(tmp_path):
    random = np.random.default_rng(1)
    family = np.array([moved(FEW[0], int(bits), random) for bits in random.integers(0, 16, 2_000)])
    index = filled(tmp_path / "index", np.concatenate([family, np.zeros((50, 4), np.uint64)]))
    index.merge()
    query = hexes(FEW[0])[0]
    everything = index.search(query, most=5_000)
    assert (len(everything.matches), everything.cut) == (2_000, False)
    few = index.search(query, most=10)
    assert (len(few.matches), few.cut) == (10, True)
    assert len(index.search("0" * 64).matches) == 50


def test_what_was_replaced_or_removed_is_found_as_it_is_now(tmp_path):
    index = filled(tmp_path / "index", FEW)
    index.merge()
    old, new = hexes(FEW[:2])
    index.change([Entry("near", 0, new, "baseline", State.WITHDRAWN)], remove=[("near", 2)])
    for _ in range(2):
        assert not index.search(old).matches
        assert not index.search(hexes(FEW[2])[0]).matches
        assert [one.number for one in index.search(new).matches] == [0, 1]
        assert index.search(new).matches[0].state is State.WITHDRAWN
        index.merge()


def test_questions_in_a_batch_are_answered_in_their_order(tmp_path):
    hashes = random_hashes(500)
    index = filled(tmp_path / "index", hashes)
    index.merge()
    for threads in (1, 2):
        answers = index.search_many(hexes(hashes), threads=threads)
        assert [one.matches[0].number for one in answers] == list(range(500))


def test_a_long_tail_is_merged_in_the_background_while_searches_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(index_module, "MOST_TAIL", 100)
    hashes = random_hashes(600)
    with filled(tmp_path / "index", hashes[:200]) as index:
        for number in range(200, 600, 50):
            index.change([Entry("near", number, hexes(hashes[number])[0])])
            assert index.search(hexes(hashes[number])[0]).matches[0].number == number
            assert index.search(hexes(hashes[7])[0]).matches[0].number == 7
    assert list((tmp_path / "index").glob("base-*"))
    assert len(Index(tmp_path / "index")) == 208


def test_a_list_has_its_own_action_and_a_threshold_that_may_change(tmp_path):
    index = filled(tmp_path / "index", FEW)
    query = hexes(moved(FEW[0], 20, np.random.default_rng(2)))[0]
    assert index.search(query).matches[0].action == "propose"
    index.set_list("near", 19, "confirm")
    assert not index.search(query).matches
    index.set_list("near", 20, "confirm")
    assert Index(tmp_path / "index").search(query).matches[0].action == "confirm"


@pytest.mark.parametrize(
    "wrong",
    [
        Entry("unknown", 1, "0" * 64),
        Entry("near", 1, "0" * 63),
        Entry("near", 1, "g" * 64),
        Entry("near", 2**48, "0" * 64),
        Entry("near", -1, "0" * 64),
    ],
)
def test_one_wrong_entry_and_nothing_of_its_batch_is_written(tmp_path, wrong):
    index = filled(tmp_path / "index", FEW)
    with pytest.raises((KeyError, ValueError)):
        index.change([Entry("near", 77, "0" * 64), wrong])
    assert len(index) == len(Index(tmp_path / "index")) == 3


def test_sealed_files_show_no_hash_and_open_with_their_key_only(tmp_path):
    identity, other = new_identity()[0], new_identity()[0]
    hashes = random_hashes(300)
    index = filled(tmp_path / "index", hashes, identity=identity)
    index.merge()
    index.change([Entry("near", 900, "f" * 64)])
    written = b"".join(path.read_bytes() for path in (tmp_path / "index").rglob("*.*"))
    assert hashes[5].tobytes() not in written
    assert b"\xff" * 32 not in written
    again = Index(tmp_path / "index", identity)
    assert again.search(hexes(hashes[5])[0]).matches[0].number == 5
    assert again.search("f" * 64).matches[0].number == 900
    with pytest.raises(Unsealable):
        Index(tmp_path / "index", other)
    with pytest.raises(NotOurs):
        Index(tmp_path / "index")


def test_files_that_others_may_read_are_not_opened(tmp_path):
    index = filled(tmp_path / "index", FEW)
    index.merge()
    index.change([Entry("near", 900, "f" * 64)])
    paths = [tmp_path / "index", *(tmp_path / "index").rglob("*")]
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)
    for path in paths:
        if path.name.endswith("lock"):
            continue
        path.chmod(0o750 if path.is_dir() else 0o640)
        with pytest.raises(Unsafe):
            Index(tmp_path / "index")
        path.chmod(0o700 if path.is_dir() else 0o600)
    Index(tmp_path / "index")


def test_a_folder_of_a_later_program_is_not_touched(tmp_path):
    Store(tmp_path / "index").publish({"format": 2, "tail": None})
    with pytest.raises(NotOurs):
        Index(tmp_path / "index")


def test_words_are_those_of_the_digits():
    assert hexes(words_of(["0123456789abcdef" * 4])) == ["0123456789abcdef" * 4]
