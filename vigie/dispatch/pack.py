"""The police referral: a pack of facts, without any media. Pure but for the reads it is given."""

import json
from datetime import UTC, datetime
from typing import Any

from vigie.cases.desk.selectors import judged_pictures
from vigie.cases.models import AssessedPicture
from vigie.dispatch.models import Referral
from vigie.items import keys
from vigie.matching.judged import of_bytes
from vigie.matching.models import JudgedHash
from vigie.tracing.models import Hosting
from vigie.tracing.selectors import latest_hosting

FORMAT = "vigie-referral/1"


def pack_of(referral: Referral, hotline: dict[str, str]) -> dict[str, Any]:
    """Everything the police need to act: where, what it was judged to be, hosting, hashes."""
    item, rule = referral.item, referral.rule
    hosting = latest_hosting(item)
    first = item.mentions.order_by("report__received_hour").values_list(
        "report__received_hour", flat=True
    )
    return {
        "format": FORMAT,
        "reference": referral.reference,
        "created": referral.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "hotline": hotline,
        "asks": {"authorisation": bool(rule.gate), "contact_host": rule.contact},
        "items": [
            {
                "reference": item.reference,
                "url": keys.opened(item.locator),
                "classification": item.classification,
                "hosting": _hosting(hosting),
                "hashes": hashes_of(referral),
                "reports": item.mentions.count(),
                "first_reported": _day(first.first()),
            }
        ],
    }


def hashes_of(referral: Referral) -> list[dict[str, str]]:
    """The hashes of the pictures that were judged, and of no other: none where none was named.

    What the worker found and nobody judged stays here. A hash that leaves is taken for a decision.
    MD5 and SHA-1, which the lists of the police are made of, where they were kept.
    """
    pictures = list(judged_pictures(referral.item))
    kept = of_bytes(picture.sha256 for picture in pictures)
    return [_values(picture, kept.get(picture.sha256)) for picture in pictures]


def _values(picture: AssessedPicture, kept: JudgedHash | None) -> dict[str, str]:
    more = {"md5": kept.md5, "sha1": kept.sha1} if kept else {}
    found = {"sha256": picture.sha256, "pdq": picture.pdq, **more}
    return {kind: value for kind, value in found.items() if value}


def _hosting(hosting: Hosting | None) -> dict[str, str]:
    if hosting is None:
        return {"country": ""}
    return {
        "country": hosting.acting_country,
        "ip": hosting.ip,
        "network": hosting.network,
        "name": hosting.name,
        "abuse_contact": hosting.abuse_contact,
    }


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""


def pack_bytes(pack: dict[str, Any]) -> bytes:
    return json.dumps(pack, indent=1, ensure_ascii=False).encode()
