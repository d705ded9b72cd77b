"""`vigie screen` as it is run: another process, on folders, lists and pictures."""

import contextlib
import hashlib
import inspect
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from PIL import Image

from bench.sheets import scene, sheet
from tests.environment import ROOT
from vigie.lib.seal import new_identity
from vigie.matching.engine.index import Entry, Index, State
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.tests.pictures import colours, saved
from vigie.matching.exact import write_exact
from vigie.matching.screen.command import main
from vigie.matching.screen.looking import nearest
from vigie.matching.screen.sources import in_folder
from vigie.matching.screen.tests.support import COMMAND, lines_in, screened, started

pytestmark = [pytest.mark.pure, pytest.mark.rest]
KEYS = ["path", "outcome", "sha256", "sha1", "md5", "pdq", "quality", "cut"]
KEYS += ["parts_missing", "matches"]
ON_SHEET = sheet(0, 3, 3, 90)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """It knows one picture, and one that lies on a sheet."""
    folder = tmp_path / "index"
    with Index(folder) as made:
        made.set_list("partner", threshold=31, action="propose")
        known = hash_picture(saved(colours(1, 800, 600))).pdq.value
        on_sheet = hash_picture(saved(ON_SHEET.pictures[4])).pdq.value
        made.change(
            [Entry("partner", 7, known, "baseline"), Entry("partner", 8, on_sheet)]
            + [Entry("partner", 9, known, "national", State.DISPUTED)]
        )
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "below").mkdir(parents=True)
    again = colours(1, 800, 600).resize((400, 300))
    (folder / "below/again.jpg").write_bytes(saved(again, "JPEG", quality=50))
    (folder / "other.png").write_bytes(saved(colours(2, 300, 200)))
    (folder / "sheet.jpg").write_bytes(ON_SHEET.data)
    (folder / "words.txt").write_bytes(b"words")
    (folder / "packed.zip").write_bytes(b"PK\x03\x04 and so on")
    (folder / os.fsdecode(b"\xff.png")).write_bytes(saved(colours(3, 300, 200)))
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("nowhere")
    (folder / "around").symlink_to(folder)
    return folder


def test_each_file_of_a_folder_has_one_line_with_its_hashes_and_what_it_matches(folder, index):
    lines = screened(folder, "--index", index)
    assert all(list(line) == KEYS for line in lines)
    by_name = {os.path.relpath(line["path"], folder): line for line in lines}
    assert len(lines) == len(by_name) == 9
    data = (folder / "below/again.jpg").read_bytes()
    again = by_name["below/again.jpg"]
    for name in ("sha256", "sha1", "md5"):
        assert again[name] == hashlib.new(name, data).hexdigest()
    assert again["pdq"] == hash_picture(data).pdq.value and again["quality"] > 50
    first, second = again["matches"]
    assert first.pop("distance") == second.pop("distance") <= 31
    same = {"list": "partner", "kind": "pdq", "action": "propose", "part": 0}
    assert first == {**same, "entry": 7, "class": "baseline", "state": "active"}
    assert second == {**same, "entry": 9, "class": "national", "state": "disputed"}
    assert [(m["entry"], m["part"]) for m in by_name["sheet.jpg"]["matches"]] == [(8, 5)]
    outcomes = {name: line["outcome"] for name, line in by_name.items()}
    assert outcomes == {
        "below/again.jpg": "ok",
        "other.png": "ok",
        "sheet.jpg": "ok",
        "words.txt": "not_a_picture",
        "packed.zip": "archive",
        os.fsdecode(b"\xff.png"): "ok",
        "pipe": "not_a_file",
        "link": "unreadable",
        "around": "not_a_file",
    }
    assert by_name["other.png"]["matches"] == [] and by_name["pipe"]["sha256"] is None


def test_what_was_not_looked_at_is_said_in_the_line_and_at_the_end_and_counted_on(tmp_path):
    folder, out = tmp_path / "files", tmp_path / "out"
    folder.mkdir()
    frames = [colours(n, 200, 150) for n in range(12)]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    (folder / "1.gif").write_bytes(moving)
    (folder / "2.tif").write_bytes(saved(frames[0], "TIFF"))
    (folder / "3.avif").write_bytes(saved(frames[0], "AVIF")[:300])
    (folder / "4.txt").write_bytes(b"words")
    for _ in range(2):
        run = started(folder, "--out", out, stderr=subprocess.PIPE)
        said = run.communicate()[1].decode()
        assert run.returncode == 0
        assert "screened 4 of 4, nothing searched (no --index), 2 not looked at as pictures" in said
    told = [(line["outcome"], line["parts_missing"]) for line in lines_in(out)]
    assert told == [("ok", 3), ("unsupported", None), ("damaged", None), ("not_a_picture", None)]


def test_a_sealed_index_opens_with_its_key_alone(folder, tmp_path):
    identity, _recipient = new_identity()
    with Index(tmp_path / "sealed", identity) as made:
        made.set_list("ours")
        made.change([Entry("ours", 1, hash_picture(saved(colours(2, 300, 200))).pdq.value)])
    key = tmp_path / "index.key"
    key.write_text(f"{identity}\n")
    (line,) = screened(folder / "other.png", "--index", tmp_path / "sealed", "--key", key)
    assert [match["entry"] for match in line["matches"]] == [1]
    key.write_text(new_identity()[0])
    for words in ([], ["--key", key]):
        screened(folder / "other.png", "--index", tmp_path / "sealed", *words, code=2)


