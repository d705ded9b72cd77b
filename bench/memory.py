"""What processes take for themselves, beside what they share with others. Linux only."""

from multiprocessing import active_children
from pathlib import Path


def own_mib(process: int | str = "self") -> int:
    """0 where that is not told."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) // 1024


def children_mib() -> int:
    """The largest of this process's children."""
    return max((own_mib(child.pid) for child in active_children() if child.pid), default=0)


def all_mib() -> int:
    """This process and its children together."""
    return own_mib() + sum(own_mib(child.pid) for child in active_children() if child.pid)
