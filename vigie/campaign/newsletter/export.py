"""The list as a file, for another sender or for whoever asks what is held. It takes two people."""

import csv
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vigie.campaign.newsletter.models import Subscriber
from vigie.campaign.newsletter.selectors import State, confirmed_addresses
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.people import four_eyes
from vigie.people.four_eyes import Kind
from vigie.people.models import PendingAct
from vigie.staff.models import User
from vigie.staff.permissions import Permission

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


def ask_export(by: User, reason: str) -> PendingAct:
    """Ask a colleague to confirm that the list goes out."""
    return four_eyes.ask(KIND, by, reason, about="newsletter")


def export_list(by: User) -> Iterator[str]:
    """Write in the journal that the list goes out, and only then hand it over, line by line.

    Once for each time that a colleague confirmed, within the hour. Raises `four_eyes.TooLate`.
    """
    with transaction.atomic():
        four_eyes.use(KIND, by)
        confirmed = Subscriber.objects.filter(state=State.CONFIRMED).count()
        append(Verb.LIST_EXPORTED, "newsletter", by.actor, subscribers=confirmed)
    return _lines()


def _lines() -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    yield write(HEAD)
    for row in confirmed_addresses():
        yield write([safe(cell) for cell in row])


def _nothing_yet(act: PendingAct, by: User) -> None:
    """The file is written while it is taken: until then nothing lies ready."""


KIND = Kind(
    name="newsletter",
    words=_("Take the list of subscribers out"),
    asks=Permission.NEWSLETTER_EXPORT,
    confirms=Permission.ACTS_READ,
    template="newsletter/_act_export.html",
    carry_out=_nothing_yet,
)
