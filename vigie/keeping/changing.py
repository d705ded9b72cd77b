"""Changing the retention policy on the desk: one proposes a text, another confirms.

`vigie retention load`, by the operator on the machine, is outside of this.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from vigie.keeping.models import KeepingRule
from vigie.keeping.policy import BadPolicy, put_in_force, read_retention
from vigie.lib.rulebook import Row, differences, written
from vigie.people import four_eyes
from vigie.people.four_eyes import CannotBeDone, Kind
from vigie.people.models import PendingAct
from vigie.staff.models import User
from vigie.staff.permissions import Permission


def present() -> tuple[str, str]:
    """The version of the policy in force, and its text; both empty where none is loaded."""
    rules = list(_active())
    if not rules:
        return "", ""
    return rules[0].version, written(rules[0].version, "keep", [_row(rule) for rule in rules])


def ask_retention(text: str, by: User, reason: str) -> PendingAct:
    """Raises `BadPolicy`."""
    version = read_retention(text)[0].version
    return four_eyes.ask(KIND, by, reason, about="retention", text=text, what={"version": version})


def _active() -> Iterable[KeepingRule]:
    return KeepingRule.objects.filter(active=True).order_by("pk")


def _row(rule: KeepingRule) -> Row:
    return {"kind": rule.kind, "days": rule.days, "authority": rule.authority}


def _carry_out(act: PendingAct, by: User) -> None:
    try:
        put_in_force(read_retention(act.text), by.actor)
    except BadPolicy as error:
        raise CannotBeDone(str(error))


def _shown(act: PendingAct) -> dict[str, Any]:
    try:
        wanted = read_retention(act.text)
    except BadPolicy as error:
        return {"problem": str(error)}
    before, after = ({rule.kind: _row(rule) for rule in rules} for rules in (_active(), wanted))
    return {"changes": differences(before, after)}


KIND = Kind(
    name="retention",
    words=_("Change how long things are kept"),
    asks=Permission.POLICY_CHANGE,
    confirms=Permission.POLICY_CHANGE,
    template="people/_act_policy.html",
    carry_out=_carry_out,
    shown=_shown,
)
