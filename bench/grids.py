"""How often sheets of pictures are recognised and their pictures found, and single ones cut up.

All is drawn by a seeded script (`bench.sheets`), not photographed. SHEETS=200, SINGLES=400.
"""

import json
import os
import time
from collections import Counter
from typing import Any

from bench.sheets import QUALITIES, Sheet, saved, sheet, single
from vigie.matching.engine.grid import parts_of
from vigie.matching.engine.luma import hash_picture

SHEETS = int(os.environ.get("SHEETS", "192"))
SINGLES = int(os.environ.get("SINGLES", "360"))
NEAR = 31


def say(name: str, **found: Any) -> None:
    print(json.dumps({"bench": f"grids: {name}", **found}), flush=True)


def sheet_number(number: int) -> Sheet:
    """Every layout, 2 by 2 to 8 by 8, every quality."""
    rows, columns = 2 + number % 7, 2 + number // 7 % 7
    return sheet(number, rows, columns, QUALITIES[number // 6 % 4])


def found_of(one: Sheet) -> tuple[int, int, bool]:
    """Of a sheet: how many of its pictures are within the threshold, how many parts came, and
    whether it was recognised."""
    parts = [int(part.value, 16) for part in parts_of(one.data)]
    wanted = [int(hash_picture(saved(each, 95)).pdq.value, 16) for each in one.pictures]
    near = sum(any((w ^ p).bit_count() <= NEAR for p in parts) for w in wanted)
    return near, len(parts), bool(parts)


def main() -> None:
    tried, recognised, wanted, near, parts = (Counter[str]() for _ in range(5))
    for number in range(SHEETS):
        one = sheet_number(number)
        found, came, known = found_of(one)
        for key in (one.kind, f"quality {QUALITIES[number // 6 % 4]}", "all"):
            tried[key] += 1
            recognised[key] += known
            wanted[key] += len(one.pictures)
            near[key] += found
            parts[key] += came
    for key in sorted(tried):
        say(
            f"sheets, {key}",
            sheets=tried[key],
            recognised=round(recognised[key] / tried[key], 3),
            pictures=wanted[key],
            found_within_31=round(near[key] / wanted[key], 3),
            parts_handed_on=parts[key],
        )
    _singles()


def _singles() -> None:
    tried, cut = Counter[str](), Counter[str]()
    start = time.perf_counter()
    spent = 0.0
    for number in range(SINGLES):
        kind, data = single(number, QUALITIES[number // 9 % 4])
        start = time.perf_counter()
        found = bool(parts_of(data))
        spent += time.perf_counter() - start
        for key in (kind, "all"):
            tried[key] += 1
            cut[key] += found
    for key in sorted(tried):
        say(f"single pictures, {key}", pictures=tried[key], cut_up=round(cut[key] / tried[key], 3))
    say("one look", milliseconds=round(spent / SINGLES * 1000, 1))


if __name__ == "__main__":
    main()
