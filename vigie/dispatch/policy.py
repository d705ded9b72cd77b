"""Loading a jurisdiction policy (TOML), and finding the rule of a country."""

import re
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from vigie.dispatch.models import Rule
from vigie.dispatch.openpgp import NoKey, certificate
from vigie.journal.services import append
from vigie.journal.verbs import Verb

POLICIES = Path(__file__).parent / "policies"


class NoPolicy(LookupError):
    """No jurisdiction policy is loaded: nothing can be referred."""


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
    countries = [rule.country for rule in rules]
    twice = {country for country in countries if countries.count(country) > 1}
    if twice:
        raise BadPolicy(f"{path}: more than one rule for {', '.join(sorted(twice))}")
    with transaction.atomic():
        Rule.objects.filter(active=True).update(active=False)
        Rule.objects.bulk_create(rules)
        append(Verb.POLICY_LOADED, "policy", by, version=data["version"], rules=len(rules))
    return len(rules)


def _check(rule: Rule) -> None:
    if not re.fullmatch("([A-Z]{2})?", rule.country):
        raise BadPolicy(f"rule {rule.country}: a country is two capital letters (ISO 3166-1)")
    try:
        rule.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise BadPolicy(f"rule {rule.country or '*'}: {error.messages[0]}")
    if "police" in (rule.told, rule.contact):
        _check_recipient(rule, "police")
    if "partner" in (rule.told, rule.contact):
        _check_recipient(rule, "partner")


def _check_recipient(rule: Rule, who: str) -> None:
    """A mailbox and a certificate we hold: missed now, not at the first referral."""
    where = f"rule {rule.country or '*'}"
    mailbox, key = getattr(rule, f"{who}_mailbox"), getattr(rule, f"{who}_key")
    for value, name in ((mailbox, "mailbox"), (key, "key")):
        if not value:
            raise BadPolicy(f"{where}: {who}_{name} is missing")
    if settings.PRODUCTION and mailbox.endswith(".test"):
        raise BadPolicy(f"{where}: {mailbox} is an address of the demonstration")
    try:
        certificate(settings.KEYS / Path(key).name)
    except NoKey as error:
        raise BadPolicy(f"{where}: {who}_key: {error}")


def rule_for(country: str) -> Rule:
    """The active rule for a country of hosting, or the rule for all others."""
    rules = {
        rule.country: rule for rule in Rule.objects.filter(active=True, country__in=["", country])
    }
    if "" not in rules:
        raise NoPolicy("vigie policy load FILE")
    return rules.get(country, rules[""])
