"""`make fuzz`: coverage-guided fuzzing of the reading of places, from the corpus beside this file.

New inputs go to var/fuzz; what breaks a property is written to var/fuzz as well, as crash-….
Make it small, and put it into tests/fuzz/corpus: the suite reads all of that each time.
"""

import socket
import sys

import atheris

with atheris.instrument_imports(include=["vigie.items"]):
    from tests.fuzz.properties import HINTS, check

SECONDS_A_LETTER = 200e-6  # instrumented code is slow; what is not linear is slower by far


class NoNetwork(socket.socket):
    def __init__(self, *args: object, **kwargs: object) -> None:
        raise AssertionError("reading a text touched the network")


def one_input(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    check(text, HINTS[len(data) % len(HINTS)], seconds_a_letter=SECONDS_A_LETTER)


if __name__ == "__main__":
    socket.socket = NoNetwork  # type: ignore[misc]
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
