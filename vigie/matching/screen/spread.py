"""The same looking on several machines, by Ray (https://docs.ray.io): one worker on each.

Files are read where they are looked at: so each machine has Vigie, and the folder, the index and
its key under the same path. What travels are paths and lines, and no file.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # it would tell its makers

import ray  # noqa: E402
from ray.exceptions import RayError  # noqa: E402
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: E402

from vigie.matching.screen.looking import Limits, Looker, in_order, opened  # noqa: E402
from vigie.matching.screen.sources import Reader  # noqa: E402

AT_ONCE = 32  # files of one errand
AHEAD = 2  # errands of a machine: one that it does, one that waits

Line = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """What each machine has to know. Paths are as seen from ``folder``."""

    index: Path | None
    key: Path | None
    limits: Limits
    read: Reader
    folder: Path = field(default_factory=Path.cwd)


class Machine:
    """A worker: opens the index once, and looks with as many children as ``jobs``."""

    def __init__(self, task: Task, jobs: int) -> None:
        with suppress(OSError):  # a machine that only reads a bucket may lack it
            os.chdir(task.folder)
        self._read, self._most, self._jobs = task.read, task.limits.most_bytes, jobs
        self._stack = ExitStack()
        index, exact = opened(task.index, task.key, self._stack)
        self._looker = Looker(index, task.limits, exact)

    def lines(self, paths: list[str]) -> list[Line]:
        found = self._read(paths, lambda _path: True, self._most)
        return list(in_order(self._looker, found, self._jobs))


class Lost(OSError):
    """No machine could do it; the words are Ray's."""


def spread(address: str, task: Task, paths: Iterable[str]) -> Iterator[Line]:
    """The lines, as they come. ``address``: of the cluster, as `ray.init` takes it.

    A machine that is lost is replaced by one that is left, and its errands are done again.
    Raises Lost.
    """
    ray.init(address, include_dashboard=False, log_to_driver=False, logging_level="error")
    try:
        machines = [_on(node, task) for node in ray.nodes() if node["Alive"]]
        yield from _errands(machines, iter(paths))
    except RayError as error:
        raise Lost(str(error)) from error
    finally:
        ray.shutdown()


def _on(node: dict[str, Any], task: Task) -> Any:
    """It takes no CPU in Ray's books, so that there is always room to begin anew elsewhere."""
    there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=True)
    lasting = {"max_restarts": -1, "max_task_retries": -1, "num_cpus": 0}
    worker = ray.remote(Machine).options(scheduling_strategy=there, **lasting)
    return worker.remote(task, max(1, int(node["Resources"].get("CPU", 1))))


def _errands(machines: list[Any], paths: Iterator[str]) -> Iterator[Line]:
    """Whoever has done one gets the next: a slow machine gets fewer."""
    running: dict[Any, Any] = {}
    free = machines * AHEAD
    while True:
        while free and (errand := list(islice(paths, AT_ONCE))):
            machine = free.pop(0)
            running[machine.lines.remote(errand)] = machine
        if not running:
            return
        (ready, *_), _later = ray.wait(list(running))
        free.append(running.pop(ready))
        yield from ray.get(ready)
