"""`vigie mandate record …`: the operator's legal word, without which nothing is fetched."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from vigie.tracing.egress import record_mandate, withdraw_mandates


class Command(BaseCommand):
    help = "Record (or withdraw) the legal mandate and the egress route that open fetching."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        record = acts.add_parser("record")
        record.add_argument("--basis", required=True, help="the law or agreement it rests on")
        record.add_argument("--reference", required=True, help="where the paper is")
        record.add_argument("--egress", required=True, help="by which route requests leave")
        acts.add_parser("withdraw")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "withdraw":
            withdraw_mandates("command line")
            self.stdout.write("Fetching is off.")
            return
        record_mandate(options["basis"], options["reference"], options["egress"], "command line")
        self.stdout.write("Recorded. Fetching is on for web addresses.")
