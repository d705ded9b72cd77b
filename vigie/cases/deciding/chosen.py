"""The pictures that a decision is about, and what is kept of each: what it rests on."""

from collections.abc import Sequence

from vigie.cases.deciding.decision import Decision
from vigie.cases.deciding.unsaid import NotSeen
from vigie.cases.looks.grounds import Ground, ground_of
from vigie.cases.looks.seen import Sight
from vigie.cases.models import SENT, AssessedPicture, View
from vigie.items.models import Item
from vigie.matching.verdicts import Verdict
from vigie.staff.models import User
from vigie.tracing.models import Media


def chosen_of(
    item: Item,
    found: Sequence[tuple[Media, Verdict]],
    decision: Decision,
    seen: dict[str, Sight],
) -> list[AssessedPicture]:
    """What the decision is about. A look at this address counts first, then what is known, then a
    look of this person at the same bytes elsewhere: what needed no look rests on none."""
    chosen = []
    for m, verdict in found:
        if m.pk not in decision.picture_ids:
            continue
        ground, sight = ground_of(m, verdict), seen.get(m.sha256)
        here = sight is not None and sight.item == item.pk
        if ground and ground.allows(decision.classification) and not here:
            chosen.append(_unseen(m, ground))
        elif sight:
            chosen.append(_as_seen(m, sight, here=here))
        else:
            raise NotSeen(m.position)
    return chosen


def _as_seen(media: Media, sight: Sight, *, here: bool) -> AssessedPicture:
    return AssessedPicture(
        media=media,
        sha256=sight.sha256,
        pdq=media.pdq if sight.sha256 == media.sha256 else "",
        seen=True,
        outlines=sight.outlines,
        seen_in_id=None if here else sight.item,
    )


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


def in_vain(item: Item, by: User) -> set[str]:
    """What this person asked for and could not be shown: it is gone, or no picture any more."""
    views = View.objects.filter(item=item, by=by).exclude(outcome__in=["asked", "no_more", *SENT])
    return set(views.values_list("media__sha256", flat=True))
