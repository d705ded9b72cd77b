"""The public form and the sealed inbox."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created

DENY, OK = 1, 0
# SQLite's numbers. All else is refused: an ATTACH reaches other files, an ALTER gives the table
# another name.
SELECT, TRANSACTION, FUNCTION, SAVEPOINT = 21, 22, 31, 32
BY_TABLE = {18: "INSERT", 20: "SELECT", 9: "DELETE"}


def _only_granted(action: int, table: str | None, *rest: Any) -> int:
    if action in BY_TABLE:
        return OK if BY_TABLE[action] in settings.FRONT_RIGHTS.get(table or "", "") else DENY
    return OK if action in (SELECT, TRANSACTION, FUNCTION, SAVEPOINT) else DENY


def forbid_reading(connection: Any, **kwargs: Any) -> None:
    """On SQLite there are no users to grant rights to: the connection itself is narrowed.

    On PostgreSQL the role of the public program has the same rights and no others (`vigie grants`).
    """
    if connection.vendor == "sqlite" and connection.alias == "front":
        connection.connection.set_authorizer(_only_granted)


class IntakeConfig(AppConfig):
    name = "vigie.intake"

    def ready(self) -> None:
        if settings.SURFACE == "public":
            connection_created.connect(forbid_reading, dispatch_uid="intake.forbid_reading")
