"""A parser in a limited child. Run as a program, this file is that child: its first input line says
how to misbehave. (Hence no pytest here: every child would have to load it.)"""

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from vigie.lib.limited import MAX_OUTPUT, NOTHING, LimitedFailed, run_limited


def run(how: str, data: bytes = b"", *, seconds: float = 60) -> bytes:
    return run_limited(__name__, how.encode() + b"\n" + data, seconds=seconds, memory_mb=256)


def failure(how: str, data: bytes = b"", *, seconds: float = 60) -> str:
    try:
        run(how, data, seconds=seconds)
    except LimitedFailed as failed:
        return failed.reason
    return "no failure"


def surroundings(environ: Mapping[str, str] = NOTHING) -> Any:
    return json.loads(
        run_limited(__name__, b"surroundings\n", seconds=60, memory_mb=128, environ=environ)
    )


def test_bytes_go_in_and_come_out_however_many() -> None:
    data = os.urandom(1_000_000)
    assert run("reverse", data) == data[::-1]


def test_any_module_of_the_standard_library_may_run() -> None:
    assert run_limited("json.tool", b'{"a":1}', seconds=60, memory_mb=128).split() == [
        *(b"{", b'"a":', b"1", b"}"),
    ]


def test_only_what_is_given_is_in_the_childs_environment() -> None:
    os.environ["VIGIE_SECRET"] = "secret"  # noqa: S105
    try:
        seen = surroundings({"VIGIE_GIVEN": "given"})
    finally:
        del os.environ["VIGIE_SECRET"]
    assert seen["environ"]["VIGIE_GIVEN"] == "given"
    assert seen["environ"]["OPENBLAS_NUM_THREADS"] == "1"
    assert not {"VIGIE_SECRET", "HOME", "PATH"} & set(seen["environ"])


def test_the_child_is_isolated_and_alone() -> None:
    seen = surroundings()
    assert seen["isolated"] == 1
    assert seen["cwd"] == "/"
    assert seen["path"][0] not in ("", str(Path(__file__).parent))
    assert seen["leader"]


def test_no_open_file_of_the_parent_is_inherited() -> None:
    with tempfile.TemporaryFile() as file:
        os.set_inheritable(file.fileno(), True)
        assert surroundings()["open"] == [0, 1, 2]


def test_the_limits_are_set() -> None:
    limits = surroundings()["limits"]
    assert limits["RLIMIT_CORE"] == [0, 0]
    assert limits["RLIMIT_FSIZE"] == [0, 0]
    assert limits["RLIMIT_NPROC"] == [0, 0]
    assert limits["RLIMIT_CPU"] == [60, 60]
    assert limits["RLIMIT_NOFILE"][1] <= 32
    if sys.platform != "darwin":
        assert limits["RLIMIT_AS"] == [128 * 2**20, 128 * 2**20]


def test_numpy_fits_and_needs_no_thread() -> None:
    assert run("numpy") == b"1024.0"


def test_a_child_that_never_ends_is_ended() -> None:
    assert failure("sleep", seconds=0.5) == "timed_out"
    assert failure("sleep silently", seconds=0.5) == "timed_out"


def test_a_child_that_only_computes_is_ended() -> None:
    assert failure("spin", seconds=0.5) == "timed_out"


def test_a_child_that_wants_too_much_memory_is_told_apart() -> None:
    if sys.platform != "darwin":
        assert failure("memory") == "memory"


def test_a_child_that_is_killed_from_outside_ran_out_of_memory() -> None:
    assert failure("kill") == "memory"


def test_a_child_that_fails_has_crashed() -> None:
    assert failure("fail") == "crashed"
    assert failure("abort") == "crashed"
    try:
        run_limited("vigie.no_such_module", b"", seconds=60, memory_mb=128)
    except LimitedFailed as failed:
        assert failed.reason == "crashed"


