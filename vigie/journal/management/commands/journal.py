"""`vigie journal verify`: does the journal still say what it said?"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from vigie.journal import heads
from vigie.journal.models import Entry


class Command(BaseCommand):
    help = "Check the journal's chain against the signed heads, or sign the present head."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify", "sign"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "sign":
            key = (settings.KEYS / "journal.key").read_bytes()
            signed = heads.sign_head(settings.JOURNAL_HEADS, key)
            self.stdout.write("signed" if signed else "nothing new to sign")
            return
        wrong = heads.verify(settings.JOURNAL_HEADS, (settings.KEYS / "journal.pub").read_bytes())
        for fault in wrong:
            self.stderr.write(f"line {fault.seq}: {fault.what}")
        if wrong:
            raise CommandError(f"The journal does not stand: {len(wrong)} faults.")
        self.stdout.write(f"The journal stands: {Entry.objects.count()} lines.")
