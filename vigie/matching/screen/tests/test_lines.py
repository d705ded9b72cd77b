"""What is written to: lines of our own, and nothing else that lies there."""

import json
import os
from pathlib import Path

import pytest

from vigie.matching.engine.tests.pictures import colours, saved
from vigie.matching.screen.lines import Lines, NotLines, Otherwise
from vigie.matching.screen.sources import from_disk
from vigie.matching.screen.tests.support import screened, started

pytestmark = pytest.mark.pure
MATCH = {"list": "partner", "entry": 1}


def line(path: str, matches: list[object] | None) -> bytes:
    return json.dumps({"path": path, "outcome": "ok", "matches": matches}).encode() + b"\n"


OURS = line("one", []) + line("two", [MATCH])
OTHERS = {
    "words": b"what an officer wrote down",
    "lines": b"one\ntwo\n",
    "a picture": saved(colours(1, 40, 30), "JPEG"),
    "JSON of another": b'{"name": "x"}\n',
    "a damaged line": OURS[:9] + b"\xff" + OURS[10:],
    "a line without its end, in the middle": OURS[:20] + b"\n" + OURS,
    "paths that are none": b'{"path": 7, "matches": []}\n',
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_holds_anything_else_is_left_as_it_is(name, tmp_path):
    out = tmp_path / "out"
    out.write_bytes(OTHERS[name])
    with pytest.raises(NotLines):
        Lines(out, searched=True)
    assert out.read_bytes() == OTHERS[name]


def test_the_command_says_so(tmp_path):
    out = tmp_path / "notes.txt"
    out.write_bytes(OTHERS["words"])
    assert screened(tmp_path, "--out", out, code=2) == []
    assert out.read_bytes() == OTHERS["words"]


@pytest.mark.parametrize("rest", [b"", b'{"pa', b'{"path": "thr', line("three", [])[:-1]])
def test_of_a_killed_run_the_unfinished_line_alone_is_cut_off(rest, tmp_path):
    out = tmp_path / "out"
    out.write_bytes(OURS + rest)
    lines = Lines(out, searched=True)
    lines.close()
    assert out.read_bytes() == OURS
    assert (lines.resumed, lines.matched) == (2, 1)
    assert [lines.wants(path) for path in ("one", "two", "three")] == [False, False, True]


@pytest.mark.parametrize(("matches", "searched"), [([], False), (None, True)])
def test_lines_with_an_index_and_without_one_are_not_mixed(matches, searched, tmp_path):
    out = tmp_path / "out"
    out.write_bytes(line("one", matches))
    with pytest.raises(Otherwise):
        Lines(out, searched=searched)
    assert out.read_bytes() == line("one", matches)


def test_a_device_is_no_place_for_lines(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotLines):
        Lines(tmp_path / "pipe", searched=True)


def test_its_own_output_is_no_file_of_the_folder_but_one_of_that_number_elsewhere_is(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"words")
    told = path.stat()
    for skip, expected in [((told.st_dev, told.st_ino), 0), ((told.st_dev + 1, told.st_ino), 1)]:
        assert len(list(from_disk([str(path)], lambda _path: True, 10, skip))) == expected


def test_a_list_may_come_from_windows(tmp_path):
    path: Path = tmp_path / "one.png"
    path.write_bytes(saved(colours(1, 40, 30)))
    (found,) = screened("-", stdin=f"{path}\r\n".encode())
    assert (found["path"], found["outcome"], found["matches"]) == (str(path), "ok", None)


def test_what_is_no_number_is_said_in_words(tmp_path):
    run = started(tmp_path, "--jobs", "0", stderr=-1)
    assert b"a whole number, 1 at least" in run.communicate()[1]
