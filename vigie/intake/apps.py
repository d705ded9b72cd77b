"""The public form and the sealed inbox."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created

SEALED_TABLES = {"intake_letter", "newsletter_newsletteract"}
DENY, OK = 1, 0
# SQLite's numbers. All else is refused: an ATTACH reaches other files, an ALTER gives the table
# another name.
INSERT, READ, SELECT, TRANSACTION, FUNCTION, SAVEPOINT = 18, 20, 21, 22, 31, 32
NEEDED = {INSERT, READ, SELECT, TRANSACTION, FUNCTION, SAVEPOINT}


def _only_write(action: int, table: str | None, *rest: Any) -> int:
    sealed = action == READ and table in SEALED_TABLES
    return OK if action in NEEDED and not sealed else DENY


def forbid_reading(connection: Any, **kwargs: Any) -> None:
    """On SQLite there are no users to grant rights to: the connection itself is narrowed.

    On PostgreSQL the role of the public program has INSERT and nothing else (`vigie grants`).
    """
    if connection.vendor == "sqlite" and connection.alias == "front":
        connection.connection.set_authorizer(_only_write)


class IntakeConfig(AppConfig):
    name = "vigie.intake"

    def ready(self) -> None:
        if settings.SURFACE == "public":
            connection_created.connect(forbid_reading, dispatch_uid="intake.forbid_reading")
