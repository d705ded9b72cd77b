"""The nursery's own process (see `lib.nursery`): it loads a module once and forks a child a job.

It reads no input itself. Its standard input is the caller's socket, over which come, for each job,
the job's own socket and a pipe that is told how the child ended.
"""

import contextlib
import gc
import importlib
import math
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from vigie.lib.limited import EXIT_MEMORY, MEBIBYTE, limit_all

Buffer = bytes | bytearray | memoryview
Answer = Callable[..., Iterable[Buffer]]
STATUS = struct.Struct("!i")
LENGTH = struct.Struct("!Q")
GRACE = 1.0  # seconds that a caller and the nursery wait longer than the child's own alarm


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
            pipe, until = self.status.pop(child), self.until.pop(child)
            code = os.waitstatus_to_exitcode(ended)
            late = code == -signal.SIGKILL and until < time.monotonic()
            with contextlib.suppress(OSError):
                os.write(pipe, STATUS.pack(-signal.SIGALRM if late else code))
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
    _program, _root, module, seconds, memory_mb, threads = sys.argv
    answer: Answer = importlib.import_module(module).answer
    memory = int(memory_mb) + _own_memory_mb()
    life = _Life(answer, float(seconds), memory, threads == "1")
    gc.collect()
    gc.freeze()
    control = socket.socket(fileno=0)
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    ward = _Ward()
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _events in selector.select(1 if ward.status else None)}
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 4096)
            ward.reap()
            ward.kill_overdue()
            if control in ready and not _take(control, ward, life):
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


@dataclass(frozen=True)
class _Life:
    """What every child does, and may."""

    answer: Answer
    seconds: float
    memory_mb: int
    threads: bool


def _take(control: socket.socket, ward: _Ward, life: _Life) -> bool:
    """Fork a child for one job; False when the caller is gone."""
    _message, passed, _flags, _address = socket.recv_fds(control, 1, 2)
    if len(passed) < 2:
        return False
    job, pipe = passed
    child = os.fork()
    if child == 0:
        _live(job, life)
    os.close(job)
    ward.add(child, pipe, life.seconds)
    return True


def _live(job: int, life: _Life) -> None:
    """The child's life. It never returns, whatever happens."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, life.seconds)  # not handled: the kernel ends the child
        os.dup2(job, 1)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.close(0)
        os.open(os.devnull, os.O_RDWR)  # becomes 0, the lowest that is free
        limit_all(life.memory_mb, math.ceil(life.seconds), threads=life.threads)
        with socket.socket(fileno=1) as talk:
            for piece in life.answer(*_pieces(talk)):
                talk.sendall(LENGTH.pack(len(piece)))
                talk.sendall(piece)
                del piece  # its memory serves the next
        os._exit(0)
    except MemoryError:
        os._exit(EXIT_MEMORY)
    finally:
        os._exit(1)


def _pieces(talk: socket.socket) -> list[bytes]:
    """What the caller sent, piece by piece, each after its length: so it is copied only once."""
    pieces = []
    while head := talk.recv(LENGTH.size, socket.MSG_WAITALL):
        pieces.append(talk.recv(LENGTH.unpack(head)[0], socket.MSG_WAITALL))
    return pieces
