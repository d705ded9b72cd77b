"""Letters to colleagues: a sealed row first, and the worker sends it.

The links in them open something: nothing but the letter has them in clear.
"""

import json
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings

from vigie.lib import clock
from vigie.lib.keys import Keys
from vigie.lib.mail import courier
from vigie.people.models import StaffLetter


def write_letter(to: str, subject: str, text: str) -> None:
    """Have it sent; part of the caller's transaction."""
    sealed = Keys(settings.KEYS).sealed(json.dumps([to, subject, text]))
    StaffLetter.objects.create(sealed=sealed, due_at=clock.now())


def send_letter(letter: StaffLetter) -> None:
    """Safe to do twice: the same mail has the same number. Then the row is gone."""
    to, subject, text = json.loads(Keys(settings.KEYS).opened(letter.sealed))
    organisation = settings.ORGANISATION
    message = EmailMessage()
    message["From"], message["To"] = organisation.mail("notices"), to
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<staff-{letter.pk}@{organisation.mail('domain')}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Subject"] = subject
    message.set_content(text)
    courier(settings.SMTP_URL).send(message, str(message["From"]), to)
    letter.delete()
