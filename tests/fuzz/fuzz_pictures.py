"""`make fuzz`: bytes that are read as a picture. The decoders are not instrumented: what is found
beyond ours is found by luck. A crash of one would be a crash of its child alone."""

import sys

import atheris

with atheris.instrument_imports(include=["vigie.matching", "vigie.lib.orientation", "PIL"]):
    from tests.fuzz.hostile import check_picture
    from vigie.matching.engine import luma

if __name__ == "__main__":
    luma.MOST_PIXELS = 1_000_000  # as in service, but quick
    atheris.Setup(sys.argv, check_picture)
    atheris.Fuzz()