@pytest.mark.parametrize("name", ["manifest.json", "tail-*.npz", "exact.npz"])
def test_a_damaged_index_is_named_in_words(name, folder, index, capfd):
    write_exact(index, [])
    (path,) = index.glob(name)
    path.write_bytes(path.read_bytes()[:20])
    assert main([str(folder), "--index", str(index)]) == 2
    said = capfd.readouterr().err
    assert "the index is damaged" in said and path.name in said
    assert "vigie hashes index" in said


def test_of_very_many_matches_the_nearest_are_named(tmp_path):
    with Index(tmp_path / "large") as large:
        large.set_list("ours")
        far = [Entry("ours", n, f"{n << 20 | 0xFFFFF:064x}") for n in range(1, 1_500)]
        large.change([*far, Entry("ours", 5_000, "0" * 64)])
        found = nearest(large, "0" * 64, 1_000)
    assert (len(found), found[0].number) == (1_000, 5_000)


def test_on_a_terminal_a_bar_says_how_far_it_is(folder):
    reader, writer = pty.openpty()
    termios.tcsetwinsize(writer, (24, 100))
    run = started(folder, stderr=writer, stdout=subprocess.DEVNULL)
    os.close(writer)
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal
        while piece := os.read(reader, 4096):
            shown += piece
    os.close(reader)
    assert run.wait() == 0
    assert b"9/9" in shown and b"screened 9 of 9, nothing searched" in shown


def test_folders_within_folders_to_any_depth(tmp_path):
    deep = tmp_path / "deep"
    deep.mkdir()
    place = os.open(deep, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d", dir_fd=place)
        below = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(os.open("file", os.O_CREAT, dir_fd=place))
    os.close(place)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 100)
    try:
        assert [path.count("/d") for path in in_folder(deep)] == [301]
    finally:
        sys.setrecursionlimit(limit)


def test_a_list_of_files_is_read_each_once_and_one_that_is_missing_says_so(folder):
    paths = [folder / "other.png", folder / "not there", folder / "other.png", folder]
    lines = screened("-", stdin="\n".join(map(str, paths)).encode())
    assert [line["outcome"] for line in lines] == ["ok", "unreadable", "not_a_file"]
    listed = b"\0".join(os.fsencode(path) for path in paths[:2])
    assert len(screened("-", "--null", "--out", "-", stdin=listed)) == 2


def test_a_file_that_is_too_much_has_its_hashes_and_says_so(folder, tmp_path):
    data = (folder / "other.png").read_bytes()
    (line,) = screened(folder / "other.png", "--most-bytes", len(data) - 1)
    assert (line["outcome"], line["sha256"]) == ("too_large", hashlib.sha256(data).hexdigest())
    big = tmp_path / "big.png"
    big.write_bytes(saved(Image.new("RGB", (6000, 6000))))
    (line,) = screened(big, "--memory", 8)
    assert line["outcome"].startswith(("too_hard: ", "not_a_picture"))
    assert line["sha1"] == hashlib.sha1(big.read_bytes()).hexdigest()


def test_a_picture_of_too_many_pixels_says_so(tmp_path):
    Image.new("1", (8_000, 7_000)).save(tmp_path / "huge.png")
    (line,) = screened(tmp_path / "huge.png")
    assert (line["outcome"], line["pdq"]) == ("too_hard: pixels", None)


def test_a_run_that_is_killed_goes_on_and_every_file_has_exactly_one_line(tmp_path, index):
    folder, out = tmp_path / "many", tmp_path / "many/out.jsonl"
    folder.mkdir()
    data = saved(scene(1, 200, 150), "JPEG")
    names = {str(folder / f"{number:03}.jpg") for number in range(60)}
    for name in names:
        Path(name).write_bytes(data + name.encode())
    words = (folder, "--index", index, "--out", out, "--jobs", 2)
    run = started(*words)
    _until(lambda: out.exists() and out.read_bytes().count(b"\n") >= 15)
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert out.read_bytes().count(b"\n") < 60
    kept = lines_in(out)[:-1]
    with out.open("rb+") as file:  # a line of which half was written
        file.truncate(out.stat().st_size - 30)
    assert started(*words).wait() == 0
    lines = lines_in(out)
    assert sorted(line["path"] for line in lines) == sorted(names)
    assert lines[: len(kept)] == kept, "what was written stays"
    assert out.stat().st_mode & 0o077 == 0
    before = out.read_bytes()
    assert started(*words).wait() == 0
    assert out.read_bytes() == before


def _until(done) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_two_runs_do_not_write_to_one_file(tmp_path, folder):
    out = tmp_path / "out"
    reader, writer = os.pipe()
    first = started("-", "--out", out, stdin=reader)
    _until(out.exists)
    time.sleep(0.2)
    assert screened(folder, "--out", out, code=2) == []
    os.close(writer)
    os.close(reader)
    assert first.wait() == 0


@pytest.mark.parametrize("words", [["nowhere"], [".", "--index", "nowhere"], [".", "--jobs", "0"]])
def test_what_cannot_begin_says_so_alone_and_makes_nothing(words):
    done = subprocess.run([*COMMAND, *words], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "vigie screen: " in done.stderr and "screened" not in done.stderr
    assert not Path("nowhere").exists()
