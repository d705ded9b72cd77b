"""`vigie policy load FILE`: who is told, who authorises, who contacts the host, by country."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vigie.dispatch.policy import BadPolicy, load_policy


class Command(BaseCommand):
    help = "Load a jurisdiction policy from a TOML file, whole or not at all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["load"])
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = load_policy(options["file"], "command line")
        except BadPolicy as error:
            raise CommandError(str(error))
        self.stdout.write(f"{count} rules are active.")
