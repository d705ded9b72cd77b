"""How much a provider may ask in a minute: by its key, in the memory of one process."""

import math
import threading
import time
from collections.abc import Callable


class Allowance:
    """A bucket for each provider, that fills evenly. Safe with threads."""

    def __init__(self, least: int, clock: Callable[[], float] = time.monotonic) -> None:
        """``least``: a full bucket is never less, so that one whole request always fits."""
        self._least, self._clock = least, clock
        self._lock = threading.Lock()
        self._left: dict[int, tuple[float, float]] = {}

    def take(self, provider: int, per_minute: int, pictures: int) -> int:
        """0 where they may be asked; else the seconds to wait."""
        most = float(max(per_minute, self._least))
        with self._lock:
            now = self._clock()
            left, since = self._left.get(provider, (most, now))
            left = min(most, left + (now - since) * per_minute / 60)
            enough = left >= pictures
            self._left[provider] = (left - pictures if enough else left, now)
        return 0 if enough else max(1, math.ceil((pictures - left) * 60 / per_minute))
