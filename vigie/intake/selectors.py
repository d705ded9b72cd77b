"""What the public may ask: how far is the report of this receipt, and is there a question?"""

import uuid
from dataclasses import dataclass
from datetime import date

from vigie.intake.models import ShownQuestion, ShownReceipt
from vigie.intake.receipts import identity_for, normalise, receipt_hashes
from vigie.lib.seal import Unsealable, unseal


@dataclass(frozen=True)
class Asked:
    """A question of the team. ``week``: the Monday of the week in which it was asked."""

    id: uuid.UUID
    text: str
    week: date


@dataclass(frozen=True)
class Shown:
    course: str
    week: date
    outcome: str
    hash: bytes = b""
    questions: tuple[Asked, ...] = ()

    def question(self, number: str) -> Asked | None:
        """The one with this number, if this receipt shows it."""
        return next((one for one in self.questions if str(one.id) == number), None)


def shown_receipt(text: str) -> Shown | None:
    """What a receipt shows; None for a code we never gave, or mistyped.

    The same work for a good and a bad code, but for opening the questions that a person asked.
    """
    receipt = normalise(text)
    hashes, identity = receipt_hashes(receipt or ""), identity_for(receipt or "")
    rows = {bytes(row.hash): row for row in ShownReceipt.objects.filter(hash__in=hashes)}
    questions = _opened(identity, list(ShownQuestion.objects.filter(receipt__in=hashes)))
    found = [hashed for hashed in hashes if hashed in rows]
    if not found or not receipt:
        return None
    row = rows[found[0]]
    return Shown(row.course, row.week, row.outcome, found[0], questions)


def _opened(identity: str, rows: list[ShownQuestion]) -> tuple[Asked, ...]:
    """In the order of their weeks; one that does not open with these words is not shown."""
    found = []
    for row in sorted(rows, key=lambda row: (row.week, row.id)):
        try:
            text = unseal(identity, bytes(row.sealed)).rstrip(" ")
        except Unsealable:
            continue
        found.append(Asked(row.id, text, row.week))
    return tuple(found)
