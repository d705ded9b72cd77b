"""Counting what a fetch has spent, in seconds and in bytes."""

import time

from vigie.lib.fetch.results import FetchFailed, Limits, Outcome


def seconds_left(deadline: float) -> float:
    """Seconds until `deadline` (on the monotonic clock); `timed_out` once it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchFailed(Outcome.TIMED_OUT)
    return left


class Meter:
    """What one fetch has spent, over all its hops."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.started = time.monotonic()
        self.deadline = self.started + limits.total_seconds
        self.raw_bytes = 0

    def left(self, at_most: float = float("inf")) -> float:
        """Seconds that the next blocking call may take; `timed_out` when there are none.

        Asked before *every* such call: a socket's own time-out starts anew with each byte,
        which is what a drip lives on.
        """
        return min(seconds_left(self.deadline), at_most)

    def count(self, received: int) -> None:
        self.raw_bytes += received
        if self.raw_bytes > self.limits.raw_bytes:
            raise FetchFailed(Outcome.TOO_LARGE)

    def seconds(self) -> float:
        return time.monotonic() - self.started
