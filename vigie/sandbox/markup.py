"""HTML built from elements, escaped by default: a page cannot forget to escape."""

from html import escape
from typing import Final

_VOID: Final = frozenset({"meta", "link", "img", "input", "br"})


class Html(str):
    """Text that is already HTML. Everything else is escaped when it enters an element."""

    __slots__ = ()


def el(name: str, /, *children: str | None, **attributes: str) -> Html:
    """An element. `class_`, `for_`: a trailing underscore goes; `aria_label` → `aria-label`."""
    given = "".join(f' {_attribute(key)}="{escape(v)}"' for key, v in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{join(*children)}</{name}>")


def join(*children: str | None) -> Html:
    """Elements and texts one after another; None stands for nothing."""
    shown = (child for child in children if child is not None)
    return Html("".join(c if isinstance(c, Html) else escape(c) for c in shown))


def document(*children: Html, lang: str = "en") -> bytes:
    return f"<!doctype html>\n{el('html', *children, lang=lang)}\n".encode()


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
