"""A closed item was reported again and visited: must a person see it once more?

Anybody can report, and many pages turn over their banners with every visit: what merely differs
opens nothing. The visit itself is made whatever comes of it, or its absence would tell.

What no look can answer is for a person to read: whatever is said of an account, an app or a
description, and words about an address where nothing answers. (A child in danger waits for none of
this: `vigie.items.again`.)
"""

from datetime import datetime, timedelta
from enum import Enum, auto

from django.conf import settings

from vigie.items.flow import Move, Stale
from vigie.items.models import Item
from vigie.items.services import WORKER, move_item
from vigie.lib import clock
from vigie.lib.fetch import Outcome
from vigie.matching.judged import SERIOUS
from vigie.tracing.models import Look, Media
from vigie.tracing.selectors import known_of, large, latest_look, pictures


class News(Enum):
    NONE = auto()
    SOMETHING = auto()  # a large picture that nobody judged, or a page where none answered
    KNOWN_MATERIAL = auto()  # a picture that was judged to be material, here or elsewhere


def was_visited_since(item: Item) -> bool:
    """No report asked for a visit since the item was closed, or the newest look came after it.

    What was added to an earlier report asks for none: nobody is visited for that of a new item.
    """
    look, asked = latest_look(item), item.asked_at
    if asked is None or asked <= item.changed_at:
        return True
    return look is not None and look.at >= asked


def reopen_if_changed(item: Item) -> datetime | None:
    """Open a closed item again if its newest look has news, or if words came that it cannot answer.

    Not sooner after it was closed than ``VIGIE_REOPEN_SECONDS``: then this says when to ask again,
    so that nothing is lost. Known material does not wait.
    """
    look = latest_look(item)
    news = news_of(item, look)
    if news is News.NONE and _is_to_be_read(item, look):
        news = News.SOMETHING
    rests_until = item.changed_at + timedelta(seconds=settings.REOPEN_SECONDS)
    if news is News.NONE:
        return None
    if news is News.SOMETHING and clock.now() < rests_until:
        return rests_until
    try:
        move_item(item, Move.REOPEN, WORKER, outcome="", classification="")
    except Stale:
        pass  # a colleague, or another worker, was first: the look stands as evidence
    return None


def news_of(item: Item, look: Look | None) -> News:
    """What a look shows that no look did before the item was closed."""
    if look is None or look.outcome != Outcome.OK or look.status != 200:
        return News.NONE
    before = item.looks.filter(at__lte=item.changed_at)
    new = _unseen(list(pictures(look)), list(before))
    judged = [verdict.judged for verdict in known_of(new)]
    if any(found and found.row.said & SERIOUS for found in judged):
        return News.KNOWN_MATERIAL
    unjudged = [
        media.pk
        for media, found in zip(new, judged, strict=True)
        if not (found and found.distance == 0)  # to be like what was judged is no judgement
    ]
    answers_now = not before.filter(outcome=Outcome.OK, status=200).exists()
    if answers_now or large(pictures(look)).filter(pk__in=unjudged).exists():
        return News.SOMETHING
    return News.NONE


def _is_to_be_read(item: Item, look: Look | None) -> bool:
    """Something was said of it since it was closed, and to look at the place is no answer to that.

    Where the page stands as it was judged, its look is the answer; but not to who says to be in
    the picture, to a child in danger, or to what we asked ourselves.
    """
    if item.words_at is None or item.words_at <= item.changed_at:
        return False
    stands = look is not None and look.outcome == Outcome.OK and look.status == 200
    return not stands or item.own or item.danger or item.answered_since is not None


def _unseen(media: list[Media], before: list[Look]) -> list[Media]:
    """Those that no earlier look met: neither the same bytes nor the same PDQ."""
    met = Media.objects.filter(look__in=before)
    sha256, pdq = (set(met.values_list(name, flat=True)) for name in ("sha256", "pdq"))
    return [m for m in media if m.sha256 not in sha256 and (not m.pdq or m.pdq not in pdq)]
