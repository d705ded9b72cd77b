"""The demonstration gives each program what it needs and no more, and refuses in one line."""

import os
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demonstration import Demonstration, free_ports, until
from vigie.demo import environment, leftover, programs
from vigie.demo.browser import Page, _Reader

pytestmark = [pytest.mark.pure, pytest.mark.rest]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A demonstration's folder; its keys take seconds to make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "FOLDER", tmp_path_factory.mktemp("demo"))
        environment.make_folder()
        yield environment.FOLDER


def test_the_public_program_gets_no_private_key_no_database_of_reports_and_no_desk_secret(folder):
    public = environment.load_environment("public")
    desk = environment.load_environment("desk")
    assert not {"VIGIE_KEYS", "VIGIE_DATABASE", "VIGIE_JOURNAL_HEADS", "VIGIE_SMTP"} & set(public)
    assert {"VIGIE_KEYS", "VIGIE_DATABASE", "VIGIE_SECRET_KEY"} <= set(desk)
    assert public["VIGIE_SECRET_KEY"] != desk["VIGIE_SECRET_KEY"]
    assert str(folder / "keys") not in "\n".join(public.values())
    assert "VIGIE_RECEIPT_KEY" not in desk, "the desk cannot recompute a receipt's hash"


def test_the_match_program_gets_no_key_and_no_desk_secret(folder):
    match, desk = environment.load_environment("match"), environment.load_environment("desk")
    assert not {"VIGIE_KEYS", "VIGIE_FRONT_DATABASE", "VIGIE_SMTP"} & set(match)
    assert match["VIGIE_SECRET_KEY"] != desk["VIGIE_SECRET_KEY"]
    assert match["VIGIE_HASH_INDEX"] != desk["VIGIE_HASH_INDEX"]


def test_everything_of_the_demonstration_listens_and_sends_on_loopback(folder):
    for surface in ("public", "desk", "match", "worker"):
        settings = environment.load_environment(surface)
        hosts = settings["VIGIE_HOSTS"].split(",")
        assert set(hosts) <= {"localhost", "127.0.0.1", "desk.localhost"}
    assert settings["VIGIE_SANDBOX"]
    assert settings["VIGIE_NAMESERVERS"].startswith("127.0.0.1:")
    assert settings["VIGIE_SMTP"].startswith("smtp://127.0.0.1:")
    command = programs.web("desk", 1).command
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert "--no-access-log" in command


def test_a_program_inherits_nothing_of_the_shell_but_a_few_names(folder):
    kept = set(programs.worker().environment) - set(environment.load_environment("worker"))
    assert kept <= {"PATH", "HOME", "LANG", "TMPDIR"}
    assert set(programs.sandbox().environment) <= {"PATH", "HOME", "LANG", "TMPDIR"}


def test_the_outside_world_is_told_where_one_reports_for_real(folder):
    organisation = tomllib.loads(environment.ORGANISATION.read_text("utf-8"))
    command = programs.sandbox().command
    assert command[command.index("--report-url") + 1] == organisation["real_report"]["url"]
    assert command[command.index("--report-label") + 1] == "Where to report for real"


def test_keys_are_made_once_and_only_their_owner_can_read_them(folder):
    keys = folder / "keys"
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    environment.make_folder()
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before
    assert {path.stat().st_mode & 0o077 for path in keys.iterdir()} == {0}


def test_without_a_demonstration_it_says_how_to_start_one(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "FOLDER", tmp_path)
    with pytest.raises(SystemExit, match="Start it with: make run"):
        environment.load_environment("worker")


def test_a_taken_port_is_named_and_nothing_is_started_or_forgotten(tmp_path):
    kept = tmp_path / "prepared"
    kept.touch()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        child = Demonstration(taken.getsockname()[1], tmp_path).start("demo", "run", "--fresh")
        said, _ = child.communicate(timeout=30)
        assert child.returncode == 2
        assert said.startswith(f"vigie: port {taken.getsockname()[1]} is taken.")
    assert "VIGIE_DEMO_PORT=" in said
    assert len(said.splitlines()) == 1
    assert kept.exists(), "an earlier demonstration is not thrown away"
    assert os.listdir(tmp_path) == ["prepared"]  # noqa: PTH208


