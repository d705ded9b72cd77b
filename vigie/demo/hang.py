"""Hang the demonstration's first cards, as its editor would, once the worker has examined them."""

import sys
import time
from pathlib import Path

import django

django.setup()

from vigie.campaign.wall.selectors import waiting  # noqa: E402
from vigie.campaign.wall.services import approve, recount  # noqa: E402
from vigie.demo.cats import HANG, NAMES  # noqa: E402
from vigie.staff.models import User  # noqa: E402


def main() -> None:
    editor = User.objects.get(username="editor")
    hung, end = 0, time.monotonic() + 90
    while hung < HANG and time.monotonic() < end:
        for row in waiting().filter(name__in=NAMES)[: HANG - hung]:
            approve(row.pk, editor)
            hung += 1
        recount()
        time.sleep(1)
    Path(sys.argv[1]).touch()


if __name__ == "__main__":
    main()
