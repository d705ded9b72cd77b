"""Only `items.services.move_item` writes an item's state: a walk over the syntax of all our code.

The walk is shown to notice every way of writing a state that Django offers, and to leave reading
alone. What a walk cannot see (a name made at run time) is refused by Python, shown at the end.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environment import ROOT
from vigie.items.flow import Move, State
from vigie.items.services import move_item
from vigie.items.tests.support import an_item, columns_of, lines_about

WRITERS = {"create", "update", "get_or_create", "update_or_create", "Item"}
LISTS = {"bulk_update", "bulk_create", "save"}  # these name their columns in a list
FOLDERS = ("vigie", "config", "bench")


def writes(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, int]]:
    """(function, line) of everything that writes an attribute or a column called ``state``."""
    for node in ast.iter_child_nodes(tree):
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        here = node.name if named else inside
        if _is_write(node):
            yield here, node.lineno
        yield from writes(node, here)


def _is_write(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "state" and isinstance(node.ctx, ast.Store)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = " ".join(node.value.casefold().split())
        return any(f"{act} items_item" in text for act in ("update", "insert into", "replace into"))
    return isinstance(node, ast.Call) and _is_writing_call(node)


def _is_writing_call(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    name = name.removeprefix("a") if name.removeprefix("a") in WRITERS | LISTS else name
    if name in ("setattr", "__setattr__"):
        return any(_says_state(part) for part in call.args)
    if name in WRITERS:
        return any(word.arg == "state" or _names_state(word) for word in call.keywords)
    if name in LISTS:
        parts = [*call.args, *(word.value for word in call.keywords)]
        lists = [part for part in parts if isinstance(part, ast.List | ast.Tuple | ast.Set)]
        return any(_says_state(element) for part in lists for element in part.elts)
    return False


def _names_state(word: ast.keyword) -> bool:
    """``**{"state": …}``, ``defaults={"state": …}``, ``defaults=dict(state=…)``."""
    keys = [key for d in ast.walk(word.value) if isinstance(d, ast.Dict) for key in d.keys]
    calls = [c for c in ast.walk(word.value) if isinstance(c, ast.Call)]
    by_name = any(inner.arg == "state" for call in calls for inner in call.keywords)
    return by_name or any(_says_state(key) for key in keys)


def _says_state(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == "state"


def _ours() -> list[Path]:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    # The campaign has states of its own (editions, cards); it may not import the items at all.
    apart = {"tests", "migrations", "campaign"}
    return [p for p in files if not apart & set(p.relative_to(ROOT).parts)]


# Entries of hash lists and feedback have states of their own; so has what two people decide.
OTHER_STATES = {"feedback.py", "loading.py", "writing.py"}
ACTS = ROOT / "vigie/people/four_eyes.py"

# Makes the rows of an empty database, with no road behind them.
FILLING = {("bench/filling.py", "_item")}


@pytest.mark.pure
def test_one_function_of_all_our_code_writes_a_state():
    found = {
        (str(path.relative_to(ROOT)), function)
        for path in _ours()
        for function, _ in writes(ast.parse(path.read_text()))
        if not (path.parent.name == "lists" and path.name in OTHER_STATES) and path != ACTS
    }
    assert len(_ours()) > 100
    assert found - FILLING == {("vigie/items/services.py", "move_item")}
    lists = ROOT / "vigie/matching/lists"
    apart = [ACTS, *(lists / name for name in OTHER_STATES)]
    assert not any("items.models" in path.read_text() for path in apart)


@pytest.mark.pure
@pytest.mark.parametrize(
    "text",
    [
        "item.state = 'closed'",
        "item.state: str = 'closed'",
        "item.state += 'd'",
        "item.state, x = 'closed', 1",
        "found.item.state = State.CLOSED",
        "for item.state in states: pass",
        "setattr(item, 'state', 'closed')",
        "object.__setattr__(item, 'state', 'closed')",
        "Item.objects.filter(pk=1).update(held=True, state='closed')",
        "await items.aupdate(state='closed')",
        "report.items.update(**{'state': 'closed'})",
        "Item(state='closed').save()",
        "Item.objects.create(state='confirmed')",
        "Item.objects.get_or_create(pk=1, defaults={'state': 'closed'})",
        "Item.objects.update_or_create(pk=1, defaults=dict(state='closed'))",
        "Item.objects.bulk_update(items, ['held', 'state'])",
        "Item.objects.bulk_create(items, update_conflicts=True, update_fields=('state',))",
        "item.save(update_fields=['state'])",
        "cursor.execute('UPDATE items_item SET state = 1')",
        "cursor.execute(f'update  items_item SET {column} = 1')",
    ],
)
def test_the_walk_notices(text):
    assert list(writes(ast.parse(f"async def somewhere():\n  {text}"))) == [("somewhere", 2)]


@pytest.mark.pure
@pytest.mark.parametrize(
    "text",
    [
        "if item.state == State.CLOSED: pass",
        "Item.objects.filter(state='closed').update(held=True)",
        "Item.objects.exclude(state__in=states).order_by('state')",
        "Item.objects.values_list('state')",
        "state = item.state",
        "item.save(update_fields=['held'])",
    ],
)
def test_the_walk_leaves_reading_alone(text):
    assert not list(writes(ast.parse(text)))


@pytest.mark.django_db
def test_what_goes_with_a_move_cannot_be_another_state():
    item = an_item(State.TO_ASSESS)
    with pytest.raises(TypeError):
        move_item(item, Move.DISMISS, "staff:1", state=State.CONFIRMED)
    assert columns_of(item)["state"] == State.TO_ASSESS
    assert lines_about(item) == []
