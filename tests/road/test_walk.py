"""`vigie demo walk` through the running system, and through one whose worker is killed."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.demonstration import RUNNING, Demonstration, until

pytestmark = RUNNING
# kill -9 as soon as the walk has said this: in the first look, with the referral, in the watch.
MOMENTS = [
    "a citizen reported http://galerie",
    "the analyst decided",
    "the police contacted the host",
    "a citizen reported http://beeld",
    "the lead approved",
    "the host removed it",
]


@pytest.fixture
def walk(demonstration: Demonstration) -> Iterator[subprocess.Popen[str]]:
    child = demonstration.start("demo", "walk")
    yield child
    child.kill()
    child.communicate()


@pytest.mark.matrix  # the killed one below walks the same way
def test_the_walk_ends_well_only_when_both_roads_ended_in_removed(
    walk: subprocess.Popen[str],
) -> None:
    said, _ = walk.communicate(timeout=240)
    assert walk.returncode == 0, said
    assert said.count("is removed: two looks") == 2
    assert said.rstrip().endswith("both roads ended in removed")


def test_kill_9_of_the_worker_in_the_middle_still_ends_in_removed(
    walk: subprocess.Popen[str], demonstration: Demonstration
) -> None:
    said, killed, waiting = "", [], list(MOMENTS)
    assert walk.stdout
    for line in walk.stdout:
        said += line
        passed = [moment for moment in waiting if moment in line]
        for moment in passed:
            waiting.remove(moment)
            killed.append(kill_worker(demonstration))
    assert walk.wait(60) == 0, said
    assert said.count("is removed: two looks") == 2
    assert len(set(killed)) >= 4, f"it was to be killed again and again: {said}"


def kill_worker(demonstration: Demonstration) -> int:
    """kill -9, and wait until it runs again (a service manager's part, here `vigie demo run`)."""
    killed = demonstration.kill("worker")
    until(lambda: demonstration.pid("worker") != killed)
    return killed


def test_the_walk_without_a_demonstration_says_what_to_do(tmp_path, demonstration) -> None:
    nowhere = Demonstration(1024, tmp_path)
    child = nowhere.start("demo", "walk")
    said, _ = child.communicate(timeout=30)
    assert child.returncode == 2
    assert said.strip().endswith("Start the demonstration first: make run")
