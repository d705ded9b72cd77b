"""Questions to whoever has a receipt. Only a person asks; only the words of the receipt open it.

The text is sealed twice: for the team, and to the key that the receipt's words give. The worker
then puts the second where the receipt's page finds it, as long as every other one.
"""

import uuid

from django.db import transaction

from vigie.intake.models import Report, ShownQuestion
from vigie.items.models import Question, ReceiptCourse
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.seal import seal
from vigie.staff.models import User

LONGEST = 1_000  # characters
SHOWN_LENGTH = 4_092  # bytes of every question that is shown, however short


class CannotAsk(Exception):
    """This report came without a receipt, or with one that cannot take a question."""


def may_be_asked(report: Report) -> bool:
    return bool(_recipient(report))


def ask(
    report: Report, text: str, by: User, operators: str, page: uuid.UUID | None = None
) -> Question:
    """Ask. ``operators``: the recipient to which the team's own copy is sealed.

    ``page``: the number of the page it was typed on; the same words from it are one question.
    Raises `CannotAsk`, and `ValueError` for a text that is empty or too long.
    """
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        raise ValueError("a question has between one and a thousand characters")
    recipient = _recipient(report)
    if not recipient:
        raise CannotAsk(report.reference)
    moment = clock.now()
    new = {
        "report": report,
        "by": by,
        "at": moment,
        "due_at": moment,
        "words": seal(operators, text),
        "shown": seal(recipient, _padded(text)),
    }
    number = uuid.uuid5(page or uuid.uuid4(), f"{report.pk} {text}")
    with transaction.atomic():
        question, asked = Question.objects.get_or_create(pk=number, defaults=new)
        if asked:
            append(Verb.QUESTION_ASKED, report.subject, by.actor, question=str(number))
    return question


def show(question: Question) -> None:
    """Put a question where the page of its receipt finds it. Safe to do twice."""
    link = question.report.receipt_link
    shown = ShownQuestion(
        id=question.pk,
        receipt=bytes(link.receipt.hash),
        sealed=bytes(question.shown),
        week=clock.week_of(question.at),
    )
    ShownQuestion.objects.bulk_create([shown], ignore_conflicts=True)


def _padded(text: str) -> str:
    """With spaces at its end, so that no two questions differ in their length."""
    return text + " " * (SHOWN_LENGTH - len(text.encode("utf-8", "surrogatepass")))


def _recipient(report: Report) -> str:
    found = ReceiptCourse.objects.filter(links__report=report).values_list("recipient", flat=True)
    return found.first() or ""
