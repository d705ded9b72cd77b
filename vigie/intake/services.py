"""Taking a report in: sealed, written, and only then thanked for."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from django.conf import settings
from django.db import DatabaseError, transaction

from vigie.intake.models import Letter, ShownReceipt
from vigie.intake.receipts import normalise, receipt_hash, recipient_for
from vigie.lib import clock
from vigie.lib.seal import keyed_hash, seal

# What the worker is told beside the place; a report and what is added to it have the same shape.
# ``said``: something was written beside the place. What it was, only the team can open.
FOR_WORKER = {
    **{"kind": "", "receipt": "", "reply_to": "", "adds_to": "", "question": ""},
    **{"danger": False, "own": False, "said": False},
}
TICKED = ("danger", "kind")  # of a further page: chosen, not written


class InboxUnavailable(Exception):
    """The report was not written. The page must say so and keep what the person typed."""


@dataclass(frozen=True)
class NewReport:
    """What the form holds, as typed. Only ``where`` is needed.

    ``danger``: a child is in danger now. ``own``: the reporter is in the picture.
    """

    where: str
    kind: str = ""
    seen: str = ""
    comment: str = ""
    contact: str = ""
    language: str = "fr"
    receipt: str = ""
    how: str = ""
    danger: bool = False
    own: bool = False


@dataclass(frozen=True)
class More:
    """One further page of a report: its name, what was typed into it, by field."""

    page: str
    words: Mapping[str, str] = field(default_factory=dict)
    danger: bool = False


def receive(report: NewReport, flood: uuid.UUID | None = None) -> uuid.UUID:
    """Seal a report and write it, durably; its letter. Raises `InboxUnavailable` if not written.

    1. What was written about the place goes to the worker's key, which joins it to items and then
       forgets it; all that was written, as it was typed, goes to the operators' key.
    2. The same page sent twice has the same id and is written once; the same receipt with another
       text is another report.
    3. Only inserts, and nothing is read back: the public program's rights allow no more.
    4. What is part of a ``flood`` is written like everything else, and opened later.
    """
    receipt = normalise(report.receipt) if report.receipt else None
    hashed = receipt_hash(receipt) if receipt else None
    told = {"where": report.where, "kind": report.kind, "danger": report.danger, "own": report.own}
    written = (report.how, report.seen, report.comment, report.contact)
    told["said"] = any(text.strip() for text in written)
    if receipt and hashed:
        told |= {"receipt": hashed.hex(), "reply_to": recipient_for(receipt)}
    names = ("where", "how", "seen", "comment", "contact")
    words = {name: getattr(report, name) for name in names}
    letter = _repeated("letter", asdict(report)) if receipt else uuid.uuid4()
    write([sealed(letter, told, words, flood)], new_receipt=hashed)
    return letter


def add(letter: uuid.UUID, more: More, flood: uuid.UUID | None = None) -> None:
    """Add a page to a report that was sent. Raises `InboxUnavailable` when it was not written."""
    number = _repeated("more", {"adds_to": letter.hex, **asdict(more)})
    typed = any(text.strip() for name, text in more.words.items() if name not in TICKED)
    told = {"where": "", "adds_to": letter.hex, "danger": more.danger, "said": typed}
    words = {"page": more.page, **more.words, "danger": more.danger}
    write([sealed(number, told, words, flood)])


def answer(hashed: bytes, question: uuid.UUID, text: str) -> None:
    """The answer to a question that the receipt of this hash shows. Raises `InboxUnavailable`."""
    told = {"where": "", "question": question.hex, "receipt": hashed.hex(), "said": True}
    number = _repeated("answer", {**told, "text": text})
    write([sealed(number, told, {"page": "answer", "answer": text})])


def sealed(
    number: uuid.UUID,
    told: Mapping[str, object],
    words: Mapping[str, object],
    flood: uuid.UUID | None = None,
) -> Letter:
    """A letter to the worker (``told``) and to the operators (``words``). Not yet written."""
    hour = clock.hour_of(clock.now())
    return Letter(
        id=number,
        where=seal(settings.INBOX_RECIPIENT, json.dumps({**FOR_WORKER, **told})),
        words=seal(settings.OPERATORS_RECIPIENT, json.dumps(words)),
        received_hour=hour,
        due_at=hour,
        flood=flood,
    )


def write(letters: Sequence[Letter], new_receipt: bytes | None = None) -> None:
    """All of them, durably, or `InboxUnavailable` and none. One that is there is not written anew.

    Only inserts: nothing is read back.
    """
    try:
        with transaction.atomic(using="front"):
            Letter.objects.bulk_create(letters, ignore_conflicts=True, batch_size=100)
            if new_receipt:
                shown = ShownReceipt(hash=new_receipt, week=clock.week_of(clock.now()))
                ShownReceipt.objects.bulk_create([shown], ignore_conflicts=True)
    except DatabaseError as error:
        raise InboxUnavailable(type(error).__name__) from None


def _repeated(purpose: str, sent: Mapping[str, object]) -> uuid.UUID:
    return letter_id(settings.RECEIPT_KEY, purpose, sent)


def letter_id(secret: bytes, purpose: str, sent: object) -> uuid.UUID:
    """The same number for the same thing, sent twice: it is one letter."""
    text = json.dumps(sent, sort_keys=True)
    return uuid.UUID(bytes=keyed_hash(secret, purpose, text)[:16])
