"""The letters themselves: the referral to the police, the pack for a partner, the notice to a host.

And to each of them, that it no longer stands.

The Message-ID of a letter never changes: a mail sent twice after a crash is one mail to its reader.
"""

import json
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from vigie.dispatch.models import Notice, Referral, Rule
from vigie.dispatch.openpgp import encrypted_part
from vigie.dispatch.pack import hashes_of, pack_bytes, pack_of
from vigie.dispatch.xarf import xarf_report
from vigie.items import keys
from vigie.lib import clock
from vigie.tracing.selectors import latest_hosting

WITHDRAWAL = "vigie-withdrawal/1"


def _hotline() -> dict[str, str]:
    organisation = settings.ORGANISATION
    return {"name": organisation.name("en"), "contact": organisation.mail("liaison")}


def referral_mail(referral: Referral) -> Message:
    """To the police (or the partner told first): RFC 3156, nothing readable outside the pack."""
    return _encrypted_pack(referral, *_told_first(referral.rule), f"referral-{referral.pk}")


def _told_first(rule: Rule) -> tuple[str, str]:
    """The mailbox and the certificate of whom the rule tells first."""
    if rule.told == "police":
        return rule.police_mailbox, rule.police_key
    return rule.partner_mailbox, rule.partner_key


def partner_mail(notice: Notice) -> Message:
    rule = notice.referral.rule
    return _encrypted_pack(
        notice.referral, rule.partner_mailbox, rule.partner_key, f"notice-{notice.report_id}"
    )


def _encrypted_pack(referral: Referral, recipient: str, key: str, letter: str) -> Message:
    text = f"Referral {referral.reference}. The pack is attached. It holds no media.\n"
    content = pack_bytes(pack_of(referral, _hotline()))
    message = _encrypted(text, content, f"{referral.reference}.json", key)
    # The subject is readable on the way: it says nothing but the reference.
    _address(message, settings.ORGANISATION.mail("liaison"), recipient, letter)
    message["Subject"] = f"Vigie referral {referral.reference}"
    return message


def _encrypted(text: str, content: bytes, name: str, key: str) -> Message:
    inner = EmailMessage()
    inner.set_content(text)
    inner.add_attachment(content, maintype="application", subtype="json", filename=name)
    folder = settings.KEYS
    return encrypted_part(inner, folder / Path(key).name, folder / "hotline.asc")


def withdrawal_mail(letter: Referral | Notice, undone_at: datetime) -> Message:
    """To whoever has the letter: what was judged no longer stands, since then."""
    if isinstance(letter, Referral):
        first = f"referral-{letter.pk}"
        return _sealed_withdrawal(letter, undone_at, *_told_first(letter.rule), first)
    rule, first = letter.referral.rule, f"notice-{letter.report_id}"
    if letter.kind == Notice.Kind.PARTNER:
        to = rule.partner_mailbox, rule.partner_key
        return _sealed_withdrawal(letter.referral, undone_at, *to, first)
    return _withdrawal_to_host(letter, undone_at, first)


def _sealed_withdrawal(
    referral: Referral, undone_at: datetime, recipient: str, key: str, first: str
) -> Message:
    """RFC 3156, as the pack was. Readable on the way: the reference, and what it answers."""
    reference = referral.reference
    said = {"format": WITHDRAWAL, "reference": reference, "withdrawn": _utc(undone_at)}
    content = json.dumps({**said, "hotline": _hotline()}, indent=1, ensure_ascii=False).encode()
    text = _text("withdrawal.txt", reference=reference)
    message = _encrypted(text, content, f"{reference}-withdrawn.json", key)
    _address(message, settings.ORGANISATION.mail("liaison"), recipient, f"withdrawal-{first}")
    _answers(message, first)
    message["Subject"] = f"Vigie withdrawal {reference}"
    return message


def _withdrawal_to_host(notice: Notice, undone_at: datetime, first: str) -> EmailMessage:
    """Plain, as the notice was; and for programs, which may take any address for a new notice."""
    url, reference = keys.shown(notice.item.locator), notice.reference
    said = {"format": WITHDRAWAL, "reference": reference, "withdrawn": _utc(undone_at), "url": url}
    message = EmailMessage()
    message.set_content(_text("notice_withdrawn.txt", url=url, reference=reference))
    content = json.dumps(said, indent=1).encode()
    message.add_attachment(
        content, maintype="application", subtype="json", filename="withdrawal.json"
    )
    sender = settings.ORGANISATION.mail("notices")
    _address(message, sender, notice.recipient, f"withdrawal-{first}")
    _answers(message, first)
    message["Subject"] = f"Withdrawn for now: our notice {reference}"
    return message


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _text(template: str, **context: str) -> str:
    with override("en"):
        org = settings.ORGANISATION.localised("en")
        return render_to_string(f"dispatch/{template}", {**context, "org": org})


def notice_mail(notice: Notice) -> EmailMessage:
    """To the host: a human text with the exact address, and the same as XARF."""
    item = notice.item
    hosting = latest_hosting(item)
    url = keys.opened(item.locator)
    organisation = settings.ORGANISATION
    sender = organisation.mail("notices")
    ip = hosting.ip if hosting else ""
    message = EmailMessage()
    message.set_content(_text("notice.txt", url=url, ip=ip, reference=notice.reference))
    report = xarf_report(
        report_id=notice.report_id,
        url=url,
        ip=ip,
        classification=item.classification,
        sha256=[row["sha256"] for row in hashes_of(notice.referral) if "sha256" in row],
        organisation={
            "org": organisation.name("en"),
            "contact": sender,
            "domain": organisation.mail("domain"),
        },
        moment=notice.created_at,
    )
    if report:
        message.add_attachment(
            json.dumps(report, indent=1).encode(),
            maintype="application",
            subtype="json",
            filename="xarf.json",
        )
    _address(message, sender, notice.recipient, f"notice-{notice.report_id}")
    message["Subject"] = f"Child sexual abuse material on your network: {notice.reference}"
    return message


def _address(message: Message, sender: str, recipient: str, letter: str) -> None:
    message["From"], message["To"] = sender, recipient
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = _message_id(letter)
    message["Auto-Submitted"] = "auto-generated"


def _message_id(letter: str) -> str:
    return f"<{letter}@{settings.ORGANISATION.mail('domain')}>"


def _answers(message: Message, first: str) -> None:
    message["In-Reply-To"] = message["References"] = _message_id(first)
