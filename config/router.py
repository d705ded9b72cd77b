"""Which tables the public program may reach: those of the ``front`` database, and no others."""

from typing import Any

from config.front import FRONT


class FrontRouter:
    """Sends the front tables to their own database, everything else to ``default``."""

    def _alias(self, model: Any) -> str:
        return "front" if (model._meta.app_label, model._meta.model_name) in FRONT else "default"

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return self._alias(model)

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return self._alias(model)

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool:
        return (db == "front") == ((app_label, model_name) in FRONT)
