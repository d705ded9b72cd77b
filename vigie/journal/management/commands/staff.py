"""`vigie staff add NAME ROLE`: a new colleague, with a password to be changed at once.

Here and not in the staff room: it is an act, and staff knows nothing of the journal.
"""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.staff.models import User
from vigie.staff.permissions import Role


class Command(BaseCommand):
    help = "Add a member of staff; the password is printed once, the second factor set at sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["add"])
        parser.add_argument("username")
        parser.add_argument("role", choices=[role.value for role in Role])
        parser.add_argument("--mail", default="", help="without it they cannot be set anew")

    def handle(self, *args: Any, **options: Any) -> None:
        password = secrets.token_urlsafe(18)
        try:
            with transaction.atomic():
                user = User.objects.add(options["username"], password, Role(options["role"]))
                User.objects.filter(pk=user.pk).update(email=options["mail"])
                append(Verb.STAFF_ADDED, f"staff:{user.pk}", "command line", role=user.role)
        except IntegrityError:
            raise CommandError(f"There is already somebody called {options['username']}.")
        self.stdout.write(f"{user.username} ({user.role}), password, shown once: {password}")
