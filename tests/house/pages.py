"""Every address of a program, however deep its map is nested."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

# A value that fits, for each kind of part of an address; another kind has to be added here.
EXAMPLES: dict[type, object] = {
    IntConverter: 1,
    StringConverter: "word",
    SlugConverter: "a-word",
    UUIDConverter: UUID(int=1),
}


@dataclass(frozen=True)
class Page:
    route: str
    name: str | None
    view: Callable[..., Any]
    arguments: dict[str, object]

    @property
    def access(self) -> object:
        """What the view declares, looking through whatever wraps it; None: it says nothing."""
        view: Any = self.view
        while view is not None:
            if hasattr(view, "access"):
                return view.access
            view = getattr(view, "__wrapped__", None)
        return None

    def address(self, urlconf: str) -> str:
        if self.name is None:
            return "/" + self.route
        return reverse(self.name, urlconf, kwargs=self.arguments)


def pages_of(urlconf: str) -> list[Page]:
    return list(_walk("", import_module(urlconf).urlpatterns))


def _walk(before: str, patterns: list[Any]) -> Iterator[Page]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(route, pattern.url_patterns)
        else:
            assert isinstance(pattern, URLPattern)
            converters = pattern.pattern.converters
            examples = {name: EXAMPLES[type(one)] for name, one in converters.items()}
            yield Page(route, pattern.name, pattern.callback, examples)
