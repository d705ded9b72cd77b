"""What a reporter adds to a report that was sent: another page, or the answer to a question.

It comes as a letter of its own, perhaps before the first one was opened.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import F

from vigie.intake.models import Addition, Letter, Report
from vigie.items import again, alarms
from vigie.items.models import Item, Question
from vigie.items.ranking import hold
from vigie.journal.services import append
from vigie.journal.verbs import Verb

WORKER = "worker"


def report_of(told: Mapping[str, Any]) -> Report | None:
    """The report that a letter adds to, if it is open."""
    if told["question"]:
        question = Question.objects.filter(pk=told["question"]).select_related("report").first()
        return question.report if question else None
    return Report.objects.filter(letter_id=told["adds_to"]).first()


def report_will_come(told: Mapping[str, Any]) -> bool:
    """Does the first letter still wait, or was it opened this very moment?

    Asked in this order: a report is written before its letter is deleted.
    """
    if told["question"]:
        return False
    waits = Letter.objects.filter(pk=uuid.UUID(told["adds_to"])).exists()
    return waits or report_of(told) is not None


def wait_with_the_first(letter: Letter, told: Mapping[str, Any]) -> None:
    """What adds to a letter of a flood waits in its lane: it would go round and round in ours."""
    first = Letter.objects.filter(pk=uuid.UUID(told["adds_to"])).first()
    if first and first.flood:
        Letter.objects.filter(pk=letter.pk).update(flood=first.flood)


def add(letter: Letter, told: Mapping[str, Any], report: Report) -> list[Item]:
    """Keep what was added beside the report, sealed as it came; `IntegrityError` if it is there.

    Returns what the caller opens again at once, as `alarms.raise_alarm` does.
    """
    Addition.objects.create(
        report=report,
        letter_id=letter.pk,
        received_hour=letter.received_hour,
        words=bytes(letter.words),
        question=told["question"] or None,
    )
    if told["said"]:
        _words_came(report)
    newer = Report.objects.filter(pk=report.pk, last_word_at__lt=letter.received_hour)
    newer.update(last_word_at=letter.received_hour)
    named = Item.objects.filter(mentions__report=report).values("pk")
    if told["question"]:
        items = Item.objects.filter(pk__in=hold(Item.objects.filter(pk__in=named)))
        items.update(answered_at=letter.received_hour)
    answers = {"question": told["question"]} if told["question"] else {}
    verb = Verb.QUESTION_ANSWERED if answers else Verb.REPORT_ADDED_TO
    append(verb, report.subject, WORKER, **answers)
    if told["question"] or told["said"]:
        again.wake(Item.objects.filter(pk__in=named), letter.flood)
    return alarms.raise_alarm(report) if told["danger"] else []


def _words_came(report: Report) -> None:
    named = hold(Item.objects.filter(mentions__report=report))
    Item.objects.filter(pk__in=named).update(words_came=F("words_came") + 1)


def placeless(letter: Letter, told: Mapping[str, Any]) -> str:
    """A description for what names no place, so that it becomes an item and somebody reads it."""
    what = "A report that names no place"
    if told["adds_to"] or told["question"]:
        what = "What was added to a report that is no longer here"
    elif told["own"]:
        what = "A person's own picture; they named no place"
    return f"{what} ({letter.pk.hex[:8]})"


def is_open(letter: Letter) -> bool:
    """Did somebody open this very letter already?"""
    known = {"letter_id": letter.pk}
    return Report.objects.filter(**known).exists() or Addition.objects.filter(**known).exists()
