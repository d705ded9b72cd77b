"""Accounts and policy of the demonstration, in its own database. Safe to run again."""

import django

django.setup()

from vigie.dispatch.models import Rule  # noqa: E402
from vigie.dispatch.policy import POLICIES, load_policy  # noqa: E402
from vigie.keeping.policy import POLICIES as RETENTION  # noqa: E402
from vigie.keeping.policy import load_retention  # noqa: E402
from vigie.staff.demo import make_accounts  # noqa: E402


def main() -> None:
    make_accounts()
    if not Rule.objects.filter(active=True).exists():
        load_policy(POLICIES / "demo.toml", "demonstration")
        load_retention(RETENTION / "demo.toml", "demonstration")


if __name__ == "__main__":
    main()
