"""The tables of a large index: numbers of rows in parts, their size, and tables of another time."""

import numpy as np
import pytest

from vigie.matching.engine import kernels, plain, tables
from vigie.matching.engine.index import Index
from vigie.matching.engine.rows import Rows
from vigie.matching.engine.tests.hashes import filled, hexes, moved, random_hashes

pytestmark = pytest.mark.pure
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
    rows, distances = np.empty(9, np.int64), np.empty(9, np.int64)
    for row in ROWS:
        query = moved(HASHES[row], 31, random)
        query.setflags(write=False)
        for search in (kernels.search_base, plain.search_base):
            found = search(query, base, Rows.none().keys, np.array([31]), 31, rows, distances)
            assert rows[:found].tolist() == [row]
            assert distances[:found].tolist() == [31]


def test_the_compact_layout_takes_at_most_a_hundred_bytes_a_hash(tmp_path):
    with filled(tmp_path / "index", HASHES, compact=True) as index:
        index.close()
        index.merge()
    starts = 16 * 65_537 * 4
    size = sum(path.stat().st_size for path in (tmp_path / "index").rglob("*")) - starts
    assert size / len(HASHES) < 91
    query = hexes(HASHES[70_001])[0]
    assert Index(tmp_path / "index").search(query).matches[0].number == 70_001


def test_a_large_part_without_these_tables_is_searched_all_the_same(tmp_path):
    few = HASHES[:500]
    with filled(tmp_path / "index", few) as index:
        index.merge()
    for path in (tmp_path / "index").glob("base-*/lows.npy"):
        path.rename(path.with_name("ids.npy"))
    query = hexes(few[123])[0]
    with Index(tmp_path / "index") as index:
        assert [match.number for match in index.search(query).matches] == [123]
        index.merge()
    assert list((tmp_path / "index").glob("base-*/lows.npy"))
    assert Index(tmp_path / "index").search(query).matches[0].number == 123
