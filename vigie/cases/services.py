"""What people do on the desk: look at a still, decide, end. (Opening again: `reopening`.)"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from vigie.cases.claims import in_hand, let_go
from vigie.cases.exposure import served
from vigie.cases.grounds import Ground, ground_of
from vigie.cases.models import (
    CONFIRMING,
    Answer,
    AssessedPicture,
    Assessment,
    Classification,
    View,
)
from vigie.cases.schema import says_young, schema
from vigie.cases.viewer import Still, view
from vigie.items import keys
from vigie.items.flow import Move, Stale
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.lists.writing import hold_still
from vigie.matching.services import remember
from vigie.staff.models import User
from vigie.tracing.egress import may_fetch
from vigie.tracing.models import Look, Media
from vigie.tracing.selectors import content_of, known_of, latest_look, pictures


class NotSeen(Exception):
    """The decision names a picture that nobody may decide so without having seen it."""


@dataclass(frozen=True)
class Decision:
    """What the assessment form says. ``picture_ids``: the media the decision is about."""

    classification: Classification
    look_id: int | None
    reason: str = ""
    hand_over_to: str = ""
    picture_ids: frozenset[int] = frozenset()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by question: codes


def view_picture(item: Item, media: Media, by: User) -> tuple[Still, View]:
    """Show one still, fetched anew by the viewer. The wish is in the journal before the picture.

    Raises `exposure.NotServed` to somebody who has looked enough: then nothing is fetched.
    """
    with transaction.atomic():
        served(by)
        seen = View.objects.create(item=item, media=media, by=by, at=clock.now(), outcome="asked")
        append(Verb.MEDIA_VIEWED, item.subject, by.actor, media=media.pk, view=seen.pk)
    still = view(keys.opened(media.url), os.environ) if may_fetch() else Still("no_mandate")
    View.objects.filter(pk=seen.pk).update(outcome=still.outcome[:20], **still.digests)
    return still, seen


def assess(
    item: Item, by: User, decision: Decision, applied: Assessment | None = None
) -> Assessment:
    """Decide. Bound to the look the person had before them, and to the bytes they saw.

    1. A newer look that met something else, or a colleague's decision, meanwhile: `Stale`;
       nothing is written.
    2. Each picture named was seen by this person, or may be decided so without a look (`NotSeen`
       otherwise); what is kept is the hash of what was seen, not of what the worker found.
    3. The item moves. What was seen is remembered as judged; what was not seen is not, for that
       would be a judgement along a chain.

    ``applied``: the decision that this one repeats (`together`). `InOtherHands` where a colleague
    has taken the item up meanwhile; nothing is written.
    """
    in_hand(item, by)
    look = latest_look(item)
    before = item.looks.filter(pk=decision.look_id or 0).first()
    if content_of(look) != content_of(before):
        raise Stale(item.reference)
    confirmed = decision.classification in CONFIRMING
    with transaction.atomic():
        hold_still()
        Item.objects.select_for_update(no_key=True).get(pk=item.pk)  # looks refer to it
        assessment = _write(item, by, look, decision, applied)
        if confirmed:
            move_item(
                item, Move.CONFIRM, by.actor, classification=decision.classification, due_at=None
            )
        else:
            move_item(item, Move.DISMISS, by.actor, outcome=decision.classification, due_at=None)
        let_go(by, item)
    return assessment


def _write(
    item: Item, by: User, look: Look | None, decision: Decision, applied: Assessment | None
) -> Assessment:
    """The decision with its pictures, what is remembered of them, and the journal's line."""
    seen = _seen(item, by)
    chosen = _chosen(look, decision, seen)
    assessment = Assessment.objects.create(
        item=item,
        look=look,
        by=by,
        at=clock.now(),
        round=item.round,
        classification=decision.classification,
        reason=decision.reason,
        hand_over_to=decision.hand_over_to,
        schema=schema().version,
        applied=applied,
    )
    Answer.objects.bulk_create(
        Answer(assessment=assessment, question=question, code=code)
        for question, codes in decision.answers.items()
        for code in codes
    )
    if says_young(decision.answers):
        Item.objects.filter(pk=item.pk).update(young=True)
    for picture in chosen:
        picture.assessment = assessment
    AssessedPicture.objects.bulk_create(chosen)
    judged = [_values(picture, seen[picture.media.sha256]) for picture in chosen if picture.seen]
    if judged:
        remember(judged, decision.classification, item.pk)
    append(
        Verb.ITEM_ASSESSED,
        item.subject,
        by.actor,
        assessment=assessment.pk,
        classification=str(decision.classification),
        pictures=len(chosen),
        **({"applied": applied.pk} if applied else {}),
        **({"unseen": len(chosen) - len(judged)} if len(chosen) > len(judged) else {}),
    )
    return assessment


def _seen(item: Item, by: User) -> dict[str, View]:
    """What this person saw last, by the SHA-256 of what the worker had found there."""
    views = View.objects.filter(item=item, by=by, outcome="ok").select_related("media")
    return {view.media.sha256: view for view in views.order_by("at")}


def _values(picture: AssessedPicture, seen: View) -> dict[str, str]:
    return {"md5": seen.md5, "sha1": seen.sha1, "sha256": picture.sha256, "pdq": picture.pdq}


def _chosen(look: Look | None, decision: Decision, seen: dict[str, View]) -> list[AssessedPicture]:
    media = list(pictures(look).filter(pk__in=decision.picture_ids))
    chosen = []
    for m, verdict in zip(media, known_of(media), strict=True):
        ground = ground_of(m, verdict)
        if m.sha256 in seen:
            sha256 = seen[m.sha256].sha256
            pdq = m.pdq if sha256 == m.sha256 else ""
            chosen.append(AssessedPicture(media=m, sha256=sha256, pdq=pdq, seen=True))
        elif ground and ground.allows(decision.classification):
            chosen.append(_unseen(m, ground))
        else:
            raise NotSeen(m.position)
    return chosen


def _unseen(media: Media, ground: Ground) -> AssessedPicture:
    return AssessedPicture(
        media=media,
        sha256=ground.sha256,
        pdq=ground.pdq,
        seen=False,
        judgement=ground.judgement,
        listed=ground.listed,
        distance=ground.distance,
    )


def conclude(item: Item, by: User) -> Item:
    """A lead ends what cannot be watched, or was left to others."""
    return move_item(item, Move.CONCLUDE, by.actor, outcome="left_to_others", due_at=None)
