"""Reports through the real form's POST: how many a second are on disk before they are thanked for,
what one costs, how long people wait, what kill -9 and two million reports change.

The public program runs as in production (granian, its own process, its rights). The clients are on
the same machine and take their part of it; their cost is not counted in the server's. On SQLite by
default; with VIGIE_TEST_POSTGRES on PostgreSQL. ``BENCH_REPORTS=2000000`` for the long row.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from bench.visitors import Visitor, report_of  # noqa: E402
from vigie.intake.models import Letter  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
PORT = 18_490
POSTGRES = bool(os.environ.get("VIGIE_TEST_POSTGRES"))
WHERE = "PostgreSQL" if POSTGRES else "SQLite"
# One program on SQLite, which lets one write at a time; two on PostgreSQL (docs/deploy.md).
WORKERS = 2 if POSTGRES else 1
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """The public program, and what it has cost."""

    child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--host", "127.0.0.1"]
        command += [
            "--http",
            "1",
            "--port",
            str(PORT),
            "--workers",
            str(WORKERS),
            "--no-access-log",
        ]
        command += ["--log-level", "error", "--backpressure", "8192", "config.door:application"]
        self.child = subprocess.Popen(
            command, cwd=ROOT, env=_environment(), start_new_session=True, stderr=subprocess.DEVNULL
        )
        while not Visitor(PORT).answers():
            time.sleep(0.1)

    def kill(self) -> None:
        assert self.child
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def cpu_seconds(self) -> float:
        assert self.child
        return sum(map(_cpu_of, [self.child.pid, *_children(self.child.pid)]))


def _environment() -> dict[str, str]:
    private = ("VIGIE_DATABASE", "VIGIE_KEYS", "VIGIE_SMTP")
    return {n: v for n, v in os.environ.items() if n not in private} | {"VIGIE_SURFACE": "public"}


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [n for child in map(int, text.split()) for n in (child, *_children(child))]
    return []


def _cpu_of(pid: int) -> float:
    with suppress(OSError):
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / TICKS
    return 0.0


@dataclass
class Outcome:
    """``thanked``: the numbers of the reports that got a thank-you; ``waits``: seconds."""

    thanked: set[int] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def line(self, bench: str, **more: object) -> None:
        waits = sorted(self.waits) or [0.0]
        print(
            json.dumps(
                {
                    "bench": f"intake: {bench}, {WHERE}",
                    "thanked": len(self.thanked),
                    "per_second": round(len(self.thanked) / self.seconds, 1),
                    "median_ms": round(waits[len(waits) // 2] * 1000, 1),
                    "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
                    **more,
                }
            ),
            flush=True,
        )


def at_once(numbers: range, clients: int, *, again: bool = False) -> Outcome:
    """Closed loop: each client sends the next report as soon as it is thanked for the last.

    ``again``: one that got no answer is sent again, the same, until it is thanked for.
    """
    outcome, rest, lock = Outcome(), iter(numbers), threading.Lock()

    def client(_number: int) -> None:
        visitor = Visitor(PORT)
        while True:
            with lock:
                number = next(rest, None)
            if number is None:
                return
            while True:
                begun = time.perf_counter()
                if visitor.thanked(report_of(number)):
                    with lock:
                        outcome.thanked.add(number)
                        outcome.waits.append(time.perf_counter() - begun)
                    break
                if not again:
                    break
                time.sleep(0.05)

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(client, range(clients)))
    outcome.seconds = time.perf_counter() - begun
    return outcome


def at_rate(numbers: range, per_second: float) -> Outcome:
    """Open loop: reports come at random moments, whether earlier ones were answered or not.

    A wait begins at the moment at which the report was to be sent.
    """
    outcome, lock, chance = Outcome(), threading.Lock(), random.Random(78)
    local = threading.local()

    def one(number: int, due: float) -> None:
        if not hasattr(local, "visitor"):
            local.visitor = Visitor(PORT)
        if local.visitor.thanked(report_of(number)):
            with lock:
                outcome.thanked.add(number)
                outcome.waits.append(time.perf_counter() - due)

    begun = due = time.perf_counter()
    with ThreadPoolExecutor(64) as pool:
        for number in numbers:
            due += chance.expovariate(per_second)
            if (pause := due - time.perf_counter()) > 0:
                time.sleep(pause)
            pool.submit(one, number, due)
    outcome.seconds = time.perf_counter() - begun
    return outcome


def capacity(server: Server, count: int) -> float:
    at_once(range(200), 16)  # warm
    before = server.cpu_seconds()
    outcome = at_once(range(1_000, 1_000 + count), 16)
    cost = (server.cpu_seconds() - before) / count * 1000
    outcome.line("reports thanked for", clients=16, server_cpu_ms=round(cost, 2))
    return len(outcome.thanked) / outcome.seconds


def killed(server: Server, count: int, clients: int = 64) -> None:
    """kill -9 at a random moment, a restart: is each that was thanked for there, and once?"""
    stop = threading.Timer(random.uniform(2, 6), server.kill)
    again = threading.Timer(8, server.start)
    for timer in (stop, again):
        timer.start()
    numbers = range(10_000_000, 10_000_000 + count)
    before = Letter.objects.count()
    outcome = at_once(numbers, clients, again=True)
    again.join()
    rows = Letter.objects.count() - before
    outcome.line("kill -9 and restart", clients=clients, sent=count, rows=rows)
    if rows != count or len(outcome.thanked) != count:
        sys.exit("a report was lost, or written twice")


def fill(most: int) -> None:
    """Copy what is there until ``most`` rows, with numbers of their own."""
    new = "lower(hex(randomblob(16)))" if not POSTGRES else "gen_random_uuid()"
    columns = [f'"{f.column}"' for f in Letter._meta.fields if f.column != "id"]
    names = ", ".join(columns)
    while (rows := Letter.objects.count()) < most:
        with connections["front"].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO intake_letter (id, {names}) SELECT {new}, {names} FROM intake_letter"
                f" LIMIT {min(rows, most - rows)}"
            )


def flat(server: Server, most: int, count: int) -> None:
    """The cost of one report beside an empty inbox, and beside one that nobody has opened."""
    for rows in (0, most):
        if rows == 0:
            with connections["front"].cursor() as cursor:
                cursor.execute("DELETE FROM intake_letter")
        else:
            at_once(range(20_000_000, 20_001_000), 16)
            fill(rows)
        at_once(range(30_000_000 + rows, 30_000_200 + rows), 16)
        before = server.cpu_seconds()
        numbers = range(40_000_000 + rows, 40_000_000 + rows + count)
        outcome = at_once(numbers, 16)
        cost = (server.cpu_seconds() - before) / count * 1000
        outcome.line("beside unopened reports", rows=rows, server_cpu_ms=round(cost, 2))


def main() -> None:
    call_command("migrate", database="front", verbosity=0)
    server = Server()
    server.start()
    try:
        count = int(os.environ.get("BENCH_COUNT", "5000"))
        rate = capacity(server, count)
        at_rate(range(5_000_000, 5_000_000 + count), rate * 0.6).line("60 % of that, open loop")
        killed(server, 4 * count)
        flat(server, int(os.environ.get("BENCH_REPORTS", "200000")), count)
    finally:
        server.kill()


if __name__ == "__main__":
    main()
