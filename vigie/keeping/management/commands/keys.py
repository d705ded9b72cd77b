"""`vigie keys`: what keys there are; `rotate`, `reseal` and `retire` one of them."""

import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.startup import refuse_unsafe
from vigie.keeping import rotation
from vigie.keeping.explaining import explain
from vigie.keeping.resealing import Progress, reseal, still_needed
from vigie.lib.keys import bare_lines
from vigie.lib.seal import Unsealable, recipient_of, unlock

SHORTEST = 12
ROTATED = ("worker", "operators", "journal", "receipts")
SEALED = ("worker", "operators")
AFTER = {
    "worker": "Copy worker.key to the desk's folder and to your copies offline, and start the desk "
    "and the worker again. Then give the public program its new recipient and start it again:",
    "operators": "Copy operators.age to the desk's folder and to your copies offline, and tell the "
    "team the passphrase. Then give the public program its new recipient and start it again:",
    "receipts": "Put this key before the present one, and the present one into "
    "VIGIE_RECEIPT_KEYS_BEFORE, in the public program's environment; start it again. Receipts that "
    "were given keep working as long as their key stays there:",
}
VARIABLE = {
    "worker": "VIGIE_INBOX_RECIPIENT",
    "operators": "VIGIE_OPERATORS_RECIPIENT",
    "receipts": "VIGIE_RECEIPT_KEY",
}


class Command(BaseCommand):
    help = "Say which keys there are, or: rotate, reseal, retire one of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", nargs="?", choices=["rotate", "reseal", "retire"])
        parser.add_argument("which", nargs="?", choices=ROTATED)
        parser.add_argument(
            "--sealing-to", default="", help="retire: the recipient the public program has now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        act, which = options["act"], options["which"]
        if act is None:
            self.stdout.write("\n".join(explain(settings.KEYS)))
            return
        refuse_unsafe()
        if which is None or (act != "rotate" and which not in SEALED):
            allowed = ROTATED if act == "rotate" else SEALED
            raise CommandError(f"vigie keys {act} {' | '.join(allowed)}")
        try:
            if act == "retire":
                self._retire(which, options["sealing_to"])
            else:
                getattr(self, f"_{act}")(which)
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} is not in this folder of keys.")
        except Unsealable:
            raise CommandError("Wrong passphrase. Nothing was changed.")

    def _rotate(self, which: str) -> None:
        folder = settings.KEYS
        if which == "journal":
            rotation.rotate_journal(folder, settings.JOURNAL_HEADS)
            self.stdout.write("Start the worker again; give journal.pub to whoever audits.")
            return
        if which == "worker":
            new = rotation.rotate_worker(folder)
        elif which == "operators":
            before, _ = self._identity("operators")
            new = rotation.rotate_operators(folder, before, _new_passphrase())
        else:
            new = rotation.new_receipt_key()
        self.stdout.write(f"{AFTER[which]}\n{VARIABLE[which]}={new}")
        if which in SEALED:
            self.stdout.write(f"When all three run with it: vigie keys reseal {which}")

    def _reseal(self, which: str) -> None:
        done = reseal(which, self._identity(which)[0], self._tell)
        self.stdout.write(
            f"{done.resealed} sealed again, of {done.seen}; {done.lost} open with none."
        )
        self.stdout.write(f"Then: vigie keys retire {which} --sealing-to …")

    def _tell(self, table: str, progress: Progress) -> None:
        self.stdout.write(f"  {table}: {progress.seen} seen, {progress.resealed} sealed again")

    def _retire(self, which: str, sealing_to: str) -> None:
        """Never while the public program may still seal to the old one: that would be lost."""
        identity, passphrase = self._identity(which)
        if len(identity.split()) == 1:
            raise CommandError("There is no older key.")
        if sealing_to != recipient_of(identity):
            raise CommandError(
                f"Look up what the running public program has as {VARIABLE[which]}, and say it: "
                f"--sealing-to age1… It is not the present key's: nothing was thrown away."
            )
        if left := still_needed(which, identity):
            raise CommandError(f"{left} rows still need an older key: vigie keys reseal {which}")
        if which == "worker":
            rotation.retire_worker(settings.KEYS)
        else:
            rotation.retire_operators(settings.KEYS, identity, passphrase)
        self.stdout.write(
            "Thrown away here. Do the same in the desk's folder; old backups need it."
        )

    @staticmethod
    def _identity(which: str) -> tuple[str, str]:
        """The identities, the present one first, and the passphrase where there is one."""
        if which == "worker":
            return "\n".join(bare_lines(settings.KEYS / "worker.key")), ""
        passphrase = getpass.getpass("Passphrase: ")
        return unlock((settings.KEYS / "operators.age").read_bytes(), passphrase), passphrase


def _new_passphrase() -> str:
    passphrase = getpass.getpass("New passphrase: ")
    if len(passphrase) < SHORTEST or passphrase != getpass.getpass("Again: "):
        raise CommandError("Too short, or not the same twice. Nothing was changed.")
    return passphrase
