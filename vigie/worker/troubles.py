"""Which steps last failed, for the desk. Never a reason to stop: the database may be away."""

import logging

from django.db import DatabaseError, close_old_connections

from vigie.lib import clock
from vigie.lib.work import name_of
from vigie.worker.models import FailedStep

log = logging.getLogger("vigie.worker")


def failing() -> set[str]:
    """The steps that failed the last time; asked once a round, so that success costs no write."""
    try:
        return set(FailedStep.objects.values_list("name", flat=True))
    except DatabaseError as error:
        away(error)
        return set()


def remember(step: str, error: Exception) -> None:
    """Since when it fails, and why; a step that fails again in the same way writes nothing."""
    log.error("%s: %s", step, type(error).__name__)
    if isinstance(error, DatabaseError):
        close_old_connections()
    row = {"error": name_of(error)[:80]}
    try:
        if not FailedStep.objects.filter(name=step, **row).exists():
            first = {**row, "since": clock.now()}
            FailedStep.objects.update_or_create(name=step, defaults=row, create_defaults=first)
    except DatabaseError as gone:
        away(gone)


def forget(step: str) -> None:
    try:
        FailedStep.objects.filter(name=step).delete()
    except DatabaseError as error:
        away(error)


def away(error: DatabaseError) -> None:
    """The database is away: a line in the log, and a new connection next time."""
    log.error("failed steps: %s", type(error).__name__)
    close_old_connections()
