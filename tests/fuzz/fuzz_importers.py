"""`make fuzz`: bytes that are read as a hash list or an archive; the first byte says as what."""

import sys

import atheris

with atheris.instrument_imports(
    include=["vigie.matching.lists", "vigie.matching.screen", "vigie.lib", "zipfile", "tarfile"]
):
    from tests.fuzz.hostile import READERS, check_archive, check_list

SECONDS = 2.0  # for a few kilobytes, instrumented
WAYS = [*READERS, "archive"]


def one_input(data: bytes) -> None:
    way = WAYS[data[0] % len(WAYS)] if data else "csv"
    if way == "archive":
        check_archive(data[1:], seconds=SECONDS)
    else:
        check_list(way, data[1:], seconds=SECONDS)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
