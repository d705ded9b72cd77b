"""Being one of the two surfaces: its addresses, its middleware, its context, its templates."""

from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from django.conf import settings as all_settings
from django.core.signals import setting_changed
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.test.signals import root_urlconf_changed

# The addresses of both stay compiled (they are kept by name), whichever a test asks for.
setting_changed.disconnect(root_urlconf_changed)


@cache
def templates(surface: str) -> DjangoTemplates:
    """As this program compiles them: with its own builtins, once for all tests."""
    how = deepcopy(all_settings.TEMPLATES[0])
    how.pop("BACKEND")
    how["OPTIONS"]["builtins"] = getattr(all_settings, f"{surface}_BUILTINS")
    how["OPTIONS"]["context_processors"] = getattr(all_settings, f"{surface}_CONTEXT")
    return DjangoTemplates({"NAME": "django", **how})


def be_surface(surface: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """``surface``: ``public`` or ``desk``."""
    settings.ROOT_URLCONF = f"config.{surface}_urls"
    settings.MIDDLEWARE = getattr(settings, f"{surface.upper()}_MIDDLEWARE")
    monkeypatch.setitem(engines._engines, "django", templates(surface.upper()))
