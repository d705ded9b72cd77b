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
        data = tomllib.loads(path.read_text("utf-8"))
        rules = [KeepingRule(version=data["version"], **row) for row in data["keep"]]
        for rule in rules:
            rule.full_clean(validate_constraints=False)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValidationError) as error:
        raise BadPolicy(f"{path}: {error}")
    kinds = [rule.kind for rule in rules]
    if unknown := sorted(set(kinds) - set(BY_NAME)):
        raise BadPolicy(f"{path}: {', '.join(unknown)}: not one of {', '.join(BY_NAME)}")
    if len(set(kinds)) < len(kinds) or not all(rule.days for rule in rules):
        raise BadPolicy(f"{path}: one rule for a kind, of one day or more")
    with transaction.atomic():
        KeepingRule.objects.filter(active=True).update(active=False)
        KeepingRule.objects.bulk_create(rules)
        days = {rule.kind: rule.days for rule in rules}
        append(Verb.RETENTION_LOADED, "retention", by, version=data["version"], **days)
        confirm(by)
    return len(rules)
