"""Every page declares who may see it; a test walks all URLs and accepts no silence."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """For everybody, without signing in."""
    view.access = "public"  # type: ignore[attr-defined]
    return view
