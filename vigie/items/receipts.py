"""What a receipt shows, and when: the same course for the known and the new (no oracle).

1. When a letter is opened a tick of a fixed weekly grid is drawn at random, for *in hand*; it
   depends on nothing else.
2. At that tick the receipt shows *in hand*, whatever happened meanwhile, and the tick of
   *closed* is drawn in the same way.
3. At that second tick it shows *closed*, but only if every item of the report has ended and none
   is held by the police; otherwise it stands still and draws again.

What remains to be learnt: that something is *not yet* closed; see docs/threats.md.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from vigie.intake.models import Report, ShownReceipt
from vigie.items.flow import ENDED, State
from vigie.items.models import Item, ReceiptCourse, ReceiptReport
from vigie.lib import clock

IN_HAND_TICKS = 2  # one or two ticks after opening
CLOSED_TICKS = 6  # then three to eight more
CLOSED_LEAST = 3
AGAIN_TICKS = 4


def begin(hashed: bytes, report: Report, recipient: str = "") -> None:
    """Bind a report to its receipt; the first one draws the tick of *in hand*.

    One sent later with the words of a closed receipt begins the course anew. Safe to do twice.
    ``recipient``: questions by this receipt are sealed to it.
    """
    first = clock.tick_after(
        clock.now(), settings.GRID_SECONDS, 1 + secrets.randbelow(IN_HAND_TICKS)
    )
    new = {"due_at": first, "recipient": recipient}
    course, _ = ReceiptCourse.objects.get_or_create(hash=hashed, defaults=new)
    _, bound = ReceiptReport.objects.get_or_create(receipt=course, report=report)
    if bound and course.course == "closed":
        _show(course, "received", clock.now())
        ReceiptCourse.objects.filter(pk=course.pk).update(due_at=first)


def advance(course: ReceiptCourse) -> datetime | None:
    """Show the next step of one receipt; returns when to come back. Safe to do twice."""
    moment = clock.now()
    grid = settings.GRID_SECONDS
    if course.course == "received":
        _show(course, "in_hand", moment)
        return clock.tick_after(moment, grid, CLOSED_LEAST + secrets.randbelow(CLOSED_TICKS))
    if course.course == "in_hand" and _still_open(course):
        return clock.tick_after(moment, grid, 1 + secrets.randbelow(AGAIN_TICKS))
    _show(course, "closed", moment)
    return None


def _items(course: ReceiptCourse) -> QuerySet[Item]:
    return Item.objects.filter(mentions__report__receipt_link__receipt=course)


def _one_removed(course: ReceiptCourse) -> bool:
    return _items(course).filter(state=State.REMOVED).exists()


def _still_open(course: ReceiptCourse) -> bool:
    open_or_held = ~Q(state__in=[s.value for s in ENDED]) | Q(held=True)
    return _items(course).filter(open_or_held).exists()


def _show(course: ReceiptCourse, step: str, moment: datetime) -> None:
    """The public's row first: if we fall between the two writes, the step is done again."""
    removed = settings.RECEIPT_OUTCOME_WORDS and step == "closed" and _one_removed(course)
    ShownReceipt.objects.filter(hash=bytes(course.hash)).update(
        course=step,
        week=clock.week_of(clock.tick_before(moment, settings.GRID_SECONDS)),
        outcome="removed" if removed else "",
    )
    with transaction.atomic():
        ReceiptCourse.objects.filter(pk=course.pk).update(course=step)
