"""The tests' own PostgreSQL: two suites at once have one each, and each ends its own."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.environment import ROOT

pytestmark = [pytest.mark.pure, pytest.mark.rest]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short, for the server's socket; open, because root's server runs as another user."""
    with tempfile.TemporaryDirectory(prefix="vigie-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def script(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", str(ROOT / "tests/postgres.sh"), *words],
        env={"PATH": os.environ["PATH"], "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def answers(address: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(address).port or 0)) == 0


def test_two_run_at_once_and_stopping_one_leaves_the_other(folder):
    first = script(folder, "start")
    if first.returncode == 1:
        pytest.skip("PostgreSQL's programs are not here")
    second = script(folder, "start")
    one, other = first.stdout.strip(), second.stdout.strip()
    try:
        assert answers(one) and answers(other) and one != other
        assert script(folder, "stop").returncode == 1, "which one?"
        assert script(folder, "stop", one).returncode == 0
        assert (answers(one), answers(other)) == (False, True)
    finally:
        script(folder, "stop", one)
        script(folder, "stop", other)
    assert not answers(other)
    assert list(folder.iterdir()) == []
