"""How many cards may wait: no more than people can look at, and the database can spare.

What waits lies in the database that takes the reports, a third of a megabyte for each card.
"""

import threading
from datetime import datetime

from vigie.campaign.wall.models import Submission, WallQueue
from vigie.lib import clock

MOST_WAITING = 2000


class Taken:
    """What this process has taken since the worker counted: between two counts, and without any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: list[datetime] = []

    def note(self) -> None:
        with self._lock:
            self._times.append(clock.now())

    def since(self, moment: datetime | None) -> int:
        with self._lock:
            if moment is not None:
                self._times = [time for time in self._times if time >= moment]
            return len(self._times)


taken = Taken()


def is_full() -> bool:
    """Whether the wall takes no card just now."""
    counted = WallQueue.objects.first()
    waiting = counted.cards if counted else 0
    return waiting + taken.since(counted.counted_at if counted else None) >= MOST_WAITING


def count_waiting() -> int:
    """The worker's part: how many wait now. It is never work left to do."""
    moment = clock.now()  # before it is counted: what comes meanwhile counts twice, not never
    cards = Submission.objects.count()
    WallQueue.objects.update_or_create(pk=1, defaults={"cards": cards, "counted_at": moment})
    return 0
