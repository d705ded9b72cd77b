"""Routing rules as a form: one rule with when and then, and the set in its order."""

import re
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vigie.cases.routes.rule_words import (
    FLAG_WORDS,
    KIND_WORDS,
    MATERIAL_WORDS,
    RuleWords,
    words_of,
)
from vigie.cases.routes.rules import MOST_HOURS, MOST_RULES, WORDS, Rule, given, read
from vigie.lib.rulebook import tables
from vigie.people.forms import Described

UNKNOWN = "?"  # in the form, for what a rule writes as an empty word
COUNTRIES = re.compile(r"([A-Z]{2}|\?)([ ,]+([A-Z]{2}|\?))*[ ,]*")
OUTCOMES = ("lane", "hours", "two", "hand_over_to")
WHETHER = [("", _("does not matter")), ("yes", pgettext_lazy("rule", "yes")),
           ("no", pgettext_lazy("rule", "no"))]  # fmt: skip


def _boxes(words: dict[str, Any], label: Any) -> forms.MultipleChoiceField:
    choices = [(value or UNKNOWN, said) for value, said in words.items()]
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=boxes)


class RuleForm(Described):
    name = forms.CharField(label=_("Name of the rule"), max_length=WORDS["name"])
    country = forms.CharField(
        label=_("Country of the host"),
        help_text=_("Two letters each: BE, NL. “?” for those of which it is not known."),
        required=False,
    )
    kind = _boxes(KIND_WORDS, _("Kind of place"))
    material = _boxes(MATERIAL_WORDS, _("Pictures"))
    danger = forms.ChoiceField(label=FLAG_WORDS["danger"][0], choices=WHETHER, required=False)
    own = forms.ChoiceField(label=FLAG_WORDS["own"][0], choices=WHETHER, required=False)
    flood = forms.ChoiceField(label=FLAG_WORDS["flood"][0], choices=WHETHER, required=False)
    known_site = forms.ChoiceField(
        label=FLAG_WORDS["known_site"][0], choices=WHETHER, required=False
    )
    lane = forms.CharField(label=_("Lane"), max_length=WORDS["lane"], required=False)
    hours = forms.IntegerField(
        label=_("Hours sooner in the queue"),
        help_text=_("With a minus sign: later."),
        min_value=-MOST_HOURS,
        max_value=MOST_HOURS,
        required=False,
    )
    two = forms.BooleanField(label=_("two assessments"), required=False)
    hand_over_to = forms.CharField(
        label=_("Propose to hand over to"), max_length=WORDS["hand_over_to"], required=False
    )

    @property
    def when(self) -> list[forms.BoundField]:
        return [self[name] for name in ("country", "danger", "own", "flood", "known_site")]

    @property
    def boxes(self) -> list[forms.BoundField]:
        return [self["kind"], self["material"]]

    @property
    def then(self) -> list[forms.BoundField]:
        return [self[name] for name in OUTCOMES]

    @property
    def words(self) -> RuleWords | None:
        """What stands in the fields, in words; None while it is no rule."""
        typed = RuleForm({name: self[name].value() for name in self.fields})
        if not typed.is_valid():
            return None
        (rule,) = read(tables("rule", [typed.row()]), frozenset(KIND_WORDS))
        return words_of(rule)

    def clean_country(self) -> list[str]:
        typed = self.cleaned_data["country"].strip().upper()
        if typed and not COUNTRIES.fullmatch(typed):
            raise forms.ValidationError(_("Two letters for each country, with commas between."))
        return re.split(r"[ ,]+", typed.strip(" ,")) if typed else []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        gives = any(data.get(name) for name in OUTCOMES) or data.get("hours") is not None
        if not self.errors and not gives:
            raise forms.ValidationError(_("Say what this rule does: something under “Then”."))
        return data

    def row(self) -> dict[str, Any]:
        """As `rules.read` reads it; what was left open is not written."""
        hours = self.cleaned_data.get("hours")
        data = {name: value for name, value in self.cleaned_data.items() if value}
        data |= {} if hours is None else {"hours": hours}
        for name in ("country", "kind", "material"):
            if name in data:
                data[name] = ["" if one == UNKNOWN else one for one in data[name]]
        return data | {name: data[name] == "yes" for name in FLAG_WORDS if name in data}


def initial_of(rule: Rule) -> dict[str, Any]:
    """What the form shows of it."""
    row = given(rule)
    for name in ("country", "kind", "material"):
        row[name] = [one or UNKNOWN for one in row.get(name, [])]
    row["country"] = ", ".join(row["country"])
    flags = {name: "yes" if row[name] else "no" for name in FLAG_WORDS if name in row}
    return row | flags


if TYPE_CHECKING:
    Rules = forms.BaseFormSet[RuleForm]
else:
    Rules = forms.BaseFormSet


class RuleSet(Rules):
    def clean(self) -> None:
        names = [form.cleaned_data.get("name") for form in self.forms if form.is_valid()]
        for form in self.forms:
            if form.is_valid() and names.count(form.cleaned_data["name"]) > 1:
                form.add_error("name", _("Another rule has this name."))

    def is_valid(self) -> bool:
        return super().is_valid() and not any(form.errors for form in self.forms)

    @property
    def text(self) -> str:
        """The set as TOML."""
        rows = [form.row() for form in self.forms]
        return tables("rule", rows) if rows else ""

    @property
    def typed(self) -> list[dict[str, Any]]:
        """What stands in each rule's fields, right or wrong."""
        return [{name: form[name].value() for name in form.fields} for form in self.forms]


RulesForm = cast(
    "type[RuleSet]",
    forms.formset_factory(
        RuleForm, formset=RuleSet, extra=0, max_num=MOST_RULES, absolute_max=MOST_RULES
    ),
)


def moved(rules: list[dict[str, Any]], act: str) -> tuple[list[dict[str, Any]], int]:
    """The rules after ``up:3``, ``down:3``, ``remove:3`` or ``add``, and which to look at now.

    Numbers begin at 1. Raises ValueError for what is no such act.
    """
    made = list(rules)
    if act == "add":
        if len(made) < MOST_RULES:
            made.append({})
        return made, len(made)
    what, _colon, which = act.partition(":")
    place = int(which) - 1
    if not 0 <= place < len(made):
        raise ValueError(act)
    rule = made.pop(place)
    if what == "remove":
        return made, min(place + 1, len(made))
    place = {"up": max(place - 1, 0), "down": min(place + 1, len(made))}.get(what, -1)
    if place < 0:
        raise ValueError(act)
    made.insert(place, rule)
    return made, place + 1
