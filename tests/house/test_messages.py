"""Every text marked for translation is one that the collector of texts can see."""

import ast
from pathlib import Path

from tests.environment import ROOT

MARKS = {"gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
MARKS |= {"npgettext", "npgettext_lazy", "gettext_noop"}
# By their own names they are collected; of other names, only these (so makemessages asks).
COLLECTED = {"gettext": "_", "gettext_lazy": "_"}


def unseen(source: str) -> list[str]:
    """The aliases under which texts would be marked and not collected."""
    imported = [
        (name.name, name.asname)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
    ]
    return [
        f"{mark} as {alias}"
        for mark, alias in imported
        if mark in MARKS and alias and alias != mark and COLLECTED.get(mark) != alias
    ]


def at_once(source: str) -> list[int]:
    """The lines where a text is translated once and for all, as the program starts."""
    tree = ast.parse(source)
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = [name for node in imported for name in node.names if name.name == "gettext"]
    return _frozen(tree, {name.asname or name.name for name in names})


def _frozen(tree: ast.AST, names: set[str]) -> list[int]:
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
            found.append(node.lineno)
        found += _frozen(node, names)
    return found


def test_no_text_is_translated_before_somebody_reads_it():
    assert [path for path in files() if at_once(path.read_text("utf-8"))] == []
    imported = "from django.utils.translation import gettext as _\n"
    assert at_once(imported + "class Form:\n    label = _('First day')") == [3]
    assert at_once(imported + "def label():\n    return _('First day')") == []


def files() -> list[Path]:
    return [path for folder in ("vigie", "config") for path in (ROOT / folder).rglob("*.py")]


def test_no_text_is_marked_by_a_name_that_the_collector_does_not_know():
    found = {str(path.relative_to(ROOT)): unseen(path.read_text("utf-8")) for path in files()}
    assert {path: names for path, names in found.items() if names} == {}
    assert unseen("from django.utils.translation import gettext as say") == ["gettext as say"]
    assert unseen("from django.utils.translation import ngettext as _") == ["ngettext as _"]
    assert unseen("from django.utils.translation import gettext_lazy as _") == []
