"""By which door a report came: kept when its letter is opened, shown on the desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vigie.intake.doors.models import Arrival, Sender
from vigie.intake.models import Report


@dataclass(frozen=True)
class Came:
    """``sender``: a trusted sender's name; empty for mail."""

    door: str
    sender: str


def note(report: Report, told: Mapping[str, Any]) -> None:
    """Keep by which door a report came, if the letter's part for the worker names one."""
    if door := told.get("door"):
        Arrival.objects.create(report=report, door=door, sender=told.get("sender"))


def came(reports: Iterable[Report]) -> dict[int, Came]:
    """Of those reports that came by a door of their own, which: by the report's number."""
    return _named(Arrival.objects.filter(report__in=reports).order_by("pk"))


def _named(arrivals: Iterable[Arrival]) -> dict[int, Came]:
    found = list(arrivals)
    if not found:
        return {}
    names = dict(
        Sender.objects.filter(pk__in=[one.sender for one in found]).values_list("pk", "name")
    )
    return {one.report_id: Came(one.door, names.get(one.sender or 0, "")) for one in found}


def doors_of(arrivals: Iterable[Arrival]) -> list[Came]:
    """The doors by which these came, each once."""
    return list(dict.fromkeys(_named(arrivals).values()))
