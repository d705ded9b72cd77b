"""Ten thousand reports by one script: how soon a citizen is served, and the page of the queue."""

import json
import time
import uuid

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from vigie.cases.desk import selectors  # noqa: E402
from vigie.cases.desk.floods import floods  # noqa: E402
from vigie.cases.desk.listing import Cursor, Filter, counts, page_of  # noqa: E402
from vigie.intake.models import Letter  # noqa: E402
from vigie.intake.services import NewReport, receive  # noqa: E402
from vigie.items.flow import State  # noqa: E402
from vigie.staff.models import User  # noqa: E402
from vigie.staff.permissions import Role  # noqa: E402
from vigie.worker.loop import OFFICE  # noqa: E402

FLOOD = uuid.UUID(int=78)
COUNT = 10_000


def main() -> None:
    for alias in ("default", "front"):
        call_command("migrate", database=alias, verbosity=0)
    open_letters = dict(OFFICE)["open letters"]
    for number in range(COUNT):
        receive(NewReport(where=f"https://n{number}.bench.test/"), FLOOD)
    citizen, _ = _timed(lambda: receive(NewReport(where="https://citizen.test/")))
    opened, _ = _timed(open_letters)
    assert not Letter.objects.filter(flood=None).exists()
    rest, _ = _timed(lambda: _until_empty(open_letters))
    lead = User.objects.add("bench", "a password of the bench", Role.LEAD)
    page, rows = _timed(lambda: _queue_page(lead))
    line = {
        "bench": f"flood: {COUNT} reports of one direction, then a citizen's",
        "citizen_written_ms": citizen,
        "citizen_opened_ms": opened,
        "all_opened_s": round(rest / 1000, 1),
        "queue_page_ms": page,
        "rows_on_it": rows,
    }
    print(json.dumps(line), flush=True)


def _queue_page(lead: User) -> int:
    where = Filter(state=State.NEW)
    shown, _ = page_of(lead, where, Cursor())
    counts(lead)
    return len(selectors.rows(shown)) + len(floods(where.state))


def _until_empty(step: object) -> None:
    while step():  # type: ignore[operator]
        pass


def _timed(act: object) -> tuple[float, object]:
    begun = time.perf_counter()
    answer = act()  # type: ignore[operator]
    return round((time.perf_counter() - begun) * 1000, 1), answer


if __name__ == "__main__":
    main()
