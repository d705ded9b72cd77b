"""A small scripted day on a demonstration of its own, from the command line, as anybody runs it."""

import json
from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM
from tests.demonstration import BROWSER, started

pytestmark = [*BROWSER, pytest.mark.matrix]
REPORTS = 30


def test_a_small_day_is_worked_off_by_keyboard_and_every_decision_is_right(tmp_path: Path):
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM} (set CHROMIUM)")
    with started(tmp_path) as running:
        child = running.start("demo", "day", "--reports", str(REPORTS))
        said, _ = child.communicate(timeout=180)
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    told = next(line for line in lines if line["day"] == "day")
    assert (told["reports"], told["wrong"], told["undecided"]) == (REPORTS, 0, 0), said
    # A sheet that was looked at before the picture on it costs that picture a look of its own.
    assert told["ceiling"] - 0.1 <= told["share"] <= told["ceiling"] + 0.001, said
    assert child.returncode == (0 if told["share"] >= 0.6 else 1), said
    assert "stuck" not in [line["day"] for line in lines], said
