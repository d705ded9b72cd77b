"""`vigie journal verify`: does the journal still say what it said? And what follows a restore."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from vigie.journal import heads, restoring
from vigie.journal.models import Entry


class Command(BaseCommand):
    help = "Check the journal's chain against the signed heads, sign the present head, or say \
that a backup was restored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify", "sign", "restored"])
        parser.add_argument("--after", type=int, help="the last line that the backup had")
        parser.add_argument("--who", default="", help="who restored it")
        parser.add_argument("--why", default="", help="why")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "sign":
            key = (settings.KEYS / "journal.key").read_bytes()
            signed = heads.sign_head(settings.JOURNAL_HEADS, key)
            self.stdout.write("signed" if signed else "nothing new to sign")
            return
        public = (settings.KEYS / "journal.pub").read_bytes()
        if options["act"] == "restored":
            self._restored(public, options["after"], options["who"], options["why"])
            return
        wrong = heads.verify(settings.JOURNAL_HEADS, public)
        for one in heads.read_heads(settings.JOURNAL_HEADS, public).restores:
            self.stdout.write(
                f"line {one['seq']}: restored from a backup on {one['at'][:16]} by {one['who']}: "
                f"{one['why']}. Lines {one['after'] + 1} to {one['until']} of before are lost."
            )
        for fault in wrong:
            self.stderr.write(f"line {fault.seq}: {fault.what}")
        if wrong:
            raise CommandError(f"The journal does not stand. Faults: {len(wrong)}.")
        self.stdout.write(f"The journal stands: {Entry.objects.count()} lines.")

    def _restored(self, public: bytes, after: int | None, who: str, why: str) -> None:
        path = settings.JOURNAL_HEADS
        try:
            if after is None:
                agreed, until = restoring.last_agreed(path, public)
                raise CommandError(
                    f"The journal agrees with what was signed up to line {agreed}; up to line "
                    f"{until} was signed and is lost. Only if the backup ended there: "
                    f"vigie journal restored --after {agreed} --who … --why …"
                )
            key = (settings.KEYS / "journal.key").read_bytes()
            restoring.say_restored(path, key, public, after=after, who=who, why=why)
        except restoring.NotRestored as error:
            raise CommandError(str(error))
        self.stdout.write("It is written and signed. Now: vigie journal verify")
