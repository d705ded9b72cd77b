"""The list as a file, for another sender or for whoever asks what is held. An act of its own."""

import csv
from collections.abc import Iterator

from django.db import transaction

from vigie.campaign.newsletter.models import Subscriber
from vigie.campaign.newsletter.selectors import State, confirmed_addresses
from vigie.journal.services import append
from vigie.journal.verbs import Verb

HEAD = ("email", "language", "month")
# A cell that begins so is a formula to a spreadsheet, and an address may begin so.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What `csv` writes to: it hands the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def safe(cell: str) -> str:
    """With the apostrophe by which spreadsheets know text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def export_list(by: str) -> Iterator[str]:
    """Write in the journal that the list goes out, and only then hand it over, line by line."""
    with transaction.atomic():
        confirmed = Subscriber.objects.filter(state=State.CONFIRMED).count()
        append(Verb.LIST_EXPORTED, "newsletter", by, subscribers=confirmed)
    return _lines()


def _lines() -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    yield write(HEAD)
    for row in confirmed_addresses():
        yield write([safe(cell) for cell in row])