def somebodys(folder: Path, name: str = "letter to my mother.txt") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("dear")
    return folder / name


@pytest.mark.parametrize("fresh", [[], ["--fresh"]])
@pytest.mark.parametrize("name", ["letter to my mother.txt", "prepared"])
def test_a_folder_of_somebody_is_never_emptied(tmp_path, fresh, name):
    kept = somebodys(tmp_path / "home", name)
    said = refusal(kept.parent, *fresh)
    assert "not a demonstration's folder" in said and str(kept.parent) in said
    assert [path.name for path in kept.parent.iterdir()] == [name]


def test_a_file_in_the_place_of_the_folder_is_refused_in_one_line(tmp_path):
    assert "vigie: " in refusal(somebodys(tmp_path))


def refusal(folder: Path, *words: str) -> str:
    child = Demonstration(free_ports(), folder).start("demo", "run", *words)
    said, _ = child.communicate(timeout=30)
    assert child.returncode == 2
    assert len(said.splitlines()) == 1
    return said


@pytest.mark.parametrize("mark", [environment.MARK, "keys/demonstration"])
def test_what_an_earlier_demonstration_left_is_emptied_only_when_it_begins_anew(
    tmp_path, monkeypatch, mark
):
    monkeypatch.setattr(environment, "FOLDER", tmp_path / "demo")
    environment.take_folder(anew=True)
    (environment.FOLDER / environment.MARK).unlink()
    (environment.FOLDER / mark).parent.mkdir(exist_ok=True)
    (environment.FOLDER / mark).touch()
    left = somebodys(environment.FOLDER, "vigie.sqlite3")
    environment.take_folder(anew=False)
    assert left.exists()
    environment.take_folder(anew=True)
    assert [path.name for path in environment.FOLDER.iterdir()] == [environment.MARK]


def test_the_walks_browser_reads_forms_as_a_person_would_send_them():
    page = Page("http://x.test/", 200, {}, b"")
    _Reader(page).feed(
        '<form action="/a/" method="POST"><input name="h" type="hidden" value="1">'
        '<input type="checkbox" name="c"><input type="checkbox" name="d" checked>'
        '<input type="radio" name="r" value="x"><input type="radio" name="r" value="y" checked>'
        '<textarea name="t"></textarea><input type="submit" name="s" value="go"></form>'
        '<input name="outside" value="2">'
    )
    form = page.form("/a/")
    assert (form.method, form.fields) == ("post", {"h": "1", "d": "on", "r": "y", "t": ""})
    with pytest.raises(LookupError):
        page.form("/b/")


def test_the_walks_browser_knows_what_a_form_is_about():
    page = Page("http://x.test/", 200, {}, b"")
    _Reader(page).feed(
        '<form action="/q/"></form><li><a href="/queue/items/3/">I-3</a>'
        '<form action="/n/1/approve/"></form></li><li><a href="/queue/items/4/">I-4</a>'
        '<form action="/n/2/approve/"></form></li>'
    )
    assert [form.after for form in page.forms] == ["", "/queue/items/3/", "/queue/items/4/"]


CHILD = """
import subprocess, time
print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
time.sleep(60)  # vigie
"""


def runs(pid: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def started(name: str) -> tuple[programs.Program, int]:
    """A program, and the number of its child."""
    program = programs.Program(name, [sys.executable, "-c", CHILD], {})
    program.start()
    log = programs.log_of(program)
    until(lambda: log.read_text().strip() != "")
    return program, int(log.read_text().split()[-1])


def test_the_children_of_a_program_that_was_killed_do_not_outlive_its_next_start(folder):
    program, grandchild = started("desk")
    assert program.child
    os.kill(program.child.pid, signal.SIGKILL)
    until(program.died)
    assert runs(grandchild)
    program.start()
    until(lambda: not runs(grandchild))
    program.stop()


def test_what_was_left_running_is_ended_unless_somebody_minds_it(folder):
    program, grandchild = started("worker")
    minding = leftover.claim_folder()
    assert minding and not leftover.end_leftovers()
    assert runs(grandchild)
    minding.close()
    assert leftover.end_leftovers()
    until(program.died)
    until(lambda: not runs(grandchild))
    assert not leftover.end_leftovers()
