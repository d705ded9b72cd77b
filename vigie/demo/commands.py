"""`vigie demo …`: run the demonstration, or walk a report through it."""

import argparse

from vigie.demo.run import kill, run
from vigie.demo.walk import walk


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="vigie demo", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    runner = acts.add_parser("run", help="start everything on loopback; Ctrl-C stops it")
    runner.add_argument("--fresh", action="store_true", help="forget the earlier demonstration")
    acts.add_parser("walk", help="drive a report through the running demonstration")
    killer = acts.add_parser("kill", help="kill -9 one program, to see that nothing is lost")
    killer.add_argument("program", choices=["worker", "public", "desk", "match", "sandbox"])
    chosen = parser.parse_args(words)
    if chosen.act == "run":
        return run(fresh=chosen.fresh)
    if chosen.act == "kill":
        return kill(chosen.program)
    return walk()
