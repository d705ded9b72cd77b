"""The public form and the sealed inbox."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created

from vigie.lib.narrowed import only


def forbid_reading(connection: Any, **kwargs: Any) -> None:
    """On SQLite there are no users to grant rights to: the connection itself is narrowed.

    On PostgreSQL the role of the public program has the same rights and no others (`vigie grants`).
    """
    if connection.vendor == "sqlite" and connection.alias == "front":
        connection.connection.set_authorizer(only(settings.FRONT_RIGHTS))


class IntakeConfig(AppConfig):
    name = "vigie.intake"

    def ready(self) -> None:
        if settings.SURFACE == "public":
            connection_created.connect(forbid_reading, dispatch_uid="intake.forbid_reading")
