"""The index: recall, batches, threads, lists, wrong entries, sealing, modes of files."""

import itertools
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from vigie.lib.seal import Unsealable, new_identity
from vigie.matching.engine import compiled, kernels, plain
from vigie.matching.engine import index as index_module
from vigie.matching.engine.answers import words_of
from vigie.matching.engine.damage import note_of
from vigie.matching.engine.index import Entry, Index, State
from vigie.matching.engine.rows import Rows
from vigie.matching.engine.store import Damaged, NotOurs, Store, Unsafe, write_array
from vigie.matching.engine.tables import tables_into
from vigie.matching.engine.tests.hashes import FEW, filled, hexes, moved, random_hashes

pytestmark = pytest.mark.pure


def test_a_folder_may_be_named_in_a_text(tmp_path):
    with Index(str(tmp_path / "index")) as index:
        index.set_list("ours")
    assert Index(tmp_path / "index").thresholds == {"ours": 31}


@pytest.mark.parametrize("compact", [False, True], ids=["inline", "compact"])
@pytest.mark.parametrize(
    "search", [kernels.search_base, plain.search_base], ids=["kernel", "numpy"]
)
def test_every_planted_pair_is_found_at_every_distance_and_nothing_beyond(search, compact):
    random = np.random.default_rng(5)
    hashes = random_hashes(4_000)
    keys = np.arange(len(hashes), dtype=np.uint64)
    base = tuple(
        np.ascontiguousarray(part) for part in (keys, hashes, *tables_into(hashes, compact))
    )
    for array in base:
        array.setflags(write=False)
    none = Rows.none().frozen().keys
    many = 40 if search is kernels.search_base else 4
    rows, distances = np.empty((many, 9), np.int64), np.empty((many, 9), np.int64)
    counts = np.empty(many, np.int64)
    for distance in range(36):
        planted = random.integers(0, len(hashes), many)
        queries = np.array([moved(hashes[row], distance, random) for row in planted])
        queries.setflags(write=False)
        for radius in {0, 15, 16, 31, min(distance, 31), min(max(distance - 1, 0), 31)}:
            limits = np.array([radius])
            search(queries, base, none, limits, radius, rows, distances, counts)
            near = distance <= radius
            assert counts.tolist() == [near] * many
            if near:
                assert rows[:, 0].tolist() == planted.tolist()
                assert distances[:, 0].tolist() == [distance] * many


@pytest.fixture(params=["compiled", "numpy"])
def searched_by(request, monkeypatch):
    if request.param == "numpy":
        monkeypatch.setattr(kernels, "search_base", plain.search_base)
        monkeypatch.setattr(kernels, "search_tail", plain.search_tail)


def test_where_numba_is_the_search_is_compiled():
    assert kernels.search_base is compiled.search_base


def test_where_numba_is_missing_numpy_searches():
    program = "import sys; sys.modules['numba'] = None; from vigie.matching.engine import kernels"
    words = [sys.executable, "-c", f"{program}; print(kernels.search_base.__module__)"]
    told = subprocess.run(words, capture_output=True, check=True, text=True).stdout
    assert told == f"{plain.__name__}\n"


@pytest.mark.usefixtures("searched_by")
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


@pytest.mark.usefixtures("searched_by")
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
    index.change([Entry("near", 500, hexes(hashes[7])[0])])
    expected = [[number] for number in range(500)]
    expected[7] = [7, 500]
    for threads, most in itertools.product((None, 1, 2), (2, 1_000, 2_000_000)):
        answers = index.search_many(hexes(hashes), most, threads)
        assert [[match.number for match in one.matches] for one in answers] == expected
        assert not any(one.cut for one in answers)
    assert [one.cut for one in index.search_many(hexes(hashes), 1)] == [n == 7 for n in range(500)]
    assert index.search_many([]) == []


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


def test_searches_in_threads_are_right_while_another_adds_and_merges(tmp_path):
    hashes = random_hashes(300)
    index = filled(tmp_path / "index", hashes[:100])
    known, done = hexes(hashes[:100]), threading.Event()

    def look() -> int:
        looked = 0
        while not done.is_set():
            found = index.search(known[looked % 100]).matches
            assert [one.number for one in found] == [looked % 100]
            looked += 1
        return looked

    with ThreadPoolExecutor(2) as pool:
        lookers = [pool.submit(look) for _ in range(2)]
        for number in range(100, 300, 20):
            index.put_many("near", np.arange(number, number + 20), hashes[number : number + 20])
            if number % 60 == 0:
                index.merge()
        done.set()
        assert all(looker.result() > 0 for looker in lookers)
    assert len(index) == 300


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
        if path.name.endswith("lock") or path.name == "sums.json":
            continue  # nothing of an entry is in them
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


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _shorter(path: Path) -> None:
    """A column that is whole, but not as long as the others."""
    few = np.load(path)[:-1]
    path.unlink()
    write_array(path, few)


def _filled(path: Path, number: int) -> None:
    """Of the right size, and of nothing but this."""
    of = np.load(path)
    path.unlink()
    write_array(path, np.full_like(of, number))


