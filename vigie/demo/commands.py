"""`vigie demo …`: run the demonstration, or walk a report through it."""

import argparse


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="vigie demo", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    run = acts.add_parser("run", help="start everything on loopback; Ctrl-C stops it")
    run.add_argument("--fresh", action="store_true", help="forget the earlier demonstration")
    acts.add_parser("walk", help="drive a report through the running demonstration")
    kill = acts.add_parser("kill", help="kill -9 one program, to see that nothing is lost")
    kill.add_argument("program", choices=["worker", "public", "desk", "sandbox"])
    chosen = parser.parse_args(words)
    if chosen.act == "run":
        from vigie.demo.run import run as start

        return start(fresh=chosen.fresh)
    if chosen.act == "kill":
        from vigie.demo.run import kill as kill_one

        kill_one(chosen.program)
        return 0
    from vigie.demo.walk import walk

    return walk()
