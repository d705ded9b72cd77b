"""Why a picture may be decided without anybody looking at it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from vigie.cases.models import CONFIRMING, Classification
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
    free: bool = False  # of the very bytes that a person here judged
    part: int = 0  # which picture of a sheet it is about; 0: the whole

    def allows(self, classification: str) -> bool:
        """Without a look. Whoever decides otherwise than what is known has to see it."""
        return classification == self.classification


def ground_of(media: Media, verdict: Verdict) -> Ground | None:
    """The best ground; None where a person has to look.

    1. The same bytes were judged here, and nobody differs about them.
    2. They are near to what was judged here, all such judgements agree, and the policy says so;
       not to be harmless, where more is in it than was compared.
    3. A list whose powers say so holds the same bytes, or a value near; such entries agree, nothing
       speaks against them, and all that is near was looked at.
    4. It is a sheet, an animation, or stored turned, and there is such a ground for what is on it:
       see `_of_sheet`.

    A judgement of ours, whatever it says, counts more than a list; the whole more than its parts.
    """
    whole = _of_one(media, verdict)
    if whole and not whole.free and whole.classification not in CONFIRMING and media.parts_missing:
        return None  # frames, or an end, that its likeness says nothing of
    open_to_parts = not (verdict.judged or verdict.cut or verdict.doubted)
    return _of_sheet(media, verdict.parts) if not whole and open_to_parts else whole


def said_to_be_abuse(verdict: Verdict) -> bool:
    """Does our judgement, or a list, say so of it or of a part of it? (It may be no ground.)

    What people here judged of the very bytes counts alone: where they differ, too.
    """
    ours = verdict.judged
    said = {one.entry.classification for one in verdict.listed}
    if ours:
        said = ours.row.said | (set() if ours.same_bytes else said)
    by_parts = not (ours and ours.same_bytes) and any(map(said_to_be_abuse, verdict.parts))
    return bool(said & CONFIRMING) or by_parts


def _of_sheet(media: Media, parts: Sequence[Verdict]) -> Ground | None:
    """A sheet is what its worst picture is; harmless only if all its pictures are known so.

    One that was not cut out, or has no hash to ask by, is not known.
    """
    found = [_of_one(media, part) for part in parts]
    for worst in (Classification.BASELINE, Classification.NATIONAL):
        for number, ground in enumerate(found, start=1):
            if ground and ground.classification == worst:
                return replace(ground, free=False, part=number)
    said = {ground.classification if ground else "" for ground in found}
    if media.parts_missing != 0 or not found or len(said) != 1 or found[0] is None:
        return None
    return replace(found[0], free=False, part=1)


def _of_one(media: Media, verdict: Verdict) -> Ground | None:
    if verdict.judged:
        return _of_judgement(verdict.judged)
    if verdict.cut or verdict.doubted:
        return None
    trusted = [one for one in verdict.listed if one.entry.list.unseen]
    said = {one.entry.classification for one in trusted}
    if not trusted or len(said) != 1 or not said <= CONFIRMING:
        return None
    return _of_entry(media, trusted[0])


def _of_judgement(judged: Judged) -> Ground | None:
    row, policy = judged.row, settings.ORGANISATION.matching
    if not judged.agreed or not (judged.same_bytes or policy.own_unseen):
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
