"""Room for drawing: cards are made a few at a time, so that reports always find a free thread."""

import threading

AT_ONCE = 2
PATIENCE = 8  # seconds
_room = threading.BoundedSemaphore(AT_ONCE)
_queue = threading.BoundedSemaphore(AT_ONCE + 1)


class Busy(Exception):
    """All rooms of the studio are taken."""


class Room:
    """A place in the studio, or `Busy`: few render at once, one waits, the others are told so."""

    def __enter__(self) -> None:
        if not _queue.acquire(blocking=False):
            raise Busy
        if not _room.acquire(timeout=PATIENCE):
            _queue.release()
            raise Busy

    def __exit__(self, *error: object) -> None:
        _room.release()
        _queue.release()
