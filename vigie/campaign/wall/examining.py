"""Before a person sees a picture: is it known? And what may be worth a second look?"""

from typing import Protocol

import numpy as np
from django.db.models import QuerySet

from vigie.campaign.wall.escalating import set_aside
from vigie.campaign.wall.models import OWN, Card, Submission
from vigie.campaign.wall.ports import Hashes, KnownPictures
from vigie.journal.services import append
from vigie.journal.verbs import Verb

NEAR = 31  # bits of 256: the usual distance within which two PDQ values are one picture
RECENT = 20_000


class CountFaces(Protocol):
    def __call__(self, card: bytes) -> int:
        """How many human faces seem to be in a card; 0 when that cannot be told."""


def examine(row: Submission, known: KnownPictures, faces: CountFaces) -> None:
    """Compare a picture with the lists; only then may a person see it. Safe to do twice."""
    asked = Hashes(row.md5, row.sha1, row.sha256, row.pdq, tuple(row.parts.split()))
    (hit,) = known([asked])
    if hit:
        set_aside(row, hit, "worker")
        return
    flags = [OWN] if OWN in row.flags.split() else []
    # Both are shown, and each is another part of the photo.
    if any(faces(bytes(crop)) for crop in (row.card, row.wide)):
        flags.append("face")
    if looks_like_another(row):
        flags.append("near")
    rows = Submission.objects.filter(pk=row.pk, state="arrived")
    if rows.update(state="waiting", flags=" ".join(flags)) == 1:
        append(Verb.CARD_EXAMINED, row.subject, "worker", flags=" ".join(flags))


def looks_like_another(row: Submission) -> bool:
    """Is there a picture within `NEAR` bits among the latest ones? (The oldest are not asked.)"""
    if not row.pdq:
        return False
    others = [*_latest(Card.objects.all(), "-id")]
    others += _latest(Submission.objects.exclude(pk=row.pk), "-arrived_hour")
    if not others:
        return False
    own = np.frombuffer(bytes.fromhex(row.pdq), np.uint8)
    table = np.frombuffer(bytes.fromhex("".join(others)), np.uint8).reshape(-1, 32)
    return bool((np.bitwise_count(table ^ own).sum(axis=1) <= NEAR).any())


def _latest(rows: "QuerySet[Card] | QuerySet[Submission]", order: str) -> list[str]:
    return list(rows.exclude(pdq="").order_by(order).values_list("pdq", flat=True)[:RECENT])
