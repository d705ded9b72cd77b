"""`make fuzz`: bytes that are read as a picture.

The decoders are not instrumented: what is found there is found by luck, and would end a child
alone. Inside the fuzzer, and only there, each input leaves some 200 KB behind (the same inputs
read in a loop without it leave nothing): it begins anew, with what it learnt, before that is much.
"""

import os
import signal
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["vigie.matching", "vigie.lib.orientation", "vigie.lib.webp", "PIL"]
):
    from tests.fuzz.hostile import check_picture
    from vigie.matching.engine import luma

MOST_MB = 2_500
TIME = "-max_total_time="
BEGAN = time.monotonic()
runs = 0


def one_input(data: bytes) -> None:
    global runs
    runs += 1
    if runs % 500 == 0 and _taken_mb() > MOST_MB:
        _begin_anew()
    check_picture(data)


def _taken_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def _begin_anew() -> None:
    given = [word for word in sys.argv[1:] if word.startswith(TIME)]
    words = [word for word in sys.argv[1:] if not word.startswith(TIME)]
    for word in given:
        left = int(word.removeprefix(TIME)) - (time.monotonic() - BEGAN)
        words.append(f"{TIME}{max(1, int(left))}")
    module = [sys.executable, *(f"-W{one}" for one in sys.warnoptions), "-m", __spec__.name]
    signal.setitimer(signal.ITIMER_REAL, 0)  # the fuzzer's own alarm would outlive it
    os.execv(sys.executable, [*module, *words])


if __name__ == "__main__":
    luma.MOST_PIXELS = 1_000_000  # as in service, but quick
    luma.MOST_OF_JPEG = 4_000_000
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
