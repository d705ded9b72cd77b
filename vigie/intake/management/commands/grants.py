"""`vigie grants ROLE`: what the public program's PostgreSQL role may do, and nothing beyond it.

With ``--match``: the match program's, in the main database.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connections, transaction


class Command(BaseCommand):
    help = "Print (or, with --apply, grant) a program's rights in the database that it may enter."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the PostgreSQL role of the public (or match) program")
        parser.add_argument("--match", action="store_true", help="of the match program")
        parser.add_argument("--apply", action="store_true", help="grant them now")

    def handle(self, *args: Any, **options: Any) -> None:
        alias = "default" if options["match"] else "front"
        rights = settings.MATCH_RIGHTS if options["match"] else settings.FRONT_RIGHTS
        connection = connections[alias]
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles: there the program narrows its own connection.")
        statements = self._statements(connection.ops.quote_name(options["role"]), rights)
        if not options["apply"]:
            self.stdout.write("\n".join(f"{statement};" for statement in statements))
            return
        try:
            with transaction.atomic(using=alias), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        except DatabaseError as error:
            raise CommandError(f"Nothing was granted: {error}")
        self.stdout.write(f"Granted to {options['role']}.")

    @staticmethod
    def _statements(role: str, rights: Mapping[str, str]) -> list[str]:
        grants = [f"GRANT {allowed} ON {table} TO {role}" for table, allowed in rights.items()]
        return [
            # What an earlier version may have granted, and what PostgreSQL grants by itself.
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC",
            f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
            f"GRANT USAGE ON SCHEMA public TO {role}",
            *grants,
        ]
