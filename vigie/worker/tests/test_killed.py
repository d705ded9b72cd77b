"""A worker that is killed in the middle of a look loses nothing; one that is asked to stop ends.

The worker is the real program, `vigie worker`. The site that it visits holds its answer back, which
makes "in the middle of a look" a moment that can be waited for.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as project

from tests.environment import ROOT
from tests.outside import Outside, Says
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.worker.loop import OUTSIDE, one_round

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.rest]
Start = Callable[..., "subprocess.Popen[str]"]


class Gate:
    """A page that says nothing until it is let go."""

    def __init__(self) -> None:
        self.asked, self.open = threading.Event(), threading.Event()

    def __call__(self) -> Says:
        self.asked.set()
        self.open.wait(30)
        return Says(404, b"nothing here")


@pytest.fixture
def gate(outside: Outside) -> Iterator[Gate]:
    held = Gate()
    outside.site.pages["/held"] = held
    yield held
    held.open.set()


@pytest.fixture
def start(outside, child_environment, settings, tmp_path) -> Iterator[Start]:
    """`vigie worker …` on this test's databases and its outside world."""
    started: list[subprocess.Popen[str]] = []
    environment = {
        **child_environment,
        "VIGIE_SURFACE": "worker",
        "VIGIE_SANDBOX": "yes",
        "VIGIE_RDAP_BOOTSTRAP": str(settings.RDAP_BOOTSTRAP),
        "VIGIE_COUNTRY_DATABASE": str(settings.COUNTRY_DATABASE),
        "VIGIE_SMTP": settings.SMTP_URL,
        "VIGIE_JOURNAL_HEADS": str(tmp_path / "heads.jsonl"),
        "VIGIE_SANDBOX_MAP": str(outside.folder / "map.json"),
        "VIGIE_NAMESERVERS": "{}:{}".format(*outside.sandbox.ports["dns"].address),
    }

    def start(*words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "vigie.cli", "worker", "--idle", "0.05", *words]
        pipe = subprocess.PIPE
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.kill()
        child.communicate()


def _lines(item: Item) -> int:
    return Entry.objects.filter(verb="item.looked_at", subject=item.subject).count()


def test_after_kill_9_in_the_middle_of_a_look_the_lease_ends_and_another_finishes_it(
    gate, start, outside, report_of
):
    (item,) = report_of(outside.site.url("/held"))
    child = start()
    assert gate.asked.wait(30), "the worker is in the middle of its look"
    child.send_signal(signal.SIGKILL)
    assert child.wait(10) == -signal.SIGKILL
    gate.open.set()

    item.refresh_from_db()
    assert (item.state, item.looks.count()) == (State.NEW, 0)
    assert item.lease_by, "the dead worker's lease stands"
    assert one_round(OUTSIDE) == 0, "while the lease stands nobody begins the same look"
    lease = timedelta(seconds=project.LEASE_SECONDS + 1)
    with time_machine.travel(clock.now() + lease, tick=False):
        assert one_round(OUTSIDE) == 1
    item.refresh_from_db()
    assert (item.state, item.lease_by, item.attempts) == (State.TO_ASSESS, "", 0)
    assert (item.looks.count(), _lines(item)) == (1, 1)


def test_asked_to_stop_it_finishes_the_look_it_began_and_ends_well(gate, start, outside, report_of):
    (item,) = report_of(outside.site.url("/held"))
    child = start()
    assert gate.asked.wait(30)
    child.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(0.2)
    gate.open.set()
    said, _ = child.communicate(timeout=20)
    assert (child.returncode, said) == (0, "")
    item.refresh_from_db()
    assert (item.state, item.lease_by) == (State.TO_ASSESS, "")


def test_once_does_one_round_and_ends(start, outside, report_of):
    (item,) = report_of(outside.site.url("/missing"))
    child = start("--once")
    said, _ = child.communicate(timeout=30)
    assert (child.returncode, said) == (0, "")
    item.refresh_from_db()
    assert (item.state, _lines(item)) == (State.TO_ASSESS, 1)


def test_it_refuses_to_start_with_keys_that_others_can_read(start, settings):
    key = settings.KEYS / "worker.key"
    key.chmod(0o644)
    try:
        said, _ = start("--once").communicate(timeout=30)
    finally:
        key.chmod(0o600)
    assert "worker.key can be read by others" in said
