"""What is due is a query: a row carries when it is due, who has it, and what went wrong last.

There is no queue beside the domain's own rows, so a crash loses nothing and nothing can disagree.
A claim is a conditional update: of several workers exactly one gets a row (measured on SQLite and
PostgreSQL). A worker that is killed leaves a lease that ends; the row is then due again. Nothing
is exactly once: every step done under a lease is safe to do twice.
"""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, models
from django.db.models import Case, F, Q, Value, When

from vigie.lib import clock

log = logging.getLogger("vigie.work")

LONGEST_PAUSE = timedelta(hours=6)


class Due(models.Model):
    """The columns that make a row's next step claimable. ``due_at`` is null when nothing is due."""

    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_by = models.CharField(max_length=16, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Due)


def claim(
    rows: "models.QuerySet[Row]",
    lease_seconds: float,
    limit: int = 20,
    order: Sequence[Any] = ("due_at",),
) -> Iterator[tuple[Row, str]]:
    """Lease up to ``limit`` due rows, one at a time, oldest first: yields (row, lease)."""
    moment = clock.now()
    free = Q(due_at__lte=moment) & (Q(lease_until=None) | Q(lease_until__lte=moment))
    for pk in list(rows.filter(free).order_by(*order).values_list("pk", flat=True)[:limit]):
        lease, start = secrets.token_hex(8), clock.now()
        won = rows.filter(free, pk=pk).update(
            lease_until=start + timedelta(seconds=lease_seconds),
            lease_by=lease,
            attempts=F("attempts") + 1,
        )
        # A row that left the selection this moment is another step's: its lease ends by itself.
        if won == 1 and (row := rows.filter(pk=pk).first()):
            yield row, lease


def settle(row: Due, lease: str, claimed: datetime | None, due_at: datetime | None) -> bool:
    """The step is done: give the row back, next due at ``due_at`` (None: never).

    ``claimed``: what ``due_at`` was when the row was claimed. Whoever changed it during the lease
    knew something that the step did not (look again; there is nothing more to do): theirs stays.
    False when the lease was lost meanwhile: another worker has the row, leave it alone.
    """
    done = type(row)._default_manager.filter(pk=row.pk, lease_by=lease)
    free = {"lease_until": None, "lease_by": "", "attempts": 0, "last_error": ""}
    return done.update(due_at=_unless_changed(claimed, due_at), **free) == 1


def postpone(
    row: Due, lease: str, claimed: datetime | None, error: str, retry_seconds: float
) -> None:
    """The step failed: keep the reason for the desk, and try again later and later."""
    pause = min(timedelta(seconds=retry_seconds * 2 ** min(row.attempts - 1, 12)), LONGEST_PAUSE)
    type(row)._default_manager.filter(pk=row.pk, lease_by=lease).update(
        due_at=_unless_changed(claimed, clock.now() + pause),
        lease_until=None,
        lease_by="",
        last_error=error[:80],
    )


def _unless_changed(claimed: datetime | None, due_at: datetime | None) -> Case:
    """``due_at``, in the same statement that compares, so that no wake-up falls in between."""
    new = Value(due_at, output_field=models.DateTimeField())
    return Case(When(due_at=claimed, then=new), default=F("due_at"))


def name_of(error: Exception) -> str:
    """An error's name, which says what failed and quotes nothing that somebody wrote."""
    return f"{type(error).__module__}.{type(error).__name__}".removeprefix("builtins.")


def plan_each(rows: Iterable[Row], plan: Callable[[Row], object]) -> int:
    """Plan something for each of these rows, of which none is claimed; how many were planned.

    One that fails keeps its error for the desk and stops no other; the same error again writes
    nothing. `IntegrityError` means that another worker was first.
    """
    planned = 0
    for row in rows:
        kept = type(row)._default_manager.filter(pk=row.pk)
        try:
            plan(row)
        except IntegrityError:
            continue
        except Exception as error:
            name = name_of(error)
            if kept.exclude(last_error=name[:80]).update(last_error=name[:80], attempts=1):
                log.warning("%s %s failed: %s", type(row).__name__, row.pk, name)
        else:
            planned += 1
            if row.last_error:
                kept.update(last_error="", attempts=0)
    return planned


def work_off(
    rows: "models.QuerySet[Any]",
    step: Callable[[Any], datetime | None],
    *,
    lease_seconds: float,
    retry_seconds: float,
    limit: int = 20,
    order: Sequence[Any] = ("due_at",),
) -> int:
    """Do ``step`` on each due row; a failing row backs off and never blocks the others.

    ``step`` returns when the row is due next. Returns how many rows were taken.
    """
    taken = 0
    for row, lease in claim(rows, lease_seconds, limit, order):
        taken += 1
        claimed = row.due_at  # before the step, which may read the row anew
        try:
            due_at = step(row)
        except Exception as error:
            name = name_of(error)
            log.warning("%s %s failed: %s", type(row).__name__, row.pk, name)
            postpone(row, lease, claimed, name, retry_seconds)
        else:
            settle(row, lease, claimed, due_at)
    return taken
