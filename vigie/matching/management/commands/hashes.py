"""`vigie hashes load LIST KIND FILE`: the values of a hash list, one a line."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from vigie.matching.known import DIGITS, NotHashes, load_list


class Command(BaseCommand):
    help = "Load a plain list of hash values; nothing is loaded if a line is no such value."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["load"])
        parser.add_argument("name", help="of the list: shown where a picture is recognised")
        parser.add_argument("kind", choices=list(DIGITS))
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(encoding="utf-8") as lines, transaction.atomic():
                new = load_list(options["name"][:60], options["kind"], lines, "command line")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}")
        except NotHashes as error:
            raise CommandError(f"Line {error.line} is no {options['kind']}. Nothing was loaded.")
        self.stdout.write(f"{new} new values on {options['name']}.")
