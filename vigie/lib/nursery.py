"""Limited children for parsers that take long to load: forked, one for each job, from a process
that has loaded them already.

`run_limited` starts a fresh Python for each input, which costs a tenth of a second and more where
numeric libraries are loaded. A nursery pays that once. It is a separate process that imports a
module, touches no input, and waits. For each job it forks a child; the child takes the same limits
as in `run_limited`, and a kernel alarm; then it reads the input, calls the module's
`answer(*pieces: bytes) -> Iterable[Buffer]`, writes what that yields, piece by piece, and ends.
What a hostile input does to one child, the next never sees.

The caller passes each child its own socket, and the nursery a pipe on which it says how the child
ended. A nursery that has died is started anew, and its jobs are done again, once. The nursery ends
when its caller does: it then finds the end of its standard input, and kills what is left.
"""

import atexit
import contextlib
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from vigie.lib.limited import ENVIRON, MAX_OUTPUT, LimitedFailed, reason_of
from vigie.lib.nursery_process import GRACE, LENGTH, STATUS

ROOT = Path(__file__).resolve().parents[2]
BEGIN = (
    "import sys; sys.path.append(sys.argv[1]); from vigie.lib.nursery_process import main; main()"
)
# How a child gets memory (glibc; elsewhere without effect). Fresh pages from the kernel are a good
# part of what a short life costs: so large pages, one heap, and nothing given back before the end.
MALLOC = ("hugetlb=1", "arena_max=1", "mmap_threshold=33554432", "trim_threshold=1073741824")
TUNABLES = ":".join(f"glibc.malloc.{setting}" for setting in (*MALLOC, "top_pad=67108864"))
MOST_PIECES = 1_000  # of an answer
MEMORY = {"GLIBC_TUNABLES": TUNABLES}


class Nursery:
    """Runs `answer` of one module on inputs, each in a limited child. Safe with threads and forks.

    `seconds`: of wall clock and CPU a job; `memory_mb`: address space that a child may take, MiB,
    beside what the loaded libraries take already; `most_output`: bytes; `threads`: the module
    cannot do without, so a child's processes are not limited (they end with it all the same).
    """

    def __init__(
        self,
        module: str,
        *,
        seconds: float,
        memory_mb: int,
        most_output: int = MAX_OUTPUT,
        threads: bool = False,
    ) -> None:
        self._words = [module, str(seconds), str(memory_mb), str(int(threads))]
        self._seconds = seconds
        self._most_output = most_output
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0  # the process that started it: a fork of that one starts its own
        atexit.register(self.close)

    def ask(self, *data: bytes, seconds: float = math.inf) -> list[bytearray]:
        """The pieces of the module's answer to `data`. Raises LimitedFailed, as `run_limited`.

        `seconds`: how long this caller waits, where that is less than a job may take.
        """
        until = time.monotonic() + min(self._seconds + GRACE, seconds)
        answer = self._try(data, until)
        if answer is None:
            answer = self._try(data, until)
        if answer is None:
            raise LimitedFailed("crashed")
        return answer

    def start(self) -> None:
        """Load the module now rather than at the first job. Returns at once."""
        with self._lock:
            self._running()

    def close(self) -> None:
        """End the nursery, and whatever it still runs."""
        with self._lock:
            self._end()

    def _try(self, data: tuple[bytes, ...], until: float) -> list[bytearray] | None:
        """One job; None when the nursery died under it."""
        ours, theirs = socket.socketpair()
        reader, writer = os.pipe()
        try:
            with self._lock:
                control = self._running()
                with contextlib.suppress(OSError):
                    socket.send_fds(control, [b"j"], [theirs.fileno(), writer])
            theirs.close()
            os.close(writer)
            answer = self._converse(ours, data, until)
            code = os.read(reader, STATUS.size)
        finally:
            ours.close()
            os.close(reader)
        if len(code) < STATUS.size:
            self._bury(control)
            return None
        if (ended := STATUS.unpack(code)[0]) != 0:
            raise LimitedFailed("timed_out" if ended == -signal.SIGALRM else reason_of(ended))
        return answer

    def _converse(
        self, ours: socket.socket, data: tuple[bytes, ...], deadline: float
    ) -> list[bytearray]:
        """Write all, then read all: the child does it the other way round."""
        answer: list[bytearray] = []
        left = self._most_output
        try:
            _send(ours, data, deadline)
            while head := _receive(ours, LENGTH.size, deadline):
                length = LENGTH.unpack(head)[0]
                left -= length
                if left < 0 or len(answer) == MOST_PIECES:
                    raise LimitedFailed("too_much_output")
                answer.append(_receive(ours, length, deadline))
        except TimeoutError as error:
            raise LimitedFailed("timed_out") from error
        except _Gone:  # how it ended, the nursery says
            pass
        return answer

    def _running(self) -> socket.socket:
        """The socket of a nursery that lives, as far as one can know. Call it with the lock."""
        if self._owner != os.getpid():
            self._process = self._control = None
        if self._process is None or self._process.poll() is not None or self._control is None:
            self._end()
            self._control, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-B", "-c", BEGIN, str(ROOT), *self._words],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={**ENVIRON, **MEMORY},
                    cwd="/",
                    start_new_session=True,
                )
            self._owner = os.getpid()
        return self._control

    def _bury(self, control: socket.socket) -> None:
        """End a nursery that did not say how its child fared, unless another thread has done so."""
        with self._lock:
            if self._control is control:
                self._end()

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE)
            self._process.kill()
            self._process.wait()
        self._process = self._control = None


class _Gone(Exception):
    """The child ended in the middle of a piece."""


def _send(ours: socket.socket, data: tuple[bytes, ...], deadline: float) -> None:
    """Each piece after its length. A child that does not listen is heard all the same."""
    ours.settimeout(max(deadline - time.monotonic(), 0.001))
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for piece in data:
            ours.sendall(LENGTH.pack(len(piece)))
            ours.sendall(piece)
        ours.shutdown(socket.SHUT_WR)


def _receive(ours: socket.socket, length: int, deadline: float) -> bytearray:
    """So many bytes; none at the end of all. Raises _Gone, TimeoutError."""
    output = bytearray(length)
    rest = memoryview(output)
    while rest:
        ours.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            arrived = ours.recv_into(rest)
        except ConnectionResetError:
            arrived = 0
        if not arrived and len(rest) == length == LENGTH.size:
            return bytearray()
        if not arrived:
            raise _Gone
        rest = rest[arrived:]
    return output
