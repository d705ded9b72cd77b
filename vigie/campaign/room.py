"""Room for drawing: pictures are made a few at a time, so that reports always find a free thread.

People's cards have places of their own: pictures of the campaign itself never take them.
"""

import threading

AT_ONCE = 2
PATIENCE = 8  # seconds


class Busy(Exception):
    """All places are taken."""


class Room:
    """A place to draw, or `Busy`: few draw at once, one waits, the others are told so."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._queue = threading.BoundedSemaphore(AT_ONCE + 1)

    def __enter__(self) -> None:
        if not self._queue.acquire(blocking=False):
            raise Busy
        if not self._places.acquire(timeout=PATIENCE):
            self._queue.release()
            raise Busy

    def __exit__(self, *error: object) -> None:
        self._places.release()
        self._queue.release()


CARDS = Room()  # the door (`config.door`) lets nobody in for whom there is no place
PICTURES = Room()
