"""The match program's connection is narrowed where the database has no roles."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created

from vigie.lib.narrowed import only


def narrow(connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "sqlite" and connection.alias == "default":
        connection.connection.set_authorizer(only(settings.MATCH_RIGHTS))


class ProvidersConfig(AppConfig):
    name = "vigie.matching.providers"

    def ready(self) -> None:
        if settings.SURFACE == "match":
            connection_created.connect(narrow, dispatch_uid="providers.narrow")
