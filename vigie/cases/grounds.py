"""Why a picture may be decided without anybody looking at it."""

from dataclasses import dataclass

from django.conf import settings

from vigie.cases.models import CONFIRMING
from vigie.matching.lists.values import CRYPTOGRAPHIC
from vigie.matching.models import JudgedHash, ListedHash
from vigie.matching.verdicts import Judged, Listed, Verdict
from vigie.tracing.models import Media


@dataclass(frozen=True)
class Ground:
    """``classification``: what it proposes. ``distance``: bits; 0 for equal values.

    ``sha256``, ``pdq``: what is kept with the decision. Of bytes that are merely alike it is the
    hash of those that were judged or listed, never of these, which nobody saw.
    """

    classification: str
    sha256: str
    pdq: str
    distance: int
    judgement: JudgedHash | None = None
    listed: ListedHash | None = None
    free: bool = False  # of the very bytes that a person here judged: another decision may follow

    def allows(self, classification: str) -> bool:
        return self.free or classification == self.classification


def ground_of(media: Media, verdict: Verdict) -> Ground | None:
    """The best ground; None where a person has to look.

    1. The same bytes were judged here.
    2. They are near to what was judged here, all such judgements agree, and the policy says so.
    3. A list whose powers say so holds the same bytes, or a value near; such entries agree.

    A judgement of ours, whatever it says, counts more than a list.
    """
    if verdict.judged:
        return _of_judgement(verdict.judged)
    trusted = [one for one in verdict.listed if one.entry.list.unseen]
    said = {one.entry.classification for one in trusted}
    if not trusted or len(said) != 1 or not said <= CONFIRMING:
        return None
    return _of_entry(media, trusted[0])


def _of_judgement(judged: Judged) -> Ground | None:
    row, policy = judged.row, settings.ORGANISATION.matching
    if not judged.same_bytes and not (policy.own_unseen and judged.agreed):
        return None
    return Ground(
        row.classification,
        row.sha256,
        row.pdq,
        judged.distance,
        judgement=row,
        free=judged.same_bytes,
    )


def _of_entry(media: Media, found: Listed) -> Ground:
    entry = found.entry
    same = entry.kind in CRYPTOGRAPHIC
    sha256, pdq = (media.sha256, media.pdq) if same else ("", entry.value)
    if entry.kind == "photodna":
        pdq = ""
    return Ground(entry.classification, sha256, pdq, found.distance, listed=entry)
