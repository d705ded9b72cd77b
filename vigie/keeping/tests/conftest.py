"""A policy of the tests, and the clock."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from vigie.keeping.guard import confirm
from vigie.keeping.policy import POLICIES, load_retention
from vigie.lib import clock


@pytest.fixture
def retention(db: None) -> None:
    load_retention(POLICIES / "demo.toml", "tests")


@pytest.fixture
def later() -> Iterator[object]:
    """``later(days)``: so many days from now, and a person says that the clock is right."""
    travellers = []

    def go(days: float, *, confirmed: bool = True) -> None:
        traveller = time_machine.travel(clock.now() + timedelta(days=days), tick=False)
        traveller.start()
        travellers.append(traveller)
        if confirmed:
            confirm("tests")

    yield go
    for traveller in reversed(travellers):
        traveller.stop()
