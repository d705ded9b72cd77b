"""What should never have been sent: nobody sees it, its bytes go, its hashes remain."""

import uuid
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override

from vigie.campaign.wall.models import Card, Escalation, Submission
from vigie.campaign.wall.ports import Hit
from vigie.campaign.wall.services import Stale
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.mail import courier
from vigie.staff.models import User
from vigie.staff.permissions import Role

PERSON = "person"


class NobodyToTell(Exception):
    """No lead has an address. The row stays on the desk's page of failures until one has."""


def escalate(submission: uuid.UUID, by: User) -> None:
    """Somebody who moderates saw what should not be there. Raises `Stale`."""
    row = Submission.objects.filter(pk=submission, state="waiting").first()
    if row is None:
        raise Stale
    set_aside(row, None, by.actor)


def escalate_card(slug: str, by: User) -> None:
    """The same for a card that hangs. Raises `Stale`."""
    card = Card.objects.filter(slug=slug).first()
    if card is None:
        raise Stale
    set_card_aside(card, None, by.actor)


def set_aside(row: Submission, hit: Hit | None, by: str) -> None:
    """Keep the hashes and the time, then delete the bytes. Safe to do twice.

    In this order: a crash in between leaves the bytes to the next round, never the other way.
    ``hit``: what knew it; None where a person says that it should not be there.
    """
    kept = {name: getattr(row, name) for name in ("md5", "sha1", "sha256", "pdq", "arrived_hour")}
    _keep({"submission": row.pk}, kept, hit, row.subject, by)
    Submission.objects.filter(pk=row.pk).delete()


def set_card_aside(card: Card, hit: Hit | None, by: str) -> None:
    """`set_aside` for one that hangs. Whoever calls counts the wall anew."""
    kept = {"pdq": card.pdq, "hung_on": card.approved_on}
    _keep({"card": card.slug}, kept, hit, card.subject, by)
    Card.objects.filter(pk=card.pk).delete()


def _keep(
    which: dict[str, object], kept: dict[str, object], hit: Hit | None, subject: str, by: str
) -> None:
    moment = clock.now()
    why, how = (hit.name[:60], "same" if hit.same else "like") if hit else (PERSON, "")
    with transaction.atomic():
        _, new = Escalation.objects.get_or_create(
            **which,
            defaults={**kept, "why": why, "how": how, "by": by, "at": moment, "due_at": moment},
        )
        if new:
            details = {"why": why, "how": how} if how else {"why": why}
            append(Verb.CARD_ESCALATED, subject, by, **details)


def tell_leads(escalation: Escalation) -> None:
    """A mail to every lead: that there is something, and where. No word of what.

    Raises `NobodyToTell`.
    """
    leads = User.objects.filter(role=Role.LEAD, is_active=True).exclude(email="").order_by("pk")
    if not leads:
        raise NobodyToTell
    for lead in leads:
        with override(lead.language):
            message = _mail(escalation, lead)
        courier(settings.SMTP_URL).send(message, str(message["From"]), lead.email)
    Escalation.objects.filter(pk=escalation.pk).update(told_at=clock.now())


def _mail(escalation: Escalation, lead: User) -> EmailMessage:
    page = settings.DESK_URL + reverse("escalations", "config.desk_urls")
    message = EmailMessage()
    message["From"], message["To"] = settings.ORGANISATION.mail("notices"), lead.email
    message["Date"] = format_datetime(clock.now())
    domain = settings.ORGANISATION.mail("domain")
    # The same for every try: a mail sent twice after a crash is one mail to its reader.
    message["Message-ID"] = f"<escalation-{escalation.pk}-{lead.pk}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Subject"] = gettext("A picture for the wall of the campaign was set aside")
    message.set_content(
        gettext(
            "A picture sent to the campaign was set aside. Nobody can see it, and it is no longer "
            "kept.\n\nWhat is to be done stands here:\n%(page)s\n"
        )
        % {"page": page}
    )
    return message


def note_seen(escalation: Escalation, by: User) -> None:
    """A lead says: I have read it and done what the instruction says. The first one counts."""
    rows = Escalation.objects.filter(pk=escalation.pk, seen_by="")
    if rows.update(seen_by=by.actor) == 1:
        append(Verb.ESCALATION_SEEN, f"escalation:{escalation.pk}", by.actor)
