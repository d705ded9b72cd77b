"""Running a parser of hostile bytes where it can do little harm.

The child is a fresh Python that gets the bytes on its standard input and answers on its standard
output. It is *limited*, not jailed: the limits stop bombs, endless loops, forks and files, but a
parser that is taken over can still read what this user can read and open a connection.

How it starts: `python -I -B <this file> <module> …`. `-I` keeps the current directory, PYTHON*
variables and the user's own packages out; this file then limits itself, puts the checkout's root
*last* on the path and runs the module as `-m` would. Limits are set by the child itself, before it
reads a byte, because a `preexec_fn` can deadlock in a parent that has threads.

On Linux all limits hold. On macOS the address-space limit has no effect (the kernel does not
enforce RLIMIT_AS), so only time and output are bounded there. A superuser is not bound by the
process limit on either. What the child writes to stderr is dropped: it may quote what it read.
To see it, run `python -m <module> < file` by hand.
"""

import contextlib
import math
import os
import resource
import runpy
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO, Literal

Reason = Literal["timed_out", "memory", "crashed", "too_much_output"]

MEBIBYTE = 1024 * 1024
MAX_OUTPUT = 16 * MEBIBYTE
MAX_OPEN_FILES = 32
PIPE_BYTES = 64 * 1024
EXIT_MEMORY = 77
NOTHING: Mapping[str, str] = MappingProxyType({})
# All that the child inherits. One thread for the numeric libraries: each thread's arena would
# count against the memory limit, and the process limit forbids new threads anyway.
ENVIRON = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class LimitedFailed(Exception):
    """The child gave no answer to be used; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def run_limited(
    module: str,
    data: bytes,
    *,
    seconds: float,
    memory_mb: int,
    environ: Mapping[str, str] = NOTHING,
) -> bytes:
    """What `module`, run as a program, writes when `data` is its input (at most MAX_OUTPUT bytes).

    `seconds`: of wall clock, start-up included, and of CPU (rounded up); `memory_mb`: address
    space in MiB, the interpreter's own included (a bare one takes about 15, one with numpy 110);
    `environ`: variables beside ENVIRON.
    Raises LimitedFailed: `timed_out`, `memory`, `crashed` (any other exit but 0),
    `too_much_output`. Nothing that the child started outlives the call.
    """
    deadline = time.monotonic() + seconds
    limits = [str(memory_mb), str(math.ceil(seconds))]
    with subprocess.Popen(
        [sys.executable, "-I", "-B", str(Path(__file__).resolve()), module, *limits],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**ENVIRON, **environ},
        cwd="/",
        bufsize=0,
        start_new_session=True,
    ) as child:
        try:
            output = _converse(child, data, deadline)
            code = child.wait(_left(deadline))
        except subprocess.TimeoutExpired as error:
            raise LimitedFailed("timed_out") from error
        finally:
            _kill_group(child)
    if code != 0:
        raise LimitedFailed(reason_of(code))
    return output


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise LimitedFailed("timed_out")
    return left


def _converse(child: subprocess.Popen[bytes], data: bytes, deadline: float) -> bytes:
    """Write and read at once, so that neither side waits for the other with a full pipe."""
    assert child.stdin is not None and child.stdout is not None
    output = bytearray()
    rest = memoryview(data)
    os.set_blocking(child.stdin.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdin, selectors.EVENT_WRITE)
        selector.register(child.stdout, selectors.EVENT_READ)
        while selector.get_map():
            for key, _events in selector.select(_left(deadline)):
                if key.fileobj is child.stdin:
                    rest = _write(child.stdin, rest)
                    if not rest:
                        selector.unregister(child.stdin)
                        child.stdin.close()
                elif not _read(child.stdout, output):
                    selector.unregister(child.stdout)
    return bytes(output)


def _write(pipe: IO[bytes], rest: memoryview) -> memoryview:
    """What is still to be written; nothing once the child has stopped listening."""
    try:
        return rest[os.write(pipe.fileno(), rest[:PIPE_BYTES]) :]
    except BrokenPipeError:
        return rest[:0]


def _read(pipe: IO[bytes], output: bytearray) -> bool:
    """Append what has arrived; False at the end."""
    arrived = os.read(pipe.fileno(), PIPE_BYTES)
    output += arrived
    if len(output) > MAX_OUTPUT:
        raise LimitedFailed("too_much_output")
    return bool(arrived)


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started; after a good end there is nothing left to end."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def reason_of(code: int) -> Reason:
    """Nobody here has killed the child yet: a SIGKILL came from a kernel short of memory."""
    if code in (EXIT_MEMORY, -signal.SIGKILL):
        return "memory"
    return "timed_out" if code == -signal.SIGXCPU else "crashed"


def _limit(kind: int, value: int) -> None:
    """Lower both limits to `value`, or to the hard one where that is lower still."""
    _soft, hard = resource.getrlimit(kind)
    lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (lowest, lowest))


def limit_all(memory_mb: int, cpu_seconds: int, *, threads: bool = False) -> None:
    """`threads`: the parser starts some, so the number of processes cannot be limited."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)
    if not threads:
        _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_CPU, cpu_seconds)
    if sys.platform != "darwin":
        _limit(resource.RLIMIT_AS, memory_mb * MEBIBYTE)


def _child() -> None:
    """The child's life: limit yourself, then become the module."""
    _program, module, memory_mb, cpu_seconds = sys.argv
    limit_all(int(memory_mb), int(cpu_seconds))
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    sys.argv = [module]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except MemoryError:
        os._exit(EXIT_MEMORY)  # an orderly end might need memory


if __name__ == "__main__":
    _child()
