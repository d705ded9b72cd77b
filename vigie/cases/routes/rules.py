"""Routing rules: where an item goes, by what is known without looking (pure).

A set of rules is TOML: ``[[rule]]`` in their order; the first whose conditions all hold counts.

name            in the rule-writer's words; shown to people
country, kind, material   lists: one of these
danger, own, flood, known_site   true or false
lane            a team or a pile, shown in the queue and filtered by
hours           a head start in the queue (-720 to 720)
two             true: two independent assessments
hand_over_to    probably out of remit: proposed to the person who decides, no more
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

MOST_RULES, MOST_HOURS = 50, 720
LISTS = ("country", "kind", "material")
FLAGS = ("danger", "own", "flood", "known_site")
KINDS = {"material": {"new", "part", "known", ""}}
WORDS = {"name": 60, "lane": 30, "hand_over_to": 120}  # and how long they may be


class BadRules(ValueError):
    """The text is no set of rules; the message says where, and what."""


@dataclass(frozen=True)
class Facts:
    """What is known of an item without a look."""

    country: str
    kind: str
    material: str
    danger: bool
    own: bool
    flood: bool
    known_site: bool


@dataclass(frozen=True)
class Outcome:
    """Where it goes. ``rule``: which one says so; '' if none did, and it goes as before."""

    rule: str = ""
    lane: str = ""
    hours: int = 0
    two: bool = False
    hand_over_to: str = ""


@dataclass(frozen=True)
class Rule:
    conditions: tuple[tuple[str, tuple[object, ...]], ...]
    outcome: Outcome

    def holds(self, facts: Facts) -> bool:
        return all(getattr(facts, name) in among for name, among in self.conditions)


def outcome_of(rules: Sequence[Rule], facts: Facts) -> Outcome:
    return next((rule.outcome for rule in rules if rule.holds(facts)), Outcome())


def given(rule: Rule) -> dict[str, Any]:
    """What was written of it, as TOML has it."""
    to = rule.outcome
    asked = {name: list(among) if name in LISTS else among[0] for name, among in rule.conditions}
    gives = {"lane": to.lane, "hours": to.hours, "two": to.two, "hand_over_to": to.hand_over_to}
    told = {name: value for name, value in gives.items() if value} or {"hours": 0}
    return {"name": to.rule, **asked, **told}


def read(text: str, kinds: frozenset[str]) -> tuple[Rule, ...]:
    """``kinds``: of places. Raises `BadRules`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRules(str(error)) from error
    found = data.get("rule", [])
    if set(data) - {"rule"} or not isinstance(found, list) or len(found) > MOST_RULES:
        raise BadRules(f"[[rule]], 0–{MOST_RULES}")
    rules = tuple(_rule(number, one, kinds) for number, one in enumerate(found, start=1))
    names = [rule.outcome.rule for rule in rules]
    if len(set(names)) < len(names):
        raise BadRules("name: 2 ×")
    return rules


def _rule(number: int, data: Any, kinds: frozenset[str]) -> Rule:
    def demand(right: bool, what: str) -> None:
        if not right:
            raise BadRules(f"[[rule]] {number}: {what}")

    demand(isinstance(data, dict), "[[rule]]")
    outcomes = {field.name for field in fields(Outcome)} - {"rule"}
    for key, value in data.items():
        if key in LISTS:
            right = isinstance(value, list) and value and all(isinstance(v, str) for v in value)
            demand(bool(right), key)
        elif key in (*FLAGS, "two"):
            demand(isinstance(value, bool), key)
        elif key == "hours":
            demand(type(value) is int and abs(value) <= MOST_HOURS, key)
        else:
            demand(key in WORDS, key)
            demand(isinstance(value, str) and 0 < len(value) <= WORDS[key], key)
    demand("name" in data, "name")
    demand(bool(outcomes & set(data)), " / ".join(sorted(outcomes)))
    demand(set(data.get("kind", [])) <= kinds, "kind")
    demand(set(data.get("material", [])) <= KINDS["material"], "material")
    conditions = [(key, tuple(data[key])) for key in LISTS if key in data]
    conditions += [(key, (data[key],)) for key in FLAGS if key in data]
    told = {key: data[key] for key in outcomes if key in data}
    return Rule(tuple(conditions), Outcome(rule=data["name"], **told))
