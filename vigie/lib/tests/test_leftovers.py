"""What was deleted is in no file any more, also while other programs have the database open."""

import sqlite3

import pytest

from config.environment import database
from vigie.lib.leftovers import empty_log

MARK = b"these bytes were given and taken back"
PICTURE = (MARK * 4000)[:150_000]


@pytest.fixture
def opened(tmp_path):
    """A database as the programs open it, with one picture in its file and then taken back."""
    file = tmp_path / "front.sqlite3"
    options = database(f"sqlite:///{file}", "VIGIE_FRONT")["OPTIONS"]
    connection = sqlite3.connect(file, isolation_level=None)
    # As a library that was built without it.
    connection.executescript("PRAGMA secure_delete=OFF;" + options["init_command"])
    connection.executescript("CREATE TABLE picture (data BLOB); CREATE TABLE note (text TEXT);")
    connection.execute("INSERT INTO picture VALUES (?)", [PICTURE])
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    connection.execute("DELETE FROM picture")
    connection.execute("INSERT INTO note VALUES ('stays')")
    yield file, connection
    connection.close()


def left(file):
    return sum(one.read_bytes().count(MARK) for one in file.parent.iterdir())


def test_a_deleted_picture_is_in_no_file_after_the_log_was_emptied(opened):
    file, connection = opened
    assert left(file) > 0
    assert empty_log(file)
    assert left(file) == 0
    assert connection.execute("SELECT text FROM note").fetchone() == ("stays",)


def test_somebody_who_still_reads_an_older_state_is_not_disturbed(opened):
    file, connection = opened
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM note").fetchone()
    connection.execute("INSERT INTO note VALUES ('later')")
    assert not empty_log(file)
    assert other.execute("SELECT count(*) FROM note").fetchone() == (1,)
    other.close()
    assert empty_log(file) and left(file) == 0


def test_nothing_to_empty_is_no_fault(tmp_path):
    assert empty_log(tmp_path / "none.sqlite3")
    assert not (tmp_path / "none.sqlite3").exists()