def test_a_child_that_talks_too_much_is_cut_off() -> None:
    assert len(run(f"talk {MAX_OUTPUT}")) == MAX_OUTPUT
    assert failure(f"talk {MAX_OUTPUT + 1}") == "too_much_output"
    assert failure("talk") == "too_much_output"


def test_a_child_that_does_not_listen_is_heard_all_the_same() -> None:
    assert run("ignore", bytes(1_000_000)) == b"heard"


def test_a_child_cannot_write_a_file() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        assert failure(f"write {path}") == "crashed"
        assert not path.exists() or path.stat().st_size == 0


def test_a_child_cannot_raise_its_limits() -> None:
    if os.geteuid() != 0:
        assert failure("raise-limits") == "crashed"


def test_nothing_that_the_child_started_outlives_it() -> None:
    """Only a superuser's child can start anything; the group is ended all the same."""
    if os.geteuid() != 0:
        assert failure("fork") == "crashed"
        return
    child = int(run("fork"))
    for _ in range(1_000):
        if not _is_running(child):
            return
        time.sleep(0.01)
    raise AssertionError


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _surroundings() -> bytes:
    kinds = ("CORE", "FSIZE", "NPROC", "CPU", "NOFILE", "AS")
    opened = []
    for number in range(32):
        with suppress(OSError):
            os.fstat(number)
            opened.append(number)
    seen = {
        "environ": dict(os.environ),
        "isolated": sys.flags.isolated,
        "cwd": str(Path.cwd()),
        "path": sys.path,
        "leader": os.getpid() == os.getpgrp() == os.getsid(0),
        "open": opened,
        "limits": {
            f"RLIMIT_{kind}": resource.getrlimit(getattr(resource, f"RLIMIT_{kind}"))
            for kind in kinds
        },
    }
    return json.dumps(seen).encode()


def _sleep(rest: str, _data: bytes) -> bytes:
    if rest == "silently":
        os.close(1)
    time.sleep(3_600)
    return b""


def _spin(_rest: str, _data: bytes) -> bytes:
    while True:
        pass


def _kill(_rest: str, _data: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def _fail(_rest: str, _data: bytes) -> bytes:
    raise RuntimeError


def _abort(_rest: str, _data: bytes) -> bytes:
    os.abort()


def _raise_limits(_rest: str, _data: bytes) -> bytes:
    resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))
    return b""


def _write(rest: str, _data: bytes) -> bytes:
    Path(rest).write_bytes(b"x")
    return b""


def _fork(_rest: str, _data: bytes) -> bytes:
    sleeper = subprocess.Popen(["/bin/sleep", "3600"], stdout=subprocess.DEVNULL)
    return str(sleeper.pid).encode()


def _numpy(_rest: str, _data: bytes) -> bytes:
    numpy = importlib.import_module("numpy")
    ones = numpy.ones((1024, 1024), dtype=numpy.float32)
    return str((ones @ ones)[0, 0]).encode()


def _talk(rest: str, _data: bytes) -> bytes:
    if rest:
        return b"x" * int(rest)
    while True:
        os.write(1, b"x" * 65_536)


MANNERS: dict[str, Callable[[str, bytes], bytes]] = {
    "abort": _abort,
    "fail": _fail,
    "fork": _fork,
    "kill": _kill,
    "memory": lambda _rest, _data: bytes(2**30)[:1],
    "numpy": _numpy,
    "raise-limits": _raise_limits,
    "reverse": lambda _rest, data: data[::-1],
    "sleep": _sleep,
    "spin": _spin,
    "surroundings": lambda _rest, _data: _surroundings(),
    "talk": _talk,
    "write": _write,
}


def _child() -> None:
    how, _, rest = sys.stdin.buffer.readline().decode().strip().partition(" ")
    if how == "ignore":
        os.close(0)
        os.write(1, b"heard")
        return
    sys.stdout.buffer.write(MANNERS[how](rest, sys.stdin.buffer.read()))


if __name__ == "__main__":
    _child()
