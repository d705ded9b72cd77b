"""A module for a nursery: the first piece of its input says how to misbehave."""

import json
import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

CALLS = [0]


def answer(how: bytes, rest: bytes = b"") -> Iterator[bytes]:
    CALLS[0] += 1
    yield from MANNERS[how.decode()](rest)


def _reverse(rest: bytes) -> Iterator[bytes]:
    yield rest[::-1]


def _count(_rest: bytes) -> Iterator[bytes]:
    yield b"%d" % CALLS[0]


def _nursery(_rest: bytes) -> Iterator[bytes]:
    yield b"%d" % os.getppid()


def _sleep(_rest: bytes) -> Iterator[bytes]:
    yield b"%d" % os.getpid()
    time.sleep(3_600)


def _stubborn(_rest: bytes) -> Iterator[bytes]:
    signal.setitimer(signal.ITIMER_REAL, 0)
    yield from _sleep(b"")


def _spin(_rest: bytes) -> Iterator[bytes]:
    yield b""
    while True:
        pass


def _memory(_rest: bytes) -> Iterator[bytes]:
    yield bytes(2**30)[:1]


def _fail(_rest: bytes) -> Iterator[bytes]:
    yield b"half of the answer"
    raise RuntimeError


def _abort(_rest: bytes) -> Iterator[bytes]:
    yield b"half of the answer"
    os.abort()


def _talk(_rest: bytes) -> Iterator[bytes]:
    while True:
        yield b"x" * 65_536


def _surroundings(_rest: bytes) -> Iterator[bytes]:
    opened = []
    for number in range(64):
        with suppress(OSError):
            os.fstat(number)
            opened.append(number)
    kinds = ("CORE", "FSIZE", "NPROC", "CPU", "NOFILE", "AS")
    limits = {k: resource.getrlimit(getattr(resource, f"RLIMIT_{k}")) for k in kinds}
    seen = {"open": opened, "limits": limits, "environ": dict(os.environ)}
    yield json.dumps(seen | {"leader": os.getpid() == os.getpgrp() == os.getsid(0)}).encode()


def _fork(_rest: bytes) -> Iterator[bytes]:
    child = os.fork()
    if child == 0:
        time.sleep(3_600)
        os._exit(0)
    yield b"%d" % child


MANNERS = {
    "abort": _abort,
    "count": _count,
    "fail": _fail,
    "fork": _fork,
    "memory": _memory,
    "nursery": _nursery,
    "reverse": _reverse,
    "sleep": _sleep,
    "spin": _spin,
    "stubborn": _stubborn,
    "surroundings": _surroundings,
    "talk": _talk,
}
