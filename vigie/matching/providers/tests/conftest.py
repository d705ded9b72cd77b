"""Two lists, a provider that may ask about one of them, and the match program as it runs."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction

from tests.environment import FOLDER, ROOT
from vigie.intake.doors.tests.conftest import _free_port, _until_it_answers
from vigie.lib import clock
from vigie.matching import following
from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.tests.pictures import colours, saved
from vigie.matching.lists.models import HashList, ListedHash
from vigie.matching.lists.writing import tick
from vigie.matching.providers import api
from vigie.matching.providers.models import Provider
from vigie.matching.providers.services import add_provider

NOT_FOR_IT = {"VIGIE_KEYS", "VIGIE_FRONT_DATABASE", "VIGIE_DESK_URL"}
PICTURE = saved(colours(1, 400, 300))
PDQ = hash_picture(PICTURE).pdq.value


def variant(bits: int, pdq: str = PDQ) -> str:
    """So many bits from ``pdq``, the lowest."""
    return f"{int(pdq, 16) ^ ((1 << bits) - 1):064x}"


@dataclass(frozen=True)
class Trusted:
    provider: Provider
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def listed(owner: HashList, kind: str, value: str, said: str = "baseline", **more: str):
    now = clock.now()
    row = {"list": owner, "kind": kind, "value": value, "classification": said}
    with transaction.atomic():
        return ListedHash.objects.create(
            **row, first_seen=now, last_seen=now, change=tick(), **more
        )


@pytest.fixture
def lists(db: None) -> tuple[HashList, HashList]:
    return HashList.objects.create(name="police"), HashList.objects.create(name="other's")


@pytest.fixture
def index(lists, settings, tmp_path) -> Iterator[Path]:
    """Both lists know the picture, by its PDQ; the second knows another as well."""
    settings.HASH_INDEX = tmp_path / "hash-index"
    settings.HASH_INDEX_SEALED = settings.HASH_INDEX_OWN = False  # as of the match program
    following.forget()
    mine, others = lists
    listed(mine, "pdq", PDQ)
    listed(others, "pdq", PDQ, "national")
    listed(others, "pdq", "0" * 64, "national")
    listed(mine, "pdq", "f" * 64, state=ListedHash.State.DISPUTED)
    listed(mine, "pdq", "5" * 64, "harmless")
    yield settings.HASH_INDEX
    following.forget()


@pytest.fixture
def trusted(lists, monkeypatch) -> Trusted:
    monkeypatch.setattr(api, "ALLOWANCE", api.Allowance(least=1_000))
    monkeypatch.setattr(api, "WATCHER", api.Watcher())
    return Trusted(*add_provider("Provider", [lists[0]], "tests", per_minute=6_000))


@pytest.fixture
def match_program(child_environment, index, tmp_path) -> Iterator[str]:
    """The running match program on this test's database and index; its address."""
    port = _free_port()
    environment = {k: v for k, v in child_environment.items() if k not in NOT_FOR_IT}
    environment |= {"VIGIE_SURFACE": "match", "VIGIE_HOSTS": "127.0.0.1"}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-access-log", "--log-level", "warning"]
    with (tmp_path / "match.log").open("wb") as log:
        child = subprocess.Popen(
            [*command, "config.wsgi:application"],
            cwd=ROOT,
            env={**environment, "VIGIE_HASH_INDEX": str(index)},
            stdout=log,
            stderr=log,
        )
    try:
        _until_it_answers(f"http://127.0.0.1:{port}/healthz", child)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(timeout=20)
        shutil.copy(tmp_path / "match.log", FOLDER / "match.log")
