"""A report that came by another door than the form, as a letter in the same sealed inbox."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vigie.intake.models import Letter
from vigie.intake.pictures import without_pictures
from vigie.intake.services import letter_id, sealed, write


@dataclass(frozen=True)
class Brought:
    """A report as a door understood it. ``said``: (name, value) of all else that the sender says.

    ``sender``: the number of a trusted sender, if there is one. ``danger``: a child is in danger
    now.
    """

    door: str
    where: str
    kind: str = ""
    seen: str = ""
    comment: str = ""
    contact: str = ""
    said: tuple[tuple[str, str], ...] = ()
    danger: bool = False
    sender: int | None = None


def number_of(secret: bytes, *parts: object) -> uuid.UUID:
    """The same number for the same parts: what is sent twice is one letter, and one report."""
    return letter_id(secret, "door", parts)


def put(brought: Sequence[tuple[uuid.UUID, Brought]]) -> None:
    """Write letters into the inbox: all of them, durably, or `InboxUnavailable` and none."""
    write([_letter(number, one) for number, one in brought])


def _letter(number: uuid.UUID, brought: Brought) -> Letter:
    told = ("where", "kind", "danger", "door", "sender")
    words = ("where", "kind", "danger", "seen", "comment", "contact", "said")
    kept = {name: _kept(getattr(brought, name)) for name in {*told, *words}}
    return sealed(number, {name: kept[name] for name in told}, {name: kept[name] for name in words})


def _kept(value: Any) -> Any:
    """No picture, in no form."""
    if isinstance(value, tuple):
        return tuple(_kept(one) for one in value)
    return without_pictures(value) if isinstance(value, str) else value
