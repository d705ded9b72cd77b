"""Setting the limits of looking on the desk: one asks, another confirms, and they hold at once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vigie.cases.models import Classification, Limits, Weight
from vigie.cases.models.welfare import Blur
from vigie.cases.welfare import limits
from vigie.journal.services import Detail, append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.people import four_eyes
from vigie.people.four_eyes import Kind
from vigie.people.models import PendingAct
from vigie.staff.models import User
from vigie.staff.permissions import Permission

WEIGHT = "weight_"  # of a classification
NUMBERS = {
    "pictures_a_day": gettext_lazy("Pictures a day"),
    "minutes_a_day": gettext_lazy("Minutes a day"),
    "stretch_minutes": gettext_lazy("Minutes on end, then a break"),
    "break_minutes": gettext_lazy("Minutes of the break"),
    "warn_percent": gettext_lazy("Warn from, in percent of the day’s limit"),
    "calm_every": gettext_lazy("Stills between two quiet screens (0: none)"),
}
SHOWN = {
    "blur": gettext_lazy("Blur, until it is held"),
    "grey": gettext_lazy("Without colour, also while it is held"),
    "small": gettext_lazy("At half its size"),
}


class Change(NamedTuple):
    what: str
    before: str
    after: str


def present() -> dict[str, Detail]:
    """What is in force, by the names above and ``weight_…`` for each classification."""
    budget, manner = limits.budget(), limits.demanded()
    found = {name: getattr(budget, name) for name in list(NUMBERS)[:4]}
    found |= {"warn_percent": round(100 * budget.warn_from), "calm_every": manner.calm_every}
    found |= {name: getattr(manner, name) for name in SHOWN}
    weights = {WEIGHT + c.value: _short(budget.weights.get(c, 1)) for c in Classification}
    return found | weights


def _short(weight: float) -> float:
    """A whole number without its zero."""
    return int(weight) if weight == int(weight) else weight


def ask_limits(wanted: Mapping[str, Detail], by: User, reason: str) -> PendingAct:
    """``wanted``: all that `present` names, checked by the form."""
    return four_eyes.ask(KIND, by, reason, about="limits", what=wanted)


def _carry_out(act: PendingAct, by: User) -> None:
    own = {name: act.what[name] for name in (*NUMBERS, *SHOWN)}
    made = Limits.objects.create(act=act, at=clock.now(), **own)
    Weight.objects.bulk_create(
        Weight(limits=made, classification=name.removeprefix(WEIGHT), weight=value)
        for name, value in act.what.items()
        if name.startswith(WEIGHT) and value != 1
    )
    append(Verb.LIMITS_SET, "limits", by.actor, **act.what)


def _shown(act: PendingAct) -> dict[str, Any]:
    now = present()
    pairs = [(name, now.get(name), value) for name, value in act.what.items()]
    return {"changes": [Change(_label(n), _said(b), _said(a)) for n, b, a in pairs if b != a]}


def _label(name: str) -> str:
    if name.startswith(WEIGHT):
        kind = Classification(name.removeprefix(WEIGHT))
        return _("One picture counts as: %(kind)s") % {"kind": kind.label}
    return str({**NUMBERS, **SHOWN}[name])


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("demanded") if value else _("not demanded")
    return str(Blur(value).label) if value in Blur.values else f"{value:g}"


KIND = Kind(
    name="limits",
    words=gettext_lazy("Set the limits of looking"),
    asks=Permission.POLICY_CHANGE,
    confirms=Permission.POLICY_CHANGE,
    template="cases/_act_limits.html",
    carry_out=_carry_out,
    shown=_shown,
)
