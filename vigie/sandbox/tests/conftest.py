from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pysequoia import Tsk

from vigie.sandbox.running import Options, Sandbox
from vigie.sandbox.tests.support import Hands, Keys

Start = Callable[..., Sandbox]


@pytest.fixture(scope="session")
def keys() -> Keys:
    return Keys(
        Tsk.generate("Police <police@police-be.test>"),
        Tsk.generate("Hotline <liaison@aurore.test>"),
        Tsk.generate("Somebody <somebody@else.test>"),
    )


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for all the tests that only look."""
    sandbox = Sandbox(Options(tmp_path_factory.mktemp("quiet")))
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def start(tmp_path: Path, hands: Hands, keys: Keys) -> Iterator[Start]:
    """Start a sandbox on free ports; calling it again first stops the one before."""
    (tmp_path / "police.asc").write_text(str(keys.police))
    (tmp_path / "hotline.asc").write_text(str(keys.hotline.extract_certificate()))
    running: list[Sandbox] = []

    def begin(**changes: object) -> Sandbox:
        while running:
            running.pop().stop()
        chosen: dict[str, object] = {
            "directory": tmp_path / "sandbox",
            "prompt": timedelta(0),
            "slow": timedelta(minutes=2),
            "police_key": tmp_path / "police.asc",
            "hotline_cert": tmp_path / "hotline.asc",
            **changes,
        }
        sandbox = Sandbox(Options(**chosen), hands)  # type: ignore[arg-type]
        sandbox.start()
        running.append(sandbox)
        return sandbox

    yield begin
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def sandbox(start: Start) -> Sandbox:
    return start()
