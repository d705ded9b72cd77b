"""`vigie providers add NAME --list L … | list | revoke N | index`: who may ask what is known."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vigie.matching.following import caught_up
from vigie.matching.lists.models import HashList
from vigie.matching.providers.models import PER_MINUTE, Provider
from vigie.matching.providers.services import AlreadyRevoked, add_provider, revoke_provider

BY = "command line"


class Command(BaseCommand):
    help = "Trusted providers: make a key (printed once), list them, revoke one."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        adding = acts.add_parser("add")
        adding.add_argument("name")
        adding.add_argument("--list", action="append", required=True, dest="lists")
        adding.add_argument("--per-minute", type=int, default=PER_MINUTE, help="pictures")
        acts.add_parser("list")
        acts.add_parser("revoke").add_argument("number", type=int)
        acts.add_parser("index", help="as the match program, before it starts: follow the lists")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "add":
            self._add(options["name"].strip(), options["lists"], options["per_minute"])
        elif options["act"] == "revoke":
            self._revoke(options["number"])
        elif options["act"] == "index":
            self.stdout.write(f"{len(caught_up())} values")
        else:
            for one in Provider.objects.order_by("pk").prefetch_related("lists"):
                ended = f", revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else ""
                scope = ", ".join(each.name for each in one.lists.all())
                self.stdout.write(f"{one.pk}\t{one.name}\t{one.made_at:%Y-%m-%d}{ended}\t{scope}")

    def _add(self, name: str, names: list[str], per_minute: int) -> None:
        if not 0 < len(name) <= 80 or per_minute < 1:
            raise CommandError("A name of 1 to 80 letters, and at least one picture a minute.")
        lists = list(HashList.objects.filter(name__in=names).order_by("pk"))
        if missing := set(names) - {one.name for one in lists}:
            raise CommandError(f"There is no list {', '.join(sorted(missing))}.")
        provider, key = add_provider(name, lists, BY, per_minute)
        self.stdout.write(f"{provider.pk}\t{provider.name}, key, shown once: {key}")

    def _revoke(self, number: int) -> None:
        try:
            revoke_provider(number, BY)
        except AlreadyRevoked:
            raise CommandError(f"There is no provider {number} with a valid key.")
        self.stdout.write(f"{number}: its key opens nothing any more.")
