"""The pack inside a referral: JSON, format `vigie-referral/1`, read without trusting it.

And the word that a referral no longer stands: format `vigie-withdrawal/1`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from vigie.sandbox.openpgp import Signature

_FORMAT = "vigie-referral/1"
_WITHDRAWAL = "vigie-withdrawal/1"

Json = dict[str, Any]


class BadPack(Exception):
    """Decrypted, but not a pack; the text says what is missing."""


@dataclass(frozen=True)
class Item:
    """One item of a pack. `details` is the whole item as sent, to be shown."""

    reference: str
    url: str
    classification: str
    abuse_contact: str
    details: Json

    @classmethod
    def of(cls, value: object) -> Self:
        found = _object(value, "an item")
        hosting = _object(found.get("hosting") or {}, "hosting")
        return cls(
            reference=_text(found, "reference"),
            url=_text(found, "url"),
            classification=_text(found, "classification"),
            abuse_contact=str(hosting.get("abuse_contact") or ""),
            details=found,
        )


@dataclass(frozen=True)
class Content:
    """What a pack says: its reference, what it asks of the police, its items."""

    reference: str
    created: str
    hotline: Json
    authorisation: bool
    contact_host: str
    items: tuple[Item, ...]

    @classmethod
    def of(cls, decrypted: bytes) -> Self:
        """Read a decrypted pack, bare or as a MIME part; raises BadPack."""
        return cls.read(_object(_json(decrypted), "the pack"))

    @classmethod
    def read(cls, found: Json) -> Self:
        if found.get("format") != _FORMAT:
            raise BadPack(f"the format is not {_FORMAT}")
        asks, items = _object(found.get("asks"), "asks"), found.get("items")
        if not isinstance(items, list):
            raise BadPack("items is not a list")
        return cls(
            reference=_text(found, "reference"),
            created=_text(found, "created"),
            hotline=_object(found.get("hotline"), "hotline"),
            authorisation=asks.get("authorisation") is True,
            contact_host=_text(asks, "contact_host"),
            items=tuple(Item.of(item) for item in items),
        )

    def item(self, reference: str) -> Item | None:
        return next((item for item in self.items if item.reference == reference), None)


@dataclass(frozen=True)
class Withdrawal:
    """The referral of this reference no longer stands, since that moment (RFC 3339 text)."""

    reference: str
    withdrawn: str


def what_is_in(decrypted: bytes) -> Content | Withdrawal:
    """A pack, or the word that one no longer stands; raises BadPack."""
    found = _object(_json(decrypted), "the pack")
    if found.get("format") == _WITHDRAWAL:
        return Withdrawal(_text(found, "reference"), _text(found, "withdrawn"))
    return Content.read(found)


@dataclass(frozen=True)
class Pack:
    """A mail as the police hold it: a referral, a withdrawal, or why it is neither."""

    letter_id: str
    message_id: str
    received: datetime
    signature: Signature
    content: Content | None
    problem: str = ""
    withdrawal: Withdrawal | None = None

    @property
    def reference(self) -> str:
        return self.content.reference if self.content else ""


def _json(decrypted: bytes) -> object:
    """The JSON itself, or that of the first JSON part of a MIME entity (RFC 3156)."""
    candidates = [decrypted]
    if not decrypted.lstrip().startswith(b"{"):
        entity = message_from_bytes(decrypted, _class=EmailMessage, policy=policy.default)
        parts = (p for p in entity.walk() if p.get_content_type() == "application/json")
        payloads = (part.get_payload(decode=True) for part in parts)
        candidates = [content for content in payloads if isinstance(content, bytes)]
    try:
        return json.loads(candidates[0]) if candidates else None
    except (ValueError, RecursionError) as error:
        raise BadPack("it is not JSON") from error


def _object(value: object, what: str) -> Json:
    if not isinstance(value, dict):
        raise BadPack(f"{what} is not an object")
    return value


def _text(found: Json, key: str) -> str:
    value = found.get(key)
    if not isinstance(value, str) or not value.isprintable() or not value:
        raise BadPack(f"{key} is missing or not plain text")
    return value
