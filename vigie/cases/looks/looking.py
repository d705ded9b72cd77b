"""Looking at a still: who may, when a reason has to be given, and what is kept of it.

Each picture is looked at once, wherever it stands (`seen`), and only where nothing is known of it.
More than that is possible, and takes a reason: it is kept with the look, and the journal says which
kind it was.
"""

import os
from dataclasses import dataclass

from django.db import transaction

from vigie.cases.claims import hand_on, in_hand
from vigie.cases.looks.grounds import ground_of
from vigie.cases.looks.seen import sights_of
from vigie.cases.looks.viewer import Still, view
from vigie.cases.models import View
from vigie.cases.welfare.budget import Rest
from vigie.cases.welfare.calm import calm_first, manner_of
from vigie.cases.welfare.exposure import NotServed, served, standing_of, weight_of
from vigie.items import keys
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.words import in_words
from vigie.staff.models import User
from vigie.staff.permissions import Permission
from vigie.tracing.egress import may_fetch
from vigie.tracing.models import Media
from vigie.tracing.selectors import known_of

MOST_UNTOLD = 2  # so often a still is sent without a reason if no browser says that it came


class WhyAsked(Exception):
    """This look takes a reason, and none was given. Nothing was fetched."""


class OnNobodysTable(Exception):
    """The item is decided: only a lead looks at it again. Nothing was fetched."""


@dataclass(frozen=True)
class Why:
    """A reason. ``code``: of the organisation's list (see `reasons`), or ``own``."""

    words: str = ""
    code: str = ""


NO_REASON = Why()


def view_picture(
    item: Item,
    media: Media,
    by: User,
    why: Why = NO_REASON,
    *,
    large: bool = False,
    number: int = 1,
    tells: bool = False,
) -> tuple[Still, View]:
    """Show one still, fetched anew by the viewer. The wish is in the journal before the picture.

    ``large``: so large that details can be told. It is a look of its own, after the small one.
    ``number``: which still, if it is a video; each is a look of its own. ``tells``: the browser
    will say when it is on the screen (`exposure.arrived`); until then nobody has seen it. Of one
    still that is asked for twice at once, by two windows, the later one is shown.

    Raises `exposure.NotServed` to somebody who has looked enough, `calm.CalmFirst` where a quiet
    screen comes first, `WhyAsked`, `OnNobodysTable`, `InOtherHands`: then nothing is fetched.
    """
    may_ask(item, by)
    try:
        seen = _ask(item, media, by, why, large=large, number=number)
    except NotServed as none:
        if none.standing.rest is Rest.SPENT:
            hand_on(by)
        raise
    found = Still("no_mandate")
    if may_fetch():
        address = keys.opened(media.url)
        found = view(address, os.environ, large=large, number=number, outlines=seen.outlines)
    if found.outcome == "ok" and _asked_since(seen):
        found = Still("asked_again")
    outcome = "sent" if tells and found.outcome == "ok" else found.outcome[:20]
    View.objects.filter(pk=seen.pk).update(outcome=outcome, of=found.of, **found.digests)
    if standing_of(by).rest is Rest.SPENT:
        hand_on(by, besides=item)  # what else they have in hand waits for a colleague
    return found, seen


def _ask(item: Item, media: Media, by: User, why: Why, *, large: bool, number: int) -> View:
    """The look, written before it is fetched."""
    still = number if media.is_video else 0
    outlines = manner_of(by).outlines
    with transaction.atomic():
        served(by)
        if not in_words(why.words) and takes_a_reason(
            item, media, by, large=large, still=still, outlines=outlines
        ):
            raise WhyAsked
        calm_first(by)
        seen = View.objects.create(
            item=item, media=media, by=by, at=clock.now(), outcome="asked", reason=why.words,
            weight=weight_of(item.classification or item.outcome),
            large=large, still=still, outlines=outlines,
        )  # fmt: skip
        more: dict[str, str | int] = {"why": why.code} if why.words else {}
        more |= {"large": "yes"} if large else {}
        more |= {"still": still} if still else {}
        more |= {"outlines": "yes"} if outlines else {}
        append(Verb.MEDIA_VIEWED, item.subject, by.actor, media=media.pk, view=seen.pk, **more)
        return seen


def _asked_since(look: View) -> bool:
    same = View.objects.filter(by=look.by, media__sha256=look.media.sha256)
    same = same if look.media.sha256 else same.filter(media=look.media)
    return same.filter(pk__gt=look.pk, large=look.large, still=look.still).exists()


def may_ask(item: Item, by: User) -> None:
    """Raises `OnNobodysTable`; `InOtherHands` while a colleague has it: what they see there they
    could not decide. They may take it over first, whoever they are, as for a decision."""
    if item.state == State.TO_ASSESS:
        in_hand(item, by)
    elif not by.may(Permission.REOPEN):
        raise OnNobodysTable(item.reference)


def takes_a_reason(
    item: Item,
    media: Media,
    by: User,
    *,
    large: bool = False,
    still: int = 0,
    outlines: bool = False,
) -> bool:
    """Of a decided item, of what is known, and of what this person has seen so already, here or at
    another address.

    Nor is it sent for ever to a browser that never says that it came. The larger one comes once
    after the small one, whatever reason that took. ``still``: of a video,
    each of which is looked at once. Whoever saw ``outlines`` alone may look once as it is.
    """
    verdicts = known_of([media])
    sights = sights_of(item, [media], verdicts, by.pk)
    mine = [one for one in sights if one.still == still and (outlines or not one.outlines)]
    if sum(one.outcome == "sent" and one.large == large for one in mine) >= MOST_UNTOLD:
        return True
    seen = {one.large for one in mine if one.outcome == "ok"}
    if large and seen == {False}:
        return False
    known = ground_of(media, verdicts[0])
    return large or bool(seen) or item.state != State.TO_ASSESS or known is not None
