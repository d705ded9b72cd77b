"""The whole demonstration as its own processes, on free ports, for the tests that need it all.

One for a test session: a module that asks for it is marked with `RUNNING`, or with `BROWSER` if it
needs Chromium as well.
"""

import functools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

from tests.environment import ROOT

T = TypeVar("T")
RUNNING = [pytest.mark.running, pytest.mark.pure]
BROWSER = [pytest.mark.browser, pytest.mark.pure]
FOLDER = "tests/browser/"
WITH_IT = {f"tests/road/test_{name}.py" for name in ("anonymous", "no_oracle", "provider", "walk")}
DOCTOR = "vigie/doctor/"  # starts two programs of its own, once
LONG = ["vigie/items/tests/test_walk.py", "vigie/worker/", "vigie/figures/", "tests/"]
SECONDS_TO_START = 90
MINDERS: list[subprocess.Popen[bytes]] = []  # of the demonstrations that this process started
# An analyst who has no second factor yet.
NEWCOMER = """
from vigie.staff.models import User
from vigie.staff.permissions import Role
User.objects.add("newcomer", "a password of the tests", Role.ANALYST)
"""
# A session of somebody who signed in with both factors a moment ago, made inside the desk.
SIGN_IN = """
import json, time
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from vigie.staff.models import User
made = {}
for user in User.objects.all():
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "vigie.staff.backends.StaffBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 3600, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    made[user.username] = session.session_key
print(json.dumps(made))
"""


class OneDemonstration(LoadGroupScheduling):
    """What needs the demonstration goes to one process: it has the one Chromium too.

    By folder. The mark ``xdist_group`` would say it, but pytest 9.2 no longer lets xdist 3.8 write
    the group into a test's name, and the mark is silently without effect. All else goes by file:
    what a file's tests share is made once.
    """

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    if file.startswith(FOLDER) or file in WITH_IT:
        return FOLDER
    return DOCTOR if file.startswith(DOCTOR) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneDemonstration | None:
    grouped = config.getvalue("dist") == "loadgroup"
    return OneDemonstration(config, log) if grouped else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Among several processes what takes long begins first, and the demonstration before all."""
    if hasattr(config, "workerinput"):
        places = [FOLDER, DOCTOR, *LONG, ""]
        items.sort(
            key=lambda item: next(
                n for n, place in enumerate(places) if group_of(item.nodeid).startswith(place)
            )
        )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if hasattr(item.config, "workerinput") and group_of(item.nodeid) != FOLDER:
        _give_way()


@functools.cache
def _give_way() -> None:
    """The demonstration's tests take longest and mostly wait: what they wait for comes first.

    Once they are done it ends, rather than go round for nothing until the last test of all.
    """
    os.nice(3)
    for minder in MINDERS:
        minder.terminate()


@dataclass(frozen=True)
class Demonstration:
    """Where the running programs answer, and what can be done to them from outside."""

    port: int
    folder: Path

    @property
    def public(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def desk(self) -> str:
        return f"http://desk.localhost:{self.port + 1}"

    @property
    def outside(self) -> str:
        return f"http://127.0.0.1:{self.port + 10}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("VIGIE_", "DJANGO_"))}
        own = {"VIGIE_DEMO_PORT": str(self.port), "VIGIE_DEMO_FOLDER": str(self.folder)}
        return {**kept, **own, "PYTHONUNBUFFERED": "1"}

    def start(self, *words: str) -> subprocess.Popen[str]:
        """``vigie`` with these words; what it says comes on its standard output."""
        return subprocess.Popen(
            [sys.executable, "-m", "vigie.cli", *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def vigie(self, *words: str) -> str:
        """Run ``vigie`` to its end; its last words if it fails."""
        child = self.start(*words)
        said, _ = child.communicate(timeout=SECONDS_TO_START)
        assert child.returncode == 0, said
        return said

    def sessions(self, before: str = "") -> dict[str, str]:
        """A desk session for each member of staff: pages are tested, not signing in.

        ``before``: what is done first, inside the desk.
        """
        said = self.vigie("--demo", "shell", "-v0", "-c", before + SIGN_IN)
        found: dict[str, str] = json.loads(said)
        return found

    def pid(self, program: str) -> int:
        return int((self.folder / f"{program}.pid").read_text())

    def kill(self, program: str) -> int:
        """kill -9; returns the number of the process that was."""
        pid = self.pid(program)
        os.kill(pid, signal.SIGKILL)
        return pid

    def said(self, program: str) -> str:
        return (self.folder / "logs" / f"{program}.log").read_text()


@contextmanager
def started(folder: Path) -> Iterator[Demonstration]:
    """A new demonstration in this folder, on free ports; stopped at the end."""
    running = Demonstration(free_ports(), folder / "demo")
    log = folder / "run.log"
    with log.open("w") as output:
        minder = subprocess.Popen(
            [sys.executable, "-m", "vigie.cli", "demo", "run", "--fresh"],
            cwd=ROOT,
            env=running.environment,
            stdout=output,
            stderr=output,
        )
    MINDERS.append(minder)
    try:
        _wait_until_it_welcomes(minder, log)
        yield running
    finally:
        minder.terminate()
        minder.wait(60)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with started(tmp_path_factory.mktemp("demonstration")) as running:
        yield running


@pytest.fixture(scope="session")
def sessions(demonstration: Demonstration) -> dict[str, str]:
    """By name. The newcomer has no second factor yet."""
    return demonstration.sessions(NEWCOMER)


def until(ask: Callable[[], T | None], seconds: float = 60) -> T:
    """Ask again until there is an answer; ever less often, as asking costs what it waits for."""
    end, pause = time.monotonic() + seconds, 0.1
    while not (answer := ask()):
        assert time.monotonic() < end, "it never came about"
        time.sleep(pause)
        pause = min(pause * 1.4, 1)
    return answer


def free_ports() -> int:
    """The first of a row of ports as the demonstration needs it (+1, +2, +10 to +20), all free."""
    for base in random.sample(range(20_000, 32_000, 25), 200):
        if all(_is_free(base + more) for more in (0, 1, 2, *range(10, 21))):
            return base
    raise RuntimeError("no row of free ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _wait_until_it_welcomes(minder: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while "Ctrl-C stops everything" not in log.read_text():
        assert minder.poll() is None, f"the demonstration did not start: {log.read_text()}"
        assert time.monotonic() < end, f"the demonstration never said it had: {log.read_text()}"
        time.sleep(0.1)
