"""A child may be in danger now: the people on call are told, once a report, without its content."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

from vigie.intake.models import Report
from vigie.intake.pressure import is_crowd
from vigie.items import again
from vigie.items.models import Alarm, Item
from vigie.items.ranking import FIRST_IN_DANGER, hold, place
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.mail import line

WORKER = "worker"
DANGERS_OF_A_FLOOD = 5  # of one script: so many stand for themselves, the others in its line
LETTERS_AN_HOUR = 10  # then one for all that wait, every few minutes
PAUSE = timedelta(minutes=10)


class NobodyToTell(Exception):
    """The organisation's file names nobody on call: the row stands on the page of failures."""


def raise_alarm(report: Report) -> list[Item]:
    """Mark the report, and have the people on call told; part of the caller's transaction.

    Of a flood they are told once: ten thousand mails would be a way to silence them.

    Returns the closed ones of its first few places, which the caller opens again at once.
    """
    if Report.objects.filter(pk=report.pk, danger=False).update(danger=True) != 1:
        return []
    append(Verb.DANGER_REPORTED, report.subject, WORKER)
    named, places = _go_first(report)
    if report.flood:
        dangers = Report.objects.filter(flood=report.flood, danger=True).count()
        if dangers > DANGERS_OF_A_FLOOD and not is_crowd(report.flood):
            # They were told of this flood; on the desk each of its dangers is marked.
            return again.in_danger(named, [])
        # It stands for itself: no flood hides it.
        places.filter(flood=report.flood).update(flood=None)
        place(places)
    moment = clock.now()
    Alarm.objects.create(report=report, due_at=moment)
    # Its places go to the front of those that wait for a look, too.
    opened = again.in_danger(named, named[:FIRST_IN_DANGER])
    places.filter(due_at__isnull=False).update(turn_at=report.received_hour)
    return opened


def _go_first(report: Report) -> tuple[list[int], QuerySet[Item]]:
    """The places of a report, marked; the first few of them stand first in the queue."""
    named = hold(Item.objects.filter(mentions__report=report))
    Item.objects.filter(pk__in=named).update(danger=True)
    Item.objects.filter(pk__in=named[:FIRST_IN_DANGER]).update(urgent=True)
    place(Item.objects.filter(pk__in=named[:FIRST_IN_DANGER]))
    return named, Item.objects.filter(pk__in=named)


def tell_on_call(alarm: Alarm) -> datetime | None:
    """A mail to each address on call: which item, and where the desk is. No word of what.

    After `LETTERS_AN_HOUR` one mail stands for all that wait, every `PAUSE`: returns when the next
    may go. Safe to do twice: the same mail has the same number. Raises `NobodyToTell`.
    """
    people = settings.ORGANISATION.on_call
    if not people:
        raise NobodyToTell
    waiting: list[int] = []
    if latest := _latest_of_many():
        if latest + PAUSE > clock.now():
            return latest + PAUSE
        others = Alarm.objects.filter(told_at=None).exclude(pk=alarm.pk)
        waiting = list(others.values_list("pk", flat=True))
    item = Item.objects.filter(mentions__report=alarm.report_id).order_by("pk").first()
    with override(settings.LANGUAGE_CODE), line(settings.SMTP_URL) as courier:
        for number, address in enumerate(people, 1):
            message = _mail(alarm, item, address, number, len(waiting))
            courier.send(message, str(message["From"]), address)
    told = Alarm.objects.filter(pk__in=[alarm.pk, *waiting], told_at=None)
    if told.update(told_at=clock.now()):
        more = {"more": len(waiting)} if waiting else {}
        append(Verb.ON_CALL_TOLD, f"report:{alarm.report_id}", WORKER, people=len(people), **more)
    return None


def _latest_of_many() -> datetime | None:
    """When they were last told, if they were told so often in this hour that it is enough."""
    hour = Alarm.objects.filter(told_at__gt=clock.now() - timedelta(hours=1))
    told = list(hour.order_by("-told_at").values_list("told_at", flat=True)[:LETTERS_AN_HOUR])
    return told[0] if len(told) == LETTERS_AN_HOUR else None


def _mail(alarm: Alarm, item: Item | None, address: str, number: int, more: int) -> EmailMessage:
    desk = "config.desk_urls"
    page = reverse("item", desk, [item.pk]) if item else reverse("queue", desk)
    reference = item.reference if item else f"report {alarm.report_id}"
    organisation = settings.ORGANISATION
    message = EmailMessage()
    message["From"], message["To"] = organisation.mail("notices"), address
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<alarm-{alarm.pk}-{number}@{organisation.mail('domain')}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Subject"] = gettext("Please look at %(reference)s now") % {"reference": reference}
    text = gettext("%(reference)s waits on the desk and cannot wait long:\n%(page)s\n")
    text = text % {"reference": reference, "page": settings.DESK_URL + page}
    if more:
        others = ngettext("%(n)s more waits.\n", "%(n)s more wait.\n", more)
        text += others % {"n": more}
    message.set_content(text)
    return message
