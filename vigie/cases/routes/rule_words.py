"""A routing rule in words: when it fits, and what it does then."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vigie.cases.routes.rules import Rule
from vigie.lib.visible import visible

KIND_WORDS: dict[str, Promise] = {
    "web": gettext_lazy("web address"),
    "onion": gettext_lazy("onion address"),
    "account": gettext_lazy("account"),
    "app": gettext_lazy("app"),
    "description": gettext_lazy("description"),
}
MATERIAL_WORDS: dict[str, Promise] = {
    "new": gettext_lazy("new material"),
    "part": gettext_lazy("partly known"),
    "known": gettext_lazy("all known"),
    "": gettext_lazy("nothing known of pictures"),
}
# By condition: where it holds, and where it does not.
FLAG_WORDS = {
    "danger": (gettext_lazy("a child may be in danger"), gettext_lazy("no danger named")),
    "own": (gettext_lazy("own picture"), gettext_lazy("no own picture")),
    "flood": (gettext_lazy("part of a flood"), gettext_lazy("no part of a flood")),
    "known_site": (
        gettext_lazy("site confirmed before"),
        gettext_lazy("nothing of this site confirmed before"),
    ),
}


class RuleWords(NamedTuple):
    name: str
    when: list[str]
    then: list[str]


def words_of(rule: Rule) -> RuleWords:
    to = rule.outcome
    then = [_("lane: %(lane)s") % {"lane": visible(to.lane)}] if to.lane else []
    if to.hours > 0:
        said = ngettext("%(n)s hour sooner", "%(n)s hours sooner", to.hours)
        then.append(said % {"n": to.hours})
    elif to.hours < 0:
        said = ngettext("%(n)s hour later", "%(n)s hours later", -to.hours)
        then.append(said % {"n": -to.hours})
    if to.two:
        then.append(_("two assessments"))
    if to.hand_over_to:
        said = _("proposed: out of remit, to %(service)s")
        then.append(said % {"service": visible(to.hand_over_to)})
    when = [_condition(name, among) for name, among in rule.conditions]
    return RuleWords(to.rule, when or [_("always")], then or [_("as without rules")])


def _condition(name: str, among: tuple[object, ...]) -> str:
    if name in FLAG_WORDS:
        return str(FLAG_WORDS[name][0 if among[0] else 1])
    if name == "country":
        countries = ", ".join(str(one) or "?" for one in among)
        return _("hosted in %(countries)s") % {"countries": countries}
    words = KIND_WORDS if name == "kind" else MATERIAL_WORDS
    return _(" or ").join(str(words[str(one)]) for one in among)
