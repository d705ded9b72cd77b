"""A trusted sender, and the public program as it runs: another process, without keys."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpcore
import pytest

from tests.environment import ROOT
from vigie.intake.doors.models import Sender
from vigie.intake.doors.services import add_sender

NOT_FOR_IT = {"VIGIE_DATABASE", "VIGIE_KEYS"}


@dataclass(frozen=True)
class Trusted:
    sender: Sender
    key: str

    def headers(self, once: str = "") -> dict[str, str]:
        more = {"Idempotency-Key": once} if once else {}
        return {"Authorization": f"Bearer {self.key}", **more}


@pytest.fixture
def trusted(db: None) -> Trusted:
    return Trusted(*add_sender("Partner hotline", "tests"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def public_program(child_environment, tmp_path) -> Iterator[str]:
    """The running public program on this test's front database; its address."""
    port = _free_port()
    environment = {k: v for k, v in child_environment.items() if k not in NOT_FOR_IT}
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    command += ["--http", "1", "--backpressure", "8192", "--http1-header-read-timeout", "15000"]
    with (tmp_path / "public.log").open("wb") as log:  # a pipe that nobody reads would fill up
        child = subprocess.Popen(
            [*command, "config.door:application"],
            cwd=ROOT,
            env={**environment, "VIGIE_SURFACE": "public", "VIGIE_HOSTS": "127.0.0.1"},
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _until_it_answers(f"{address}/healthz", child)
        yield address
    finally:
        child.terminate()
        child.wait(timeout=20)


def _until_it_answers(url: str, child: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert child.poll() is None, "the public program did not start"
        try:
            if httpcore.request("GET", url).status == 200:
                return
        except httpcore.ConnectError:
            time.sleep(0.1)
    raise AssertionError("the public program never answered")
