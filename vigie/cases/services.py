"""What people do on the desk: look at a still, decide, open again."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from vigie.cases.claims import in_hand, let_go
from vigie.cases.exposure import served
from vigie.cases.models import CONFIRMING, AssessedPicture, Assessment, Classification, View
from vigie.cases.viewer import Still, view
from vigie.items import keys
from vigie.items.flow import IllegalMove, Move, Stale
from vigie.items.models import Item
from vigie.items.services import move_item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.matching.services import earlier, remember
from vigie.staff.models import User
from vigie.tracing.egress import may_fetch
from vigie.tracing.models import Look, Media
from vigie.tracing.selectors import content_of, latest_look, pictures


class NotSeen(Exception):
    """The decision names a picture that this person has neither seen nor found known."""


@dataclass(frozen=True)
class Decision:
    """What the assessment form says. ``picture_ids``: the media the decision is about."""

    classification: Classification
    look_id: int | None
    reason: str = ""
    hand_over_to: str = ""
    picture_ids: frozenset[int] = frozenset()


def view_picture(item: Item, media: Media, by: User) -> tuple[Still, View]:
    """Show one still, fetched anew by the viewer. The wish is in the journal before the picture.

    Raises `exposure.NotServed` to somebody who has looked enough: then nothing is fetched.
    """
    with transaction.atomic():
        served(by)
        seen = View.objects.create(item=item, media=media, by=by, at=clock.now(), outcome="asked")
        append(Verb.MEDIA_VIEWED, item.subject, by.actor, media=media.pk, view=seen.pk)
    still = view(keys.opened(media.url), os.environ) if may_fetch() else Still("no_mandate")
    View.objects.filter(pk=seen.pk).update(outcome=still.outcome[:20], sha256=still.sha256)
    return still, seen


def assess(item: Item, by: User, decision: Decision) -> Assessment:
    """Decide. Bound to the look the person had before them, and to the bytes they saw.

    1. A newer look that met something else, or a colleague's decision, meanwhile: `Stale`;
       nothing is written.
    2. Each picture named was seen by this person, or is known (`NotSeen` otherwise); what is kept
       is the hash of what was seen, not of what the worker found.
    3. The item moves; those hashes are remembered with the decision.

    `InOtherHands` where a colleague has taken it up meanwhile; nothing is written.
    """
    in_hand(item, by)
    look = latest_look(item)
    before = item.looks.filter(pk=decision.look_id or 0).first()
    if content_of(look) != content_of(before):
        raise Stale(item.reference)
    chosen = _chosen(item, by, look, decision.picture_ids)
    confirmed = decision.classification in CONFIRMING
    with transaction.atomic():
        assessment = Assessment.objects.create(
            item=item,
            look=look,
            by=by,
            at=clock.now(),
            round=item.round,
            classification=decision.classification,
            reason=decision.reason,
            hand_over_to=decision.hand_over_to,
        )
        for picture in chosen:
            picture.assessment = assessment
        AssessedPicture.objects.bulk_create(chosen)
        remember(((p.sha256, p.pdq) for p in chosen), decision.classification, item.pk)
        append(
            Verb.ITEM_ASSESSED,
            item.subject,
            by.actor,
            assessment=assessment.pk,
            classification=str(decision.classification),
            pictures=len(chosen),
        )
        if confirmed:
            move_item(
                item, Move.CONFIRM, by.actor, classification=decision.classification, due_at=None
            )
        else:
            move_item(item, Move.DISMISS, by.actor, outcome=decision.classification, due_at=None)
        let_go(by, item)
    return assessment


def _chosen(
    item: Item, by: User, look: Look | None, wanted: Iterable[int]
) -> list[AssessedPicture]:
    media = list(pictures(look).filter(pk__in=wanted))
    known = earlier((m.sha256, m.pdq) for m in media)
    views = View.objects.filter(item=item, by=by, outcome="ok").order_by("at")
    seen = dict(views.values_list("media__sha256", "sha256"))  # what was found: what was shown
    chosen = []
    for m in media:
        if m.sha256 in seen:
            sha256 = seen[m.sha256]
            pdq = m.pdq if sha256 == m.sha256 else ""
        elif m.sha256 in known:  # perhaps by its PDQ alone: then these bytes were never judged
            sha256, pdq = known[m.sha256].sha256, known[m.sha256].pdq
        else:
            raise NotSeen(m.position)
        chosen.append(AssessedPicture(media=m, sha256=sha256, pdq=pdq, seen=m.sha256 in seen))
    return chosen


def reopen(item: Item, by: User) -> Item:
    """A lead takes up a closed item again, in a new round; the earlier decision stays.

    The worker looks again meanwhile. `IllegalMove` where there is nothing left to look at.
    """
    if item.is_erased:
        raise IllegalMove(f"{item.reference} was erased")
    return move_item(item, Move.REOPEN, by.actor, outcome="", classification="", due_at=clock.now())


def conclude(item: Item, by: User) -> Item:
    """A lead ends what cannot be watched, or was left to others."""
    return move_item(item, Move.CONCLUDE, by.actor, outcome="left_to_others", due_at=None)
