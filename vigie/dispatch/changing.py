"""Changing the jurisdiction policy on the desk: one proposes a text, another confirms.

`vigie policy load`, by the operator on the machine, is outside of this.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from vigie.dispatch.models import Rule
from vigie.dispatch.policy import BadPolicy, put_in_force, read_policy
from vigie.lib.rulebook import Row, differences, written
from vigie.people import four_eyes
from vigie.people.four_eyes import CannotBeDone, Kind
from vigie.people.models import PendingAct
from vigie.staff.models import User
from vigie.staff.permissions import Permission

COLUMNS = ("country", "told", "gate", "contact", "authority")
RECIPIENTS = ("police_mailbox", "police_key", "partner_mailbox", "partner_key")


def present() -> tuple[str, str]:
    """The version of the policy in force, and its text; both empty where none is loaded."""
    rules = list(_active())
    if not rules:
        return "", ""
    rows = [_row(rule) for rule in rules]
    return rules[0].version, written(rules[0].version, "rule", rows)


def ask_policy(text: str, by: User, reason: str) -> PendingAct:
    """Raises `BadPolicy`, also for a recipient that the operator has never loaded."""
    version = read_policy(text, known=True)[0].version
    return four_eyes.ask(KIND, by, reason, about="policy", text=text, what={"version": version})


def _active() -> Iterable[Rule]:
    return Rule.objects.filter(active=True).order_by("-country")


def _row(rule: Rule) -> Row:
    return {name: getattr(rule, name) for name in (*COLUMNS, *RECIPIENTS)}


def _carry_out(act: PendingAct, by: User) -> None:
    try:
        put_in_force(read_policy(act.text, known=True), by.actor)
    except BadPolicy as error:
        raise CannotBeDone(str(error))


def _shown(act: PendingAct) -> dict[str, Any]:
    try:
        wanted = read_policy(act.text, known=True)
    except BadPolicy as error:
        return {"problem": str(error)}
    before, after = ({rule.country or "*": _row(rule) for rule in r} for r in (_active(), wanted))
    return {"changes": differences(before, after)}


KIND = Kind(
    name="jurisdiction",
    words=_("Change who is told, who authorises, who contacts a host"),
    asks=Permission.POLICY_CHANGE,
    confirms=Permission.POLICY_CHANGE,
    template="people/_act_policy.html",
    carry_out=_carry_out,
    shown=_shown,
)
