"""A policy as a text that people edit (TOML), and what another text would change of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Row = Mapping[str, str | int]
Value = str | int | list[str]


@dataclass(frozen=True)
class Change:
    """Of the rule named ``rule``: ``what`` was ``before`` and would be ``after``.

    ``what`` empty: the whole rule is new (nothing ``before``) or goes (nothing ``after``).
    """

    rule: str
    what: str = ""
    before: str = ""
    after: str = ""


def written(version: str, table: str, rows: Sequence[Row]) -> str:
    """As `tomllib` reads it again; what is empty is left out."""
    return f"version = {_value(version)}\n\n{tables(table, rows)}"


def tables(table: str, rows: Sequence[Mapping[str, Value]]) -> str:
    """The rows alone."""
    parts = []
    for row in rows:
        lines = [f"{name} = {_value(value)}" for name, value in row.items() if value != ""]
        parts.append("\n".join([f"[[{table}]]", *lines]))
    return "\n\n".join(parts) + "\n"


def _value(value: Value) -> str:
    """JSON's strings, lists, whole numbers and true or false are TOML's, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def differences(before: Mapping[str, Row], after: Mapping[str, Row]) -> list[Change]:
    """By the name of each rule; what stays the same is not said."""
    found = []
    for rule in [*before, *(new for new in after if new not in before)]:
        old, new = before.get(rule), after.get(rule)
        if old is None:
            found.append(Change(rule, after=_said(new)))
        elif new is None:
            found.append(Change(rule, before=_said(old)))
        else:
            names = [*old, *(name for name in new if name not in old)]
            pairs = [(name, str(old.get(name, "")), str(new.get(name, ""))) for name in names]
            found += [Change(rule, name, was, will) for name, was, will in pairs if was != will]
    return found


def _said(row: Row | None) -> str:
    return ", ".join(f"{name}: {value}" for name, value in (row or {}).items() if value != "")
