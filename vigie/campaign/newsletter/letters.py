"""The letters: plain text, and the same as simple HTML. No picture, no counting, no third party.

The Message-ID of a letter never changes: one sent twice after a crash is one to its reader.
Each can be left with one press, in the mail program itself (RFC 8058).
"""

from dataclasses import dataclass
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from vigie.campaign.newsletter import links, tokens
from vigie.campaign.newsletter.models import Delivery, Proof, Subscriber, Text
from vigie.campaign.newsletter.prose import paragraphs
from vigie.lib import clock

# Python would write a link that is longer than a line as an encoded word, which breaks it.
POLICY = SMTP.clone(max_line_length=500)


@dataclass(frozen=True)
class Written:
    """One letter, before it has a reader's address."""

    subject: str
    text: str
    html: str


def sender() -> str:
    return str(settings.ORGANISATION.mail("newsletter"))


def recipient(message: EmailMessage) -> str:
    address = message["To"].addresses[0]
    return f"{address.username}@{address.domain}"


def confirmation(subscriber: Subscriber) -> EmailMessage:
    language = subscriber.asked_language
    to_confirm, to_leave = tokens.links_of(subscriber)
    leave = links.unsubscribe(to_leave, language)
    confirm = links.confirm(to_confirm, language)
    with override(language):
        name = settings.ORGANISATION.name(language)
        subject = _("Do you want the newsletter of %(name)s?") % {"name": name}
        written = _render("confirmation", subject, language, confirm=confirm, leave=leave)
    to = tokens.keys().opened(subscriber.address)
    return _message(written, to, f"confirm-{subscriber.wanted}", language, leave)


def edition(delivery: Delivery) -> EmailMessage:
    subscriber = delivery.subscriber
    language = subscriber.language
    leave = links.unsubscribe(tokens.links_of(subscriber)[1], language)
    written = written_edition(delivery.edition.texts.get(language=language), leave)
    to = tokens.keys().opened(subscriber.address)
    return _message(written, to, f"edition-{delivery.pk}", language, leave)


def proof(test: Proof) -> EmailMessage:
    """As a reader would get it, but marked; its link to unsubscribe is nobody's."""
    text = test.edition.texts.get(language=test.language)
    leave = links.unsubscribe(links.NOBODYS, test.language)
    written = written_edition(text, leave)
    with override(test.language):
        subject = _("[Test] %(subject)s") % {"subject": written.subject}
    marked = Written(subject, written.text, written.html)
    to = tokens.keys().opened(test.address)
    return _message(marked, to, f"proof-{test.pk}", test.language, leave)


def written_edition(text: Text, leave: str) -> Written:
    with override(text.language):
        body = {"body": text.body, "paragraphs": paragraphs(text.body)}
        return _render("edition", text.subject, text.language, leave=leave, **body)


def _render(kind: str, subject: str, language: str, **context: object) -> Written:
    given = {
        **context,
        "subject": subject,
        "language": language,
        "org": settings.ORGANISATION.localised(language),
        "report": links.report(language),
        "front": links.front(language),
    }
    text = render_to_string(f"newsletter/{kind}.txt", given).strip() + "\n"
    return Written(subject, text, render_to_string(f"newsletter/{kind}_mail.html", given))


def _message(written: Written, to: str, letter: str, language: str, leave: str) -> EmailMessage:
    local, _at, domain = to.rpartition("@")
    own = settings.ORGANISATION.mail("domain")
    message = EmailMessage(POLICY)
    message["From"] = Mailbox(settings.ORGANISATION.name(language), addr_spec=sender())
    message["To"] = Mailbox(username=local, domain=domain)
    message["Subject"] = written.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{letter}@{own}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<newsletter.{own}>"
    message["List-Unsubscribe"] = f"<{leave}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(written.text, cte="quoted-printable")
    message.add_alternative(written.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # last: the parts would take it along
    return message
