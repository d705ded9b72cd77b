"""Being one of the two surfaces: its addresses, its middleware, its context, and no more."""

from typing import Any

import pytest
from django.core.signals import setting_changed
from django.template import Engine, engines
from django.test.signals import root_urlconf_changed

# The addresses of both stay compiled (they are kept by name), whichever a test asks for.
setting_changed.disconnect(root_urlconf_changed)


def be_surface(surface: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """``surface``: ``public`` or ``desk``. Templates stay compiled: one set serves both."""
    settings.ROOT_URLCONF = f"config.{surface}_urls"
    settings.MIDDLEWARE = getattr(settings, f"{surface.upper()}_MIDDLEWARE")
    engine = Engine(context_processors=getattr(settings, f"{surface.upper()}_CONTEXT"))
    processors = engine.template_context_processors
    monkeypatch.setattr(engines["django"].engine, "template_context_processors", processors)
