"""Time: now, and the coarse grid on which anything shown to the public may change."""

from datetime import UTC, date, datetime, timedelta

# A Monday, 00:00 UTC: with a grid of seven days every tick is a Monday.
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


def tick_before(moment: datetime, grid_seconds: float) -> datetime:
    """The last tick of the grid at or before ``moment``."""
    step = timedelta(seconds=grid_seconds)
    return EPOCH + ((moment - EPOCH) // step) * step


def tick_after(moment: datetime, grid_seconds: float, ticks: int = 1) -> datetime:
    """The ``ticks``-th tick strictly after ``moment``."""
    return tick_before(moment, grid_seconds) + timedelta(seconds=grid_seconds) * ticks


def week_of(moment: datetime) -> date:
    """The Monday of the week ``moment`` falls in: as fine as the public ever learns."""
    return moment.date() - timedelta(days=moment.weekday())


def hour_of(moment: datetime) -> datetime:
    """``moment`` without minutes: what is kept of when a report came in."""
    return moment.replace(minute=0, second=0, microsecond=0)
