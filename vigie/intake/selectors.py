"""What the public may ask: how far is the report of this receipt?"""

from dataclasses import dataclass
from datetime import date

from vigie.intake.models import ShownReceipt
from vigie.intake.receipts import normalise, receipt_hash


@dataclass(frozen=True)
class Shown:
    course: str
    week: date
    outcome: str


def shown_receipt(text: str) -> Shown | None:
    """The course a receipt shows; None for a code we never gave, or mistyped."""
    receipt = normalise(text)
    hashed = receipt_hash(receipt or "")  # the same work for a good and a bad code
    row = ShownReceipt.objects.filter(hash=hashed).first()
    return Shown(row.course, row.week, row.outcome) if row and receipt else None
