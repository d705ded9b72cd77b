"""`vigie retention`: load a policy, say what is due, confirm the clock."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vigie.keeping import selectors
from vigie.keeping.guard import confirm
from vigie.keeping.policy import BadPolicy, load_retention

BY = "command line"


class Command(BaseCommand):
    help = "load FILE: the retention policy; show: what is due; confirm: the clock is right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["load", "show", "confirm"])
        parser.add_argument("file", nargs="?", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "confirm":
            confirm(BY)
        elif options["act"] == "load":
            if options["file"] is None:
                raise CommandError("vigie retention load FILE")
            try:
                count = load_retention(options["file"], BY)
            except BadPolicy as error:
                raise CommandError(str(error))
            self.stdout.write(f"{count} rules loaded.")
        for row in selectors.rows():
            after = f"after {row.rule.days} days" if row.rule else "stays"
            self.stdout.write(f"{row.kind.name}: {after}; due {row.due}; erased {row.erased}")
