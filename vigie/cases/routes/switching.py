"""Switching a set of rules on takes two people: a lead asks, another lead or a manager confirms."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from vigie.cases.models import Ruleset
from vigie.cases.routes import routing
from vigie.cases.routes.rule_words import words_of
from vigie.people import four_eyes
from vigie.people.four_eyes import Kind
from vigie.people.models import PendingAct
from vigie.staff.models import User
from vigie.staff.permissions import Permission


def ask_switch(ruleset: Ruleset, by: User, reason: str) -> PendingAct:
    """Raises `routing.NotTried`."""
    if ruleset.tried_at is None:
        raise routing.NotTried(str(ruleset))
    what = {"rules": ruleset.pk}
    return four_eyes.ask(KIND, by, reason, about=ruleset.subject, what=what)


def _carry_out(act: PendingAct, by: User) -> None:
    routing.switch_on(Ruleset.objects.get(pk=act.what["rules"]), by)


def _shown(act: PendingAct) -> dict[str, Any]:
    asked, now = Ruleset.objects.get(pk=act.what["rules"]), routing.present()
    rules = [words_of(rule) for rule in routing.read_rules(asked.text)]
    return {"set": asked, "rules": rules, "present": now}


KIND = Kind(
    name="rules",
    words=_("Switch rules of the queue on"),
    asks=Permission.RULES_CHANGE,
    confirms=Permission.POLICY_CHANGE,
    template="cases/_act_rules.html",
    carry_out=_carry_out,
    shown=_shown,
)
