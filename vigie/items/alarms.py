"""A child may be in danger now: the people on call are told, once a report, without its content."""

from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from vigie.intake.models import Report
from vigie.items.models import Alarm, Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.mail import line

WORKER = "worker"


class NobodyToTell(Exception):
    """The organisation's file names nobody on call: the row stands on the page of failures."""


def raise_alarm(report: Report) -> None:
    """Mark the report, and have the people on call told; part of the caller's transaction.

    Of a flood they are told once: ten thousand mails would be a way to silence them.
    """
    if Report.objects.filter(pk=report.pk, danger=False).update(danger=True) != 1:
        return
    append(Verb.DANGER_REPORTED, report.subject, WORKER)
    of_flood = Report.objects.filter(flood=report.flood, danger=True).exclude(pk=report.pk)
    if report.flood and of_flood.exists():
        return  # they were told of this flood; on the desk each of its dangers is marked
    moment = clock.now()
    Alarm.objects.create(report=report, due_at=moment)
    # Its places go to the front of those that wait for a look, too.
    waiting = Item.objects.filter(mentions__report=report, due_at__isnull=False)
    waiting.update(turn_at=report.received_hour)


def tell_on_call(alarm: Alarm) -> None:
    """A mail to each address on call: which item, and where the desk is. No word of what.

    Safe to do twice: the same mail has the same number. Raises `NobodyToTell`.
    """
    people = settings.ORGANISATION.on_call
    if not people:
        raise NobodyToTell
    item = Item.objects.filter(mentions__report=alarm.report_id).order_by("pk").first()
    with override(settings.LANGUAGE_CODE), line(settings.SMTP_URL) as courier:
        for number, address in enumerate(people, 1):
            message = _mail(alarm, item, address, number)
            courier.send(message, str(message["From"]), address)
    if Alarm.objects.filter(pk=alarm.pk, told_at=None).update(told_at=clock.now()) == 1:
        append(Verb.ON_CALL_TOLD, f"report:{alarm.report_id}", WORKER, people=len(people))


def _mail(alarm: Alarm, item: Item | None, address: str, number: int) -> EmailMessage:
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
    message.set_content(text % {"reference": reference, "page": settings.DESK_URL + page})
    return message
