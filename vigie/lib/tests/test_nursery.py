"""Limited children that are forked: as limited as fresh ones, as alone, and none is left behind."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vigie.lib.limited import LimitedFailed
from vigie.lib.nursery import Nursery

pytestmark = [pytest.mark.pure, pytest.mark.rest]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = a_nursery()
    yield nursery
    nursery.close()


def a_nursery() -> Nursery:
    return Nursery("vigie.lib.tests.misbehaving", seconds=0.5, memory_mb=64, most_output=4_000_000)


def ask(nursery: Nursery, *data: bytes) -> bytes:
    return b"".join(nursery.ask(*data))


def failure(nursery: Nursery, how: bytes) -> str:
    try:
        nursery.ask(how)
    except LimitedFailed as failed:
        return failed.reason
    return "no failure"


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def ends(pid: int) -> bool:
    for _ in range(500):
        if not is_running(pid):
            return True
        time.sleep(0.01)
    return False


def nursery_of(nursery: Nursery) -> int:
    return int(ask(nursery, b"nursery"))


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_bytes_go_in_and_come_out_however_many(nursery: Nursery) -> None:
    data = os.urandom(3_000_000)
    assert ask(nursery, b"reverse", data) == data[::-1]


def test_no_job_sees_what_an_earlier_one_did(nursery: Nursery) -> None:
    assert [ask(nursery, b"count") for _ in range(3)] == [b"1"] * 3


def test_the_module_is_loaded_once(nursery: Nursery) -> None:
    assert nursery_of(nursery) == nursery_of(nursery)


def test_the_limits_are_set_and_nothing_is_inherited(nursery: Nursery) -> None:
    os.environ["VIGIE_SECRET"] = "secret"
    try:
        seen = json.loads(ask(nursery, b"surroundings"))
    finally:
        del os.environ["VIGIE_SECRET"]
    limits = seen["limits"]
    assert limits["CORE"] == limits["FSIZE"] == limits["NPROC"] == [0, 0]
    assert limits["CPU"] == [1, 1]
    assert limits["NOFILE"][1] <= 32
    assert seen["leader"]
    assert seen["open"] == [0, 1, 2]
    assert not {"VIGIE_SECRET", "HOME", "PATH"} & set(seen["environ"])
    if sys.platform != "darwin":
        assert 64 * 2**20 < limits["AS"][0] < 2**30


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (b"sleep", "timed_out"),
        (b"stubborn", "timed_out"),
        (b"spin", "timed_out"),
        (b"memory", "memory"),
        (b"fail", "crashed"),
        (b"abort", "crashed"),
        (b"talk", "too_much_output"),
        (b"no such manner", "crashed"),
    ],
)
def test_a_child_that_misbehaves_is_told_apart_and_ended(
    nursery: Nursery, how: bytes, reason: str
) -> None:
    assert failure(nursery, how) == reason
    mother = nursery_of(nursery)
    for _ in range(200):
        if not children_of(mother):
            return
        time.sleep(0.02)
    raise AssertionError(children_of(mother))


def test_nothing_that_the_child_started_outlives_it(nursery: Nursery) -> None:
    if os.geteuid() != 0:  # only a superuser's child can start anything
        assert failure(nursery, b"fork") == "crashed"
        return
    assert ends(int(ask(nursery, b"fork")))


def test_a_nursery_that_was_killed_is_started_anew(nursery: Nursery) -> None:
    first = nursery_of(nursery)
    os.kill(first, signal.SIGKILL)
    assert ask(nursery, b"reverse", b"abc") == b"cba"
    assert nursery_of(nursery) != first


def test_a_job_under_which_the_nursery_is_killed_is_done_again() -> None:
    nursery = a_nursery()
    mother = nursery_of(nursery)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(failure, nursery, b"sleep")
        time.sleep(0.3)
        os.kill(mother, signal.SIGKILL)
        assert waiting.result() == "timed_out"
    assert nursery_of(nursery) != mother
    nursery.close()


def test_eight_threads_may_ask_at_once(nursery: Nursery) -> None:
    def one(number: int) -> bool:
        data = bytes([number]) * 300_000 + b"end"
        if number % 5 == 0:
            return failure(nursery, b"fail") == "crashed"
        return ask(nursery, b"reverse", data) == data[::-1]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(one, range(40)))


def test_the_nursery_ends_with_its_caller_and_so_do_its_children() -> None:
    nursery = a_nursery()
    mother = nursery_of(nursery)
    thread = threading.Thread(target=failure, args=(nursery, b"stubborn"))
    thread.start()
    time.sleep(0.2)
    (child,) = children_of(mother)
    nursery.close()
    assert ends(mother)
    assert ends(int(child))
    thread.join()
    nursery.close()


def test_a_fork_of_the_caller_has_a_nursery_of_its_own(nursery: Nursery) -> None:
    ours = nursery_of(nursery)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"%d" % nursery_of(nursery))
        nursery.close()
        os._exit(0)
    os.waitpid(child, 0)
    theirs = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)
    assert theirs != ours
    assert ends(theirs)
    assert nursery_of(nursery) == ours
