"""The demonstration told to stop: whenever that comes, every program ends, without a traceback."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demonstration import RUNNING, Demonstration, free_ports, until
from tests.environment import ROOT

pytestmark = [*RUNNING, pytest.mark.rest]


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Beside the one of the other tests, on other ports."""
    return Demonstration(free_ports(), tmp_path_factory.mktemp("another") / "demo")


def started(another: Demonstration) -> "subprocess.Popen[str]":
    """In a group of its own, as a shell starts it: Ctrl-C reaches the whole group.

    Tests that run in the background may have been told to ignore it; their children would too.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "vigie.cli", "demo", "run"],
            cwd=ROOT,
            env=another.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)


def children_of(folder: Path) -> Iterator[int]:
    """Processes that name the folder in their command or environment."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in told:
                yield int(entry.name)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked for in /proc")
@pytest.mark.parametrize(
    ("number", "moment"),
    [
        # in the middle of making the databases
        pytest.param(signal.SIGINT, "front.sqlite3", marks=pytest.mark.matrix),
        (signal.SIGINT, "sandbox.pid"),  # the first program starts, the others do not run yet
        # the last one has just been started
        pytest.param(signal.SIGHUP, "worker.pid", marks=pytest.mark.matrix),
    ],
)
def test_every_program_ends_whenever_it_is_told_to(another, number, moment):
    with started(another) as child:
        try:
            until((another.folder / moment).exists, 90)
            os.killpg(child.pid, number)
            said, _ = child.communicate(timeout=60)
        finally:
            child.kill()
    assert child.returncode == 0, said
    assert "Traceback" not in said
    assert list(children_of(another.folder)) == []
