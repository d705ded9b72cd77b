"""`vigie senders add NAME | list | revoke NUMBER|NAME`: who may send reports by program."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vigie.intake.doors.models import Sender
from vigie.intake.doors.services import AlreadyRevoked, add_sender, revoke_sender

BY = "command line"


class Command(BaseCommand):
    help = "Trusted senders: make a key (printed once), list them, revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("add").add_argument("name")
        acts.add_parser("list")
        acts.add_parser("revoke").add_argument("sender", help="its number, or its name")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "add":
            self._add(options["name"].strip())
        elif options["act"] == "revoke":
            self._revoke(_number_of(options["sender"].strip()))
        else:
            for sender in Sender.objects.order_by("pk"):
                ended = f", revoked {sender.revoked_at:%Y-%m-%d}" if sender.revoked_at else ""
                self.stdout.write(f"{sender.pk}\t{sender.name}\t{sender.made_at:%Y-%m-%d}{ended}")

    def _add(self, name: str) -> None:
        if not 0 < len(name) <= 80:
            raise CommandError("A name of 1 to 80 letters.")
        sender, key = add_sender(name, BY)
        self.stdout.write(f"{sender.pk}\t{sender.name}, key, shown once: {key}")

    def _revoke(self, number: int) -> None:
        try:
            revoke_sender(number, BY)
        except AlreadyRevoked:
            raise CommandError(f"There is no sender {number} with a valid key.")
        self.stdout.write(f"{number}: its key opens nothing any more.")


def _number_of(sender: str) -> int:
    """Of a name that several have, none is meant."""
    if sender.isdecimal():
        return int(sender)
    valid = Sender.objects.filter(name=sender, revoked_at=None).order_by("pk")
    numbers = list(valid.values_list("pk", flat=True))
    if len(numbers) != 1:
        which = f"Say which: {', '.join(map(str, numbers))}." if numbers else "See: senders list."
        raise CommandError(f"{len(numbers)} senders of this name have a valid key. {which}")
    return numbers[0]