DAMAGE = {
    "manifest cut": ("manifest.json", _cut),
    "manifest empty": ("manifest.json", lambda path: path.write_bytes(b"")),
    "manifest of another kind": ("manifest.json", lambda path: path.write_bytes(b"[1, 2]")),
    "manifest without its lists": (
        "manifest.json",
        lambda path: path.write_bytes(b'{"format": 1, "number": 3}'),
    ),
    "manifest gone": ("manifest.json", Path.unlink),
    "column cut": ("base-*/hashes.npy", _cut),
    "column missing": ("base-*/keys.npy", Path.unlink),
    "column shorter": ("base-*/states.npy", _shorter),
    "table cut": ("base-*/lows.npy", _cut),
    "table shorter": ("base-*/lows.npy", _shorter),
    "keys of zeros": ("base-*/keys.npy", partial(_filled, number=0)),
    "table of zeros": ("base-*/starts.npy", partial(_filled, number=0)),
    "tail cut": ("tail-*.npz", _cut),
    "tail of another kind": ("tail-*.npz", lambda path: path.write_bytes(b"no archive")),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_index_says_so_and_can_be_made_anew_beside_those_who_serve(name, tmp_path):
    pattern, harm = DAMAGE[name]
    hashes = random_hashes(300)
    serving = filled(tmp_path / "index", hashes)
    serving.merge()
    serving.change([Entry("near", 900, "f" * 64)])
    (path,) = (tmp_path / "index").glob(pattern)
    harm(path)
    with pytest.raises(Damaged):
        Index(tmp_path / "index")
    note_of(tmp_path / "index")
    with Index(tmp_path / "index", fresh=True) as anew:
        assert len(anew) == 0
        anew.set_list("near")
        anew.change([Entry("near", 1, "f" * 64)])
    serving.refresh()
    assert [match.number for match in serving.search("f" * 64).matches] == [1]


@pytest.mark.parametrize("search", [plain, None])
@pytest.mark.parametrize(("name", "number"), [("highs", 0xFF), ("lows", 0xFFFF)])
def test_rows_that_are_none_and_lists_that_are_none_end_no_search(
    name, number, search, tmp_path, monkeypatch
):
    if search:
        monkeypatch.setattr(kernels, "search_base", plain.search_base, raising=False)
    hashes = random_hashes(300)
    filled(tmp_path / "index", hashes).merge()
    (path,) = (tmp_path / "index").glob(f"base-*/{name}.npy")
    _filled(path, number)
    with Index(tmp_path / "index") as index:
        assert not any(answer.matches for answer in index.search_many(hexes(hashes)))


@pytest.mark.parametrize(
    "name", ["keys", "hashes", "classes", "states", "starts", "lows", "highs", "folds"]
)
def test_one_bit_that_turned_on_the_disk_is_found_by_whoever_asks(name, tmp_path):
    with filled(tmp_path / "index", random_hashes(300)) as index:
        assert index.verify()  # all of it is in the tail, which is checked whenever it is read
        index.merge()
        assert index.verify()
        (path,) = (tmp_path / "index").glob(f"base-*/{name}.npy")
        content = bytearray(path.read_bytes())
        content[-70] ^= 1
        path.write_bytes(content)
        with pytest.raises(Damaged, match=name):
            index.verify()
        path.unlink()
        with pytest.raises(Damaged, match=name):
            index.verify()


@pytest.mark.parametrize("name", ["classes", "states"])
def test_a_class_or_state_that_is_none_is_told_as_damage_by_the_search(name, tmp_path):
    hashes = random_hashes(300)
    filled(tmp_path / "index", hashes).merge()
    (path,) = (tmp_path / "index").glob(f"base-*/{name}.npy")
    _filled(path, 154)
    with Index(tmp_path / "index") as index, pytest.raises(Damaged):
        index.search_many(hexes(hashes))


def test_what_was_damaged_is_never_merged_as_good_and_who_changes_something_is_told(
    tmp_path, monkeypatch
):
    with filled(tmp_path / "index", random_hashes(300)) as index:
        index.merge()
        (path,) = (tmp_path / "index").glob("base-*/hashes.npy")
        content = bytearray(path.read_bytes())
        content[-70] ^= 1
        path.write_bytes(content)
        monkeypatch.setattr(index_module, "MOST_TAIL", 1)
        index.change([Entry("near", 900, "f" * 64), Entry("near", 901, "e" * 64)])
        index.close()  # when the merge in the background has ended
        with pytest.raises(Damaged, match="hashes"):
            index.change([Entry("near", 902, "d" * 64)])
        with pytest.raises(Damaged, match="hashes"):
            index.merge()


def test_an_index_without_sums_says_that_nobody_can_tell_and_has_them_after_a_merge(tmp_path):
    with filled(tmp_path / "index", random_hashes(300)) as index:
        index.merge()
        (path,) = (tmp_path / "index").glob("base-*/sums.json")
        path.write_bytes(b"[]")
        with pytest.raises(Damaged):
            index.verify()
        path.unlink()
        assert not index.verify()
        index.merge()
        assert index.verify()


def test_arrays_that_do_not_fit_are_refused_before_anything_is_written(tmp_path):
    words = np.zeros((2, 4), np.uint64)
    with Index(tmp_path / "index") as index:
        index.set_list("near")
        for numbers in ([1 << 48, 1], [-1, 1], [1], [1, 2, 3]):
            with pytest.raises(ValueError):
                index.put_many("near", np.array(numbers), words)
        assert len(index) == 0
        with pytest.raises(ValueError):
            index.search_many(["0" * 64], most=0)


@pytest.mark.parametrize(
    "pdqs",
    [["ab" * 31, "ab" * 33], ["a" * 62 + "  "], ["a" * 63], ["g" * 64], ["a" * 65, "a" * 63]],
)
def test_words_are_of_values_that_are_each_whole(pdqs, tmp_path):
    with pytest.raises(ValueError):
        words_of(pdqs)
    index = filled(tmp_path / "index", FEW)
    with pytest.raises(ValueError):
        index.change([Entry("near", 900 + n, pdq) for n, pdq in enumerate(pdqs)])
    assert len(index) == len(FEW)
