"""The letters themselves: the referral to the police, the pack for a partner, the notice to a host.

The Message-ID of a letter never changes: a mail sent twice after a crash is one mail to its reader.
"""

import json
from email.message import EmailMessage, Message
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from vigie.dispatch.models import Notice, Referral
from vigie.dispatch.openpgp import encrypted_part
from vigie.dispatch.pack import hashes_of, pack_bytes, pack_of
from vigie.dispatch.xarf import xarf_report
from vigie.items import keys
from vigie.lib import clock
from vigie.tracing.selectors import latest_hosting


def _hotline() -> dict[str, str]:
    organisation = settings.ORGANISATION
    return {"name": organisation.name("en"), "contact": organisation.mail("liaison")}


def referral_mail(referral: Referral) -> Message:
    """To the police (or the partner told first): RFC 3156, nothing readable outside the pack."""
    rule = referral.rule
    to_police = rule.told == "police"
    recipient = rule.police_mailbox if to_police else rule.partner_mailbox
    key = rule.police_key if to_police else rule.partner_key
    return _encrypted_pack(referral, recipient, key, f"referral-{referral.pk}")


def partner_mail(notice: Notice) -> Message:
    rule = notice.referral.rule
    return _encrypted_pack(
        notice.referral, rule.partner_mailbox, rule.partner_key, f"notice-{notice.report_id}"
    )


def _encrypted_pack(referral: Referral, recipient: str, key: str, letter: str) -> Message:
    inner = EmailMessage()
    inner.set_content(f"Referral {referral.reference}. The pack is attached. It holds no media.\n")
    inner.add_attachment(
        pack_bytes(pack_of(referral, _hotline())),
        maintype="application",
        subtype="json",
        filename=f"{referral.reference}.json",
    )
    folder = settings.KEYS
    message = encrypted_part(inner, folder / Path(key).name, folder / "hotline.asc")
    # The subject is readable on the way: it says nothing but the reference.
    _address(message, settings.ORGANISATION.mail("liaison"), recipient, letter)
    message["Subject"] = f"Vigie referral {referral.reference}"
    return message


def notice_mail(notice: Notice) -> EmailMessage:
    """To the host: a human text with the exact address, and the same as XARF."""
    item = notice.item
    hosting = latest_hosting(item)
    url = keys.opened(item.locator)
    organisation = settings.ORGANISATION
    sender = organisation.mail("notices")
    context = {"url": url, "ip": hosting.ip if hosting else "", "reference": notice.reference}
    with override("en"):
        text = render_to_string(
            "dispatch/notice.txt", {**context, "org": organisation.localised("en")}
        )
    message = EmailMessage()
    message.set_content(text)
    report = xarf_report(
        report_id=notice.report_id,
        url=url,
        ip=hosting.ip if hosting else "",
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
    message["Message-ID"] = f"<{letter}@{settings.ORGANISATION.mail('domain')}>"
    message["Auto-Submitted"] = "auto-generated"
