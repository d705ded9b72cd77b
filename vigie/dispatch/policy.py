"""Loading a jurisdiction policy (TOML), and finding the rule of a country."""

import tomllib
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from vigie.dispatch.models import Rule
from vigie.journal.services import append
from vigie.journal.verbs import Verb

POLICIES = Path(__file__).parent / "policies"


class BadPolicy(ValueError):
    """The file is not a policy; the message says which rule and why. Nothing was changed."""


def load_policy(path: Path, by: str) -> int:
    """Replace the active policy by a file's, whole or not at all. Returns the number of rules."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        rules = [Rule(version=data["version"], **row) for row in data["rule"]]
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BadPolicy(f"{path}: {error}")
    for rule in rules:
        _check(rule)
    if not any(rule.country == "" for rule in rules):
        raise BadPolicy(f'{path}: no rule for all other countries (country = "")')
    with transaction.atomic():
        Rule.objects.filter(active=True).update(active=False)
        Rule.objects.bulk_create(rules)
        append(Verb.POLICY_LOADED, "policy", by, version=data["version"], rules=len(rules))
    return len(rules)


def _check(rule: Rule) -> None:
    try:
        rule.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise BadPolicy(f"rule {rule.country or '*'}: {error.messages[0]}")
    needs: list[tuple[Any, str]] = []
    if "police" in (rule.told, rule.contact):
        needs += [(rule.police_mailbox, "police_mailbox"), (rule.police_key, "police_key")]
    if "partner" in (rule.told, rule.contact):
        needs += [(rule.partner_mailbox, "partner_mailbox"), (rule.partner_key, "partner_key")]
    for value, name in needs:
        if not value:
            raise BadPolicy(f"rule {rule.country or '*'}: {name} is missing")


def rule_for(country: str) -> Rule:
    """The active rule for a country of hosting, or the rule for all others."""
    rules = {
        rule.country: rule for rule in Rule.objects.filter(active=True, country__in=["", country])
    }
    if "" not in rules:
        raise LookupError("no jurisdiction policy is loaded")
    return rules.get(country, rules[""])
