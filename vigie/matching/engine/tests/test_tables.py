"""The tables of a large index: numbers of rows in parts, their size, and tables of another time."""

import numpy as np
import pytest

from vigie.matching.engine import kernels, plain, tables
from vigie.matching.engine.index import Index
from vigie.matching.engine.rows import Rows
from vigie.matching.engine.tests.hashes import filled, hexes, moved, random_hashes

pytestmark = [pytest.mark.pure, pytest.mark.rest]
HASHES = random_hashes(140_000)
ROWS = [0, 65_535, 65_536, 70_001, 131_071, 131_072, len(HASHES) - 1]


@pytest.mark.parametrize("short", [1 << 24, 10], ids=["24 bits", "32 bits"])
def test_a_row_is_found_by_every_part_of_its_number(monkeypatch, short):
    monkeypatch.setattr(tables, "SHORT", short)
    random = np.random.default_rng(8)
    keys = np.arange(len(HASHES), dtype=np.uint64)
    base = tuple(map(np.ascontiguousarray, (keys, HASHES, *tables.tables_into(HASHES, True))))
    for array in base:
        array.setflags(write=False)
    assert base[4].dtype == (np.uint8 if short > 10 else np.uint16)
    rows, distances = np.empty((len(ROWS), 9), np.int64), np.empty((len(ROWS), 9), np.int64)
    counts = np.empty(len(ROWS), np.int64)
    queries = np.array([moved(HASHES[row], 31, random) for row in ROWS])
    queries.setflags(write=False)
    for search in (kernels.search_base, plain.search_base):
        search(queries, base, Rows.none().keys, np.array([31]), 31, rows, distances, counts)
        assert counts.tolist() == [1] * len(ROWS)
        assert rows[:, 0].tolist() == ROWS
        assert distances[:, 0].tolist() == [31] * len(ROWS)


def test_the_compact_layout_takes_at_most_a_hundred_bytes_a_hash(tmp_path):
    with filled(tmp_path / "index", HASHES, compact=True) as index:
        index.close()
        index.merge()
    starts = 16 * 65_537 * 4
    size = sum(path.stat().st_size for path in (tmp_path / "index").rglob("*")) - starts
    assert size / len(HASHES) < 91
    query = hexes(HASHES[70_001])[0]
    assert Index(tmp_path / "index").search(query).matches[0].number == 70_001


def test_a_large_part_without_these_tables_is_searched_all_the_same(tmp_path, caplog):
    few = HASHES[:500]
    with filled(tmp_path / "index", few) as index:
        index.merge()
    for path in (tmp_path / "index").glob("base-*/folds.npy"):
        path.rename(path.with_name("words.npy"))
    query = hexes(few[123])[0]
    with Index(tmp_path / "index") as index:
        assert "made anew in memory" in caplog.text
        assert [match.number for match in index.search(query).matches] == [123]
        index.merge()
    assert list((tmp_path / "index").glob("base-*/folds.npy"))
    assert Index(tmp_path / "index").search(query).matches[0].number == 123


def test_more_equal_hashes_than_are_looked_at_together_are_all_found(tmp_path):
    alike = [HASHES[0], np.zeros(4, np.uint64), ~np.zeros(4, np.uint64)]
    hashes = np.concatenate([np.tile(one, (700, 1)) for one in alike])
    index = filled(tmp_path / "index", hashes[np.random.default_rng(9).permutation(len(hashes))])
    index.merge()
    for answer in index.search_many(hexes(alike)):
        assert [match.distance for match in answer.matches] == [0] * 700
        assert len({match.number for match in answer.matches}) == 700
