"""Loading a jurisdiction policy (TOML), and finding the rule of a country."""

import tomllib
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from vigie.dispatch.models import Rule
from vigie.dispatch.openpgp import NoKey, certificate
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.countries import COUNTRIES

POLICIES = Path(__file__).parent / "policies"


class NoPolicy(LookupError):
    """No jurisdiction policy is loaded: nothing can be referred."""


class BadPolicy(ValueError):
    """The file is not a policy; the message says which rule and why. Nothing was changed."""


def load_policy(path: Path, by: str) -> int:
    """Replace the active policy by a file's, whole or not at all. Returns the number of rules."""
    try:
        rules = read_policy(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, BadPolicy) as error:
        raise BadPolicy(f"{path}: {error}")
    put_in_force(rules, by)
    return len(rules)


def read_policy(text: str, *, known: bool = False) -> list[Rule]:
    """The rules of a policy's text, checked, not yet in force. Raises `BadPolicy`.

    ``known``: for the desk, which holds no certificates: a recipient must be one that the operator
    has loaded before. So nobody at the desk leads referrals to a mailbox of their own.
    """
    try:
        data = tomllib.loads(text)
        rules = [Rule(version=data["version"], **row) for row in data["rule"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BadPolicy(str(error))
    for rule in rules:
        _check(rule, known)
    if not any(rule.country == "" for rule in rules):
        raise BadPolicy('no rule for all other countries (country = "")')
    countries = [rule.country for rule in rules]
    twice = {country for country in countries if countries.count(country) > 1}
    if twice:
        raise BadPolicy(f"more than one rule for {', '.join(sorted(twice))}")
    return rules


def put_in_force(rules: list[Rule], by: str) -> None:
    with transaction.atomic():
        Rule.objects.filter(active=True).update(active=False)
        Rule.objects.bulk_create(rules)
        append(Verb.POLICY_LOADED, "policy", by, version=rules[0].version, rules=len(rules))


def _check(rule: Rule, known: bool) -> None:
    if rule.country and rule.country not in COUNTRIES:  # it would never match
        raise BadPolicy(f"rule {rule.country}: no country of ISO 3166-1 (two capital letters)")
    try:
        rule.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise BadPolicy(f"rule {rule.country or '*'}: {error.messages[0]}")
    if "police" in (rule.told, rule.contact):
        _check_recipient(rule, "police", known)
    if "partner" in (rule.told, rule.contact):
        _check_recipient(rule, "partner", known)


def _check_recipient(rule: Rule, who: str, known: bool) -> None:
    """A mailbox and a certificate we hold: missed now, not at the first referral."""
    where = f"rule {rule.country or '*'}"
    mailbox, key = getattr(rule, f"{who}_mailbox"), getattr(rule, f"{who}_key")
    for value, name in ((mailbox, "mailbox"), (key, "key")):
        if not value:
            raise BadPolicy(f"{where}: {who}_{name} is missing")
    if settings.PRODUCTION and mailbox.endswith(".test"):
        raise BadPolicy(f"{where}: {mailbox} is an address of the demonstration")
    if known:
        pair = {f"{who}_mailbox": mailbox, f"{who}_key": key}
        if not Rule.objects.filter(**pair).exists():
            raise BadPolicy(f"{where}: {mailbox} is new here; the operator loads such a policy")
        return
    try:
        certificate(settings.KEYS / Path(key).name)
    except NoKey as error:
        raise BadPolicy(f"{where}: {who}_key: {error}; it belongs into {settings.KEYS}")


def rule_for(country: str) -> Rule:
    """The active rule for a country of hosting, or the rule for all others."""
    rules = {
        rule.country: rule for rule in Rule.objects.filter(active=True, country__in=["", country])
    }
    if "" not in rules:
        raise NoPolicy("vigie policy load FILE")
    return rules.get(country, rules[""])
