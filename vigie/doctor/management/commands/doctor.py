"""`vigie doctor`: does the running deployment keep what it promises? 0 only if nothing failed."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from vigie.doctor.examination import Asked, examine
from vigie.doctor.finding import Outcome


class Command(BaseCommand):
    help = "Examine the running deployment: over HTTP, and on this machine. Writes no report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--public", default=settings.PUBLIC_URL, help="the public site")
        parser.add_argument("--desk", default=settings.DESK_URL, help="the desk")
        parser.add_argument("--ca", help="a file of CA certificates to trust")
        parser.add_argument("--public-env", type=Path, help="the public program's settings")
        parser.add_argument("--match", default="", help="the match program, if there is one")
        parser.add_argument("--match-env", type=Path, help="the match program's settings")
        parser.add_argument(
            "--log",
            type=Path,
            action="append",
            default=[],
            help="a log of the proxy, Tor or PostgreSQL that must not tell of visitors (repeat)",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = Asked(
            options["public"],
            options["desk"],
            options["ca"],
            options["public_env"],
            tuple(options["log"]),
            options["match"],
            options["match_env"],
        )
        found = examine(asked)
        for one in found:
            row = {"name": one.name, "outcome": one.outcome.lower(), "said": one.said}
            self.stdout.write(json.dumps(row) if options["json"] else str(one))
        if any(one.outcome is Outcome.FAIL for one in found):
            sys.exit(1)
