"""That the worker goes round, written now and then: a lane that stands still is seen."""

import time
from collections.abc import Callable

from django.db import DatabaseError

from vigie.lib import clock
from vigie.worker import troubles
from vigie.worker.models import LastRound

LANES = ("office", "outside", "campaign", "lists")
EVERY_SECONDS = 20.0


class Pulse:
    """Of one lane in one thread. ``beat`` costs nothing until it is time to write again."""

    def __init__(self, lane: str) -> None:
        self.lane, self.next = lane, 0.0

    def beat(self) -> None:
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + EVERY_SECONDS
        row = {"at": clock.now()}
        try:
            LastRound.objects.update_or_create(lane=self.lane, defaults=row)
        except DatabaseError as error:
            troubles.away(error)


class WhenChanged:
    """A step that looks through much: not asked again until ``mark`` says something else.

    Once a minute it is asked all the same: of two who write at once the later may leave no mark.
    """

    def __init__(
        self, step: Callable[[], int], mark: Callable[[], object], seconds: float = 60.0
    ) -> None:
        self.step, self.mark, self.seconds = step, mark, seconds
        self.last: object = None
        self.next = 0.0

    def __call__(self) -> int:
        now = self.mark()
        if now == self.last and time.monotonic() < self.next:
            return 0
        done = self.step()
        self.last, self.next = (None if done else now), time.monotonic() + self.seconds
        return done


class Seldom:
    """A step that is asked once a minute, and at once again while it finds something to do."""

    def __init__(self, step: Callable[[], int], seconds: float = 60.0) -> None:
        self.step, self.seconds, self.next = step, seconds, 0.0

    def __call__(self) -> int:
        if time.monotonic() < self.next:
            return 0
        done = self.step()  # one that fails is asked again next round, and so stays known
        self.next = 0.0 if done else time.monotonic() + self.seconds
        return done
