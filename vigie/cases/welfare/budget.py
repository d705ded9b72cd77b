"""How much one person looks at: the organisation's limits, and where somebody stands (pure).

The limits are ``[welfare]`` of the organisation's file:

pictures_a_day, minutes_a_day   weighed by `weights`: once decided, what was worse counts for more,
                                and goes on counting so, whatever becomes of the decision
stretch_minutes, break_minutes  looking on and on for so long asks for a break of so long
warn_from                       the part of a day's limit (0 to 1) from which the desk warns
weights                         by classification of the item; whatever is not named weighs 1
readers                         the roles that may read how long others looked
support                         name, phone, url: whom an analyst can talk to
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

UNTOLD = timedelta(seconds=20)  # a look of which no browser said how long it was
LONGEST = timedelta(minutes=10)  # a window that was left open is not ten hours of looking


class Rest(StrEnum):
    """Why nothing is shown at present."""

    BREAK = "break"
    SPENT = "spent"
    NOT_TODAY = "not_today"


@dataclass(frozen=True)
class Budget:
    pictures_a_day: int
    minutes_a_day: int
    stretch_minutes: int
    break_minutes: int
    warn_from: float
    weights: Mapping[str, float]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Budget":
        """Raises `ValueError` (with the name of what is wrong) for limits that protect nobody."""
        whole = {
            name: data.get(name)
            for name in ("pictures_a_day", "minutes_a_day", "stretch_minutes", "break_minutes")
        }
        for name, value in whole.items():
            if type(value) is not int or value < 1:
                raise ValueError(name)
        warn_from = data.get("warn_from", 0.8)
        if not isinstance(warn_from, int | float) or not 0 <= warn_from <= 1:
            raise ValueError("warn_from")
        weights = data.get("weights", {})
        if not all(isinstance(one, int | float) and one >= 1 for one in weights.values()):
            raise ValueError("weights")
        return cls(**{name: int(str(value)) for name, value in whole.items()},
                   warn_from=float(warn_from), weights=weights)  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """One look. ``seconds``: how long, as the browser said; None while nobody has."""

    at: datetime
    seconds: int | None
    weight: float = 1

    @property
    def lasted(self) -> timedelta:
        return UNTOLD if self.seconds is None else timedelta(seconds=self.seconds)


def lasted_at_least(seconds: int | None, passed: timedelta) -> timedelta:
    """How long a look lasted of which ``seconds`` were told, when its person asks for the next.

    ``passed``: since it was asked for. Nobody told its end: it was on the screen until now. An end
    that was told too early makes it no shorter than saying nothing for a moment (`UNTOLD`).
    """
    if seconds is None:
        return min(max(passed, timedelta(0)), LONGEST)
    return max(timedelta(seconds=seconds), min(passed, UNTOLD))


@dataclass(frozen=True)
class Standing:
    """Today's sums, weighed. ``rest``: why nothing is shown; ``until``: the end of a break."""

    pictures: float
    minutes: float
    warned: bool = False
    rest: Rest | None = None
    until: datetime | None = None


def standing(
    budget: Budget,
    today: Iterable[Looked],
    now: datetime,
    *,
    not_today: bool = False,
    before: Iterable[Looked] = (),
) -> Standing:
    """``today``: this person's looks of the day; ``before``: those of the evening before, for a
    break that is due does not end at midnight. Looks that a clock put into the future count."""
    looks = sorted(today, key=lambda one: one.at)
    pictures = sum(one.weight for one in looks)
    minutes = sum(one.lasted.total_seconds() / 60 * one.weight for one in looks)
    most = max(pictures / budget.pictures_a_day, minutes / budget.minutes_a_day)
    until = _break_until(budget, sorted([*before, *looks], key=lambda one: one.at), now)
    rest = None
    if not_today:
        rest = Rest.NOT_TODAY
    elif most >= 1:
        rest = Rest.SPENT
    elif until:
        rest = Rest.BREAK
    return Standing(pictures, minutes, most >= budget.warn_from, rest, until)


def _break_until(budget: Budget, looks: list[Looked], now: datetime) -> datetime | None:
    """When the break ends that is due after a long stretch; None when none is."""
    pause = timedelta(minutes=budget.break_minutes)
    began = ended = None
    for one in looks:
        if began is None or ended is None or one.at - ended >= pause:
            began = one.at  # they had a pause: a new stretch
        ended = max(ended or one.at, one.at + one.lasted)
    if began is None or ended is None or ended - began < timedelta(minutes=budget.stretch_minutes):
        return None
    return ended + pause if now < ended + pause else None
