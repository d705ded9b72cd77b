"""`vigie demo …`: run the demonstration, walk a report through it, or work off a whole day."""

import argparse

from vigie.demo.day.command import run as day
from vigie.demo.run import kill, run
from vigie.demo.walk import walk


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="vigie demo", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    runner = acts.add_parser("run", help="start everything on loopback; Ctrl-C stops it")
    runner.add_argument("--fresh", action="store_true", help="forget the earlier demonstration")
    acts.add_parser("walk", help="drive a report through the running demonstration")
    worked = acts.add_parser("day", help="a day of reports, worked off in Chromium by keyboard")
    worked.add_argument("--reports", type=int, default=1000, help="how many (10 at least)")
    worked.add_argument("--seed", type=int, default=1, help="another seed, another day")
    killer = acts.add_parser("kill", help="kill -9 one program, to see that nothing is lost")
    killer.add_argument("program", choices=["worker", "public", "desk", "match", "sandbox"])
    chosen = parser.parse_args(words)
    if chosen.act == "run":
        return run(fresh=chosen.fresh)
    if chosen.act == "day":
        return day(max(10, chosen.reports), chosen.seed)
    if chosen.act == "kill":
        return kill(chosen.program)
    return walk()
