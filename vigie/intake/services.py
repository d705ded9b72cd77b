"""Taking a report in: sealed, written, and only then thanked for."""

import json
import uuid
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import DatabaseError, transaction

from vigie.intake.models import Letter, ShownReceipt
from vigie.intake.receipts import normalise, receipt_hash
from vigie.lib import clock
from vigie.lib.seal import keyed_hash, seal


class InboxUnavailable(Exception):
    """The report was not written. The page must say so and keep what the person typed."""


@dataclass(frozen=True)
class NewReport:
    """What the form holds, as typed. Only ``where`` is needed."""

    where: str
    kind: str = ""
    seen: str = ""
    comment: str = ""
    contact: str = ""
    language: str = "fr"
    receipt: str = ""


def receive(report: NewReport) -> None:
    """Seal a report and write it, durably. Raises `InboxUnavailable` when it was not written.

    1. What was written about the place goes to the worker's key, which joins it to items and then
       forgets it; all that was written, as it was typed, goes to the operators' key.
    2. The same page sent twice has the same id and is written once; the same receipt with another
       text is another report.
    3. Only inserts, and nothing is read back: the public program's rights allow no more.
    """
    receipt = normalise(report.receipt) if report.receipt else None
    hashed = receipt_hash(receipt) if receipt else None
    where = {"where": report.where, "kind": report.kind, "receipt": hashed.hex() if hashed else ""}
    words = {
        "where": report.where,
        "seen": report.seen,
        "comment": report.comment,
        "contact": report.contact,
    }
    moment = clock.now()
    letter = Letter(
        id=_letter_id(report) if receipt else uuid.uuid4(),
        where=seal(settings.INBOX_RECIPIENT, json.dumps(where)),
        words=seal(settings.OPERATORS_RECIPIENT, json.dumps(words)),
        received_hour=clock.hour_of(moment),
        due_at=clock.hour_of(moment),
    )
    try:
        with transaction.atomic(using="front"):
            Letter.objects.bulk_create([letter], ignore_conflicts=True)
            if hashed:
                shown = ShownReceipt(hash=hashed, week=clock.week_of(moment))
                ShownReceipt.objects.bulk_create([shown], ignore_conflicts=True)
    except DatabaseError as error:
        raise InboxUnavailable(type(error).__name__) from None


def _letter_id(report: NewReport) -> uuid.UUID:
    text = json.dumps(asdict(report), sort_keys=True)
    return uuid.UUID(bytes=keyed_hash(settings.RECEIPT_KEY, "letter", text)[:16])
