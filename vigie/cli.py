"""`vigie`: the one command line. ``--demo`` first: speak to the running demonstration.

vigie demo run | walk | day | kill NAME  the demonstration (no settings needed)
vigie keys init DIR                   a new set of keys
vigie keys                            which keys there are, and what to do with each
vigie keys rotate WHICH               a new one (worker, operators, journal, receipts)
vigie keys reseal | retire WHICH      seal again what the old one opens; then throw it away
vigie worker                          work off what is due
vigie journal verify                  does the journal still say what it said?
vigie doctor                          does the running deployment keep what it promises?
vigie policy load FILE                the jurisdiction policy
vigie retention load FILE | show      how long things are kept; what is due
vigie mandate record …                open fetching, with the legal basis
vigie staff add NAME ROLE --mail M    the first colleagues; they invite the others
vigie senders add NAME | list | revoke N  who may send reports by program
vigie screen PATH|-                   which pictures of a folder or an archive are known?
vigie providers add NAME --list L | list | revoke N  who may ask about known pictures
vigie hashes lists | load | fetch …     hash lists: files, partners, feedback, exports, index
vigie grants ROLE                     the public program's rights, as SQL (PostgreSQL)
vigie migrate | check | …             Django's own commands
"""

import getpass
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    words = sys.argv[1:]
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__)
        return
    if words[0] == "--demo":
        from vigie.demo.environment import load_environment

        os.environ.update(load_environment("worker"))
        words = words[1:]
    if words[:1] == ["demo"]:
        from vigie.demo.commands import main as demo

        sys.exit(demo(words[1:]))
    if words[:2] == ["keys", "init"] and len(words) == 3:
        sys.exit(_init_keys(Path(words[2])))
    if words[:1] == ["screen"]:
        from vigie.matching.screen.command import main as screen

        sys.exit(screen(words[1:]))
    _django(words)


def _init_keys(folder: Path) -> int:
    from vigie.lib.keyring import make_keys

    print("The operators' key opens what reporters wrote. Choose its passphrase (12 or more).")
    passphrase = getpass.getpass("Passphrase: ")
    if len(passphrase) < 12 or passphrase != getpass.getpass("Again: "):
        print("Too short, or not the same twice. Nothing was made.", file=sys.stderr)
        return 1
    try:
        make_keys(folder, passphrase, input("OpenPGP user id (Name <address>): "))
    except FileExistsError:
        print(f"{folder} exists already. Keys are never overwritten.", file=sys.stderr)
        return 1
    print(f"Made in {folder}. public.env goes to the public program; nothing else does.")
    return 0


def _django(words: list[str]) -> None:
    os.environ.setdefault("VIGIE_SURFACE", "worker")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(["vigie", *words])
    except ImproperlyConfigured as error:
        print(f"vigie: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
