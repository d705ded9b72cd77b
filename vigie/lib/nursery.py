"""Limited children for parsers that take long to load: forked, one for each job, from a process
that has loaded them already.

`run_limited` starts a fresh Python for each input, which costs a tenth of a second and more where
numeric libraries are loaded. A nursery pays that once. It is a separate process that imports a
module, touches no input, and waits. For each job it forks a child; the child takes the same limits
as in `run_limited`, and a kernel alarm; then it reads the input, calls the module's
`answer(data: bytes) -> bytes`, writes what that returns, and ends. What a hostile input
does to one child, the next never sees.

The caller passes each child its own socket, and the nursery a pipe on which it says how the child
ended. A nursery that has died is started anew, and its jobs are done again, once. The nursery ends
when its caller does: it then finds the end of its standard input, and kills what is left.
"""

import atexit
import contextlib
import gc
import importlib
import math
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from vigie.lib.limited import (
    ENVIRON,
    EXIT_MEMORY,
    MAX_OUTPUT,
    MEBIBYTE,
    LimitedFailed,
    limit_all,
    reason_of,
)

ROOT = Path(__file__).resolve().parents[2]
BEGIN = "import sys; sys.path.append(sys.argv[1]); from vigie.lib.nursery import main; main()"
STATUS = struct.Struct("!i")
CHUNK = MEBIBYTE
GRACE = 1.0  # seconds that a caller and the nursery wait longer than the child's own alarm


class Nursery:
    """Runs `answer` of one module on inputs, each in a limited child. Safe with threads and forks.

    `seconds`: of wall clock and CPU a job; `memory_mb`: address space that a child may take in MiB,
    beside what the loaded libraries take already; `most_output`: bytes.
    """

    def __init__(
        self, module: str, *, seconds: float, memory_mb: int, most_output: int = MAX_OUTPUT
    ) -> None:
        self._words = [module, str(seconds), str(memory_mb)]
        self._seconds = seconds
        self._most_output = most_output
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0  # the process that started it: a fork of that one starts its own
        atexit.register(self.close)

    def ask(self, data: bytes) -> bytes:
        """The module's answer to `data`. Raises LimitedFailed, as `run_limited` does."""
        answer = self._try(data)
        if answer is None:
            answer = self._try(data)
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

    def _try(self, data: bytes) -> bytes | None:
        """One job; None when the nursery died under it."""
        ours, theirs = socket.socketpair()
        reader, writer = os.pipe()
        with ours, open(reader, "rb", buffering=0) as status:
            try:
                with self._lock:
                    socket.send_fds(self._running(), [b"j"], [theirs.fileno(), writer])
            except OSError:
                return None
            finally:
                theirs.close()
                os.close(writer)
            answer = self._converse(ours, data)
            code = status.read(STATUS.size)
        if len(code) < STATUS.size:
            return None
        if (ended := STATUS.unpack(code)[0]) != 0:
            raise LimitedFailed("timed_out" if ended == -signal.SIGALRM else reason_of(ended))
        return answer

    def _converse(self, ours: socket.socket, data: bytes) -> bytes:
        """Write all, then read all: the child does it the other way round."""
        deadline = time.monotonic() + self._seconds + GRACE
        output = bytearray()
        try:
            ours.settimeout(self._seconds + GRACE)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                ours.sendall(data)
                ours.shutdown(socket.SHUT_WR)
            while arrived := _receive(ours, deadline):
                output += arrived
                if len(output) > self._most_output:
                    raise LimitedFailed("too_much_output")
        except TimeoutError as error:
            raise LimitedFailed("timed_out") from error
        return bytes(output)

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
                    stdin=theirs,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=dict(ENVIRON),
                    cwd="/",
                    start_new_session=True,
                )
            self._owner = os.getpid()
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE)
            self._process.kill()
            self._process.wait()
        self._process = self._control = None


def _receive(ours: socket.socket, deadline: float) -> bytes:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    ours.settimeout(left)
    try:
        return ours.recv(CHUNK)
    except ConnectionResetError:
        return b""


# From here on: the nursery's own process.


class _Ward:
    """The children that run, and where to say how each ended."""

    def __init__(self) -> None:
        self.status: dict[int, int] = {}  # child → the pipe
        self.until: dict[int, float] = {}

    def add(self, child: int, pipe: int, seconds: float) -> None:
        self.status[child] = pipe
        self.until[child] = time.monotonic() + seconds + GRACE / 2

    def reap(self) -> None:
        """Say how each child ended that has, and end its group: it may have left others behind."""
        for child in list(self.status):
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                continue
            self.kill(child)
            _pid, ended = os.waitpid(child, 0)
            pipe = self.status.pop(child)
            del self.until[child]
            with contextlib.suppress(OSError):
                os.write(pipe, STATUS.pack(os.waitstatus_to_exitcode(ended)))
            os.close(pipe)

    def kill_overdue(self) -> None:
        """For a child that has put off its own alarm."""
        now = time.monotonic()
        for child, until in self.until.items():
            if until < now:
                self.kill(child)

    @staticmethod
    def kill(child: int) -> None:
        """End a child's group; or the child, while it has no group of its own yet."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGKILL)


def main() -> None:
    """The nursery's life: load the module, fork for each job, end with the standard input."""
    _program, _root, module, seconds, memory_mb = sys.argv
    answer: Callable[[bytes], bytes] = importlib.import_module(module).answer
    gc.collect()
    gc.freeze()
    control = socket.socket(fileno=0)
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    memory = int(memory_mb) + _own_memory_mb()
    ward = _Ward()
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _events in selector.select(1 if ward.status else None)}
            with contextlib.suppress(BlockingIOError):
                os.read(woken, CHUNK)
            ward.reap()
            ward.kill_overdue()
            if control in ready and not _take(control, ward, answer, float(seconds), memory):
                break
    for child in ward.status:
        ward.kill(child)


def _own_memory_mb() -> int:
    """The address space that this process takes, MiB. Where it is not told, there is no limit."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // MEBIBYTE


def _take(
    control: socket.socket,
    ward: _Ward,
    answer: Callable[[bytes], bytes],
    seconds: float,
    memory_mb: int,
) -> bool:
    """Fork a child for one job; False when the caller is gone."""
    _message, passed, _flags, _address = socket.recv_fds(control, 1, 2)
    if len(passed) < 2:
        return False
    job, pipe = passed
    child = os.fork()
    if child == 0:
        _live(job, answer, seconds, memory_mb)
    os.close(job)
    ward.add(child, pipe, seconds)
    return True


def _live(job: int, answer: Callable[[bytes], bytes], seconds: float, memory_mb: int) -> None:
    """The child's life. It never returns, whatever happens."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)  # not handled: the kernel ends the child
        os.dup2(job, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        limit_all(memory_mb, math.ceil(seconds))
        with socket.socket(fileno=1) as talk:
            talk.sendall(answer(_all(talk)))
        os._exit(0)
    except MemoryError:
        os._exit(EXIT_MEMORY)
    finally:
        os._exit(1)


def _all(talk: socket.socket) -> bytes:
    data = bytearray()
    while arrived := talk.recv(CHUNK):
        data += arrived
    return bytes(data)
