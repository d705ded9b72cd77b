"""Loading a retention policy (TOML), whole or not at all."""

import tomllib
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.keeping.guard import confirm
from vigie.keeping.kinds import BY_NAME
from vigie.keeping.models import KeepingRule

POLICIES = Path(__file__).parent / "policies"


class BadPolicy(ValueError):
    """The file is not a policy; the message says why. Nothing was changed."""


def load_retention(path: Path, by: str) -> int:
    """Replace the active policy by a file's. Returns the number of rules.

    Whoever loads a policy looks at what it says today: the clock counts as confirmed.
    """
    try:
        rules = read_retention(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, BadPolicy) as error:
        raise BadPolicy(f"{path}: {error}")
    put_in_force(rules, by)
    return len(rules)


def read_retention(text: str) -> list[KeepingRule]:
    """The rules of a policy's text, checked, not yet in force. Raises `BadPolicy`."""
    try:
        data = tomllib.loads(text)
        rules = [KeepingRule(version=data["version"], **row) for row in data["keep"]]
        for rule in rules:
            rule.full_clean(validate_constraints=False)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValidationError) as error:
        raise BadPolicy(str(error))
    kinds = [rule.kind for rule in rules]
    if unknown := sorted(set(kinds) - set(BY_NAME)):
        raise BadPolicy(f"{', '.join(unknown)}: not one of {', '.join(BY_NAME)}")
    if not kinds or len(set(kinds)) < len(kinds) or not all(rule.days for rule in rules):
        raise BadPolicy("one rule for a kind, of one day or more")
    return rules


def put_in_force(rules: list[KeepingRule], by: str) -> None:
    with transaction.atomic():
        KeepingRule.objects.filter(active=True).update(active=False)
        KeepingRule.objects.bulk_create(rules)
        days = {rule.kind: rule.days for rule in rules}
        append(Verb.RETENTION_LOADED, "retention", by, version=rules[0].version, **days)
        confirm(by)
