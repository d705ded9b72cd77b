"""Told to stop: Ctrl-C, a service manager, or a terminal that is closed."""

import signal
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked for it; what was started is ended, and that is no error."""


class Stop:
    """A flag and no exception: one that came while a program is started would lose its number.

    A signal that was ignored from the start (``nohup``) stays ignored.
    """

    def __init__(self) -> None:
        self.asked = False
        for number in NUMBERS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True

    def check(self) -> None:
        """Between two steps: raises `Stopped`."""
        if self.asked:
            raise Stopped
