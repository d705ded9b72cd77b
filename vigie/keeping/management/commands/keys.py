"""`vigie keys`: what keys there are; `rotate`, `reseal`, `reindex`, `retire` one of them."""

import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.startup import refuse_unsafe
from vigie.items import keys
from vigie.keeping import reindexing, rotation
from vigie.keeping.explaining import explain
from vigie.keeping.reindexing import reindex
from vigie.keeping.resealing import Progress, reseal, still_needed
from vigie.lib.keys import Keys, StaleKey, bare_lines
from vigie.lib.seal import Unsealable, recipient_of, unlock

SHORTEST = 12
SEALED = ("worker", "operators")
ACTS = {
    "rotate": (*SEALED, "index", "journal", "receipts"),
    "reseal": SEALED,
    "reindex": ("index",),
    "retire": (*SEALED, "index"),
}
AFTER = {
    "worker": "Copy worker.key to the desk's folder and to your copies offline, and start the desk "
    "and the worker again. Then give the public program its new recipient and start it again:",
    "operators": "Copy operators.age to the desk's folder and to your copies offline, and tell the "
    "team the passphrase. Then give the public program its new recipient and start it again:",
    "index": "Copy index.key to the desk's folder and to your copies offline, and start the worker "
    "and the desk again, at once: until then reports wait and the search finds nothing. Then: "
    "vigie keys reindex index. The name of the new key in the journal is",
    "receipts": "Put this key before the present one, and the present one into "
    "VIGIE_RECEIPT_KEYS_BEFORE, in the public program's environment; start it again. Receipts that "
    "were given keep working as long as their key stays there:",
}
RETIRED = "Thrown away here. Do the same in the desk's folder; old backups need it."
VARIABLE = {
    "worker": "VIGIE_INBOX_RECIPIENT",
    "operators": "VIGIE_OPERATORS_RECIPIENT",
    "receipts": "VIGIE_RECEIPT_KEY",
    "index": "index.key",
}


class Command(BaseCommand):
    help = "Say which keys there are, or: rotate, reseal, reindex, retire one of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", nargs="?", choices=list(ACTS))
        parser.add_argument("which", nargs="?", choices=ACTS["rotate"])
        parser.add_argument(
            "--sealing-to", default="", help="retire: the recipient the public program has now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        act, which = options["act"], options["which"]
        if act is None:
            self.stdout.write("\n".join(explain(settings.KEYS)))
            return
        refuse_unsafe()
        if which not in ACTS[act]:
            raise CommandError(f"vigie keys {act} {' | '.join(ACTS[act])}")
        try:
            if (act, which) == ("retire", "index"):
                self._retire_index()
            elif act == "retire":
                self._retire(which, options["sealing_to"])
            else:
                getattr(self, f"_{act}")(which)
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} is not in this folder of keys.")
        except StaleKey:
            raise CommandError(
                "The journal names another key than the first of this index.key: copy the file "
                "that was rotated here, or rotate again."
            )
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
        elif which == "index":
            new = rotation.rotate_index(folder)
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

    def _reindex(self, _which: str) -> None:
        done = reindex(self._tell_index)
        self.stdout.write(f"{done.resealed} hashed again, of {done.seen}; {done.lost} cannot be.")
        self.stdout.write("Then: vigie keys retire index")

    def _tell_index(self, table: str, progress: Progress) -> None:
        self.stdout.write(f"  {table}: {progress.seen} seen, {progress.resealed} hashed again")

    def _retire_index(self) -> None:
        if len(Keys(settings.KEYS).generations) == 1:
            raise CommandError("There is no older key.")
        keys.refuse_stale()
        if left := reindexing.still_needed():
            said = "; ".join(f"{name}: {count}" for name, count in left.items())
            raise CommandError(f"An older key is still needed. {said}. (vigie keys reindex index)")
        rotation.retire_index(settings.KEYS)
        self.stdout.write(RETIRED)

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
        self.stdout.write(RETIRED)

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
