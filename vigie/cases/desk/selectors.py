"""The queue, and what is known of an item before anybody looks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.text import Truncator
from django.utils.timesince import timesince

from vigie.cases.claims import live
from vigie.cases.deciding.opinions import pending
from vigie.cases.desk.notes import open_to_all
from vigie.cases.looks.grounds import Ground, ground_of, said_to_be_abuse
from vigie.cases.looks.seen import Stills, last_seen, next_stills, sights_of, stills_seen
from vigie.cases.models import (
    CONFIRMING,
    AssessedPicture,
    Assessment,
    Classification,
    Route,
)
from vigie.cases.row_words import Tag, known_tag, look_words, reason_tags
from vigie.items import keys
from vigie.items.models import Item
from vigie.lib import clock
from vigie.lib.prepared import Blank, Prepared
from vigie.matching.verdicts import Listed, Verdict
from vigie.tracing.models import Hosting, Look, Media
from vigie.tracing.selectors import known_of, large, latest_looks, pictures, pictures_of_each

MOST_SHOWN = 160  # letters of an address in a line of the queue


@dataclass(frozen=True)
class Row:
    """A line of the queue. ``locator`` is text, opened for this page only."""

    item: Item
    locator: str
    look: Look | None
    hosting: Hosting | None
    shown: list[Media]  # the pictures and videos that are decided about
    known: int
    differ: bool  # people judged one of them differently
    judged: str
    in_hand: str  # whose
    given: int  # of two assessments
    lane: str
    notes: int  # of colleagues
    why: list[Tag]  # it stands before what came as early

    @property
    def met(self) -> str:
        return look_words(self.look, self.shown, self.known)

    @property
    def tag(self) -> Tag | None:
        return known_tag(self.item, len(self.shown), self.known, differ=self.differ)

    @property
    def judged_words(self) -> str:
        return str(Classification(self.judged).label) if self.judged else ""

    @property
    def place(self) -> str:
        """Its address, or so much of it as a line holds."""
        whole = self.locator
        return whole if len(whole) <= MOST_SHOWN else Truncator(whole).chars(MOST_SHOWN)

    @property
    def reports(self) -> str:
        return str(self.item.report_count)

    @property
    def waits(self) -> str:
        return timesince(self.item.created_at)


@dataclass
class _More:
    """What colleagues have to do with it; as of `Row`."""

    in_hand: str = ""
    given: int = 0
    lane: str = ""
    notes: int = 0


def rows(items: list[Item]) -> list[Row]:
    more = _of_colleagues(items)
    looks = latest_looks(items)
    shown = pictures_of_each(looks)
    grounds = _grounds_of(shown)
    return [
        _row(item, met, found, more[item.pk])
        for item, met, found in zip(items, zip(looks, shown, strict=True), grounds, strict=True)
    ]


def _shown(look: Look | None) -> list[Media]:
    """The pictures of a look that a decision may be about."""
    return pictures_of_each([look])[0]


def _grounds_of(shown: list[list[Media]]) -> list[list[tuple[Ground | None, bool]]]:
    """For each picture of several looks, by one question; and whether people differ about it."""
    every = [media for media_of in shown for media in media_of]
    found = iter([(ground_of(m, v), v.differ) for m, v in zip(every, known_of(every), strict=True)])
    return [[next(found) for _ in media_of] for media_of in shown]


def _of_colleagues(items: list[Item]) -> dict[int, _More]:
    """By item, by one question."""
    found = {item.pk: _More() for item in items}
    for item, what, words in _said(items=list(found), now=clock.now()):
        more = found[item]
        match what:
            case "held":
                more.in_hand = words
            case "lane":
                more.lane = words
            case "given":
                more.given += 1
            case "noted":
                more.notes += 1
    return found


def _in_one(items: Blank, now: Blank) -> QuerySet[Any, Any]:
    name = Coalesce(NullIf("by__name", Value("")), "by__username")
    each: list[tuple[Any, ...]] = [
        (live(now), Value("held"), name),
        (pending(), Value("given"), Value("")),
        (open_to_all(), Value("noted"), Value("")),
        (Route.objects.all(), Value("lane"), F("lane")),
    ]
    first, *rest = [
        rows.filter(item__pk__in=[items]).order_by().values_list("item", *told)
        for rows, *told in each
    ]
    said: QuerySet[Any, Any] = first.union(*rest, all=True)
    return said


_said = Prepared(_in_one)


def _row(
    item: Item,
    met: tuple[Look | None, list[Media]],
    grounds: list[tuple[Ground | None, bool]],
    more: _More,
) -> Row:
    look, shown = met
    known = [ground for ground, _differ in grounds if ground]
    return Row(
        item=item,
        locator=keys.shown(item.locator),
        look=look,
        hosting=getattr(look, "hosting", None) if look else None,
        shown=shown,
        known=len(known),
        differ=any(differ for _ground, differ in grounds),
        judged=known[0].classification if known else "",
        in_hand=more.in_hand,
        given=more.given,
        lane=more.lane,
        notes=more.notes,
        why=reason_tags(item),
    )


@dataclass(frozen=True)
class Picture:
    """A picture of an item's look: what is known of it, and whether (last when) this person has
    seen it.

    ``known``: why it may be decided without a look, if it may. ``verdict``: all that is known.
    ``sharper``: they saw its outlines alone, and would be shown the picture now.
    ``next_still``: of a video, the first that they have not seen; 0 if there is none.
    ``seen_as``: the item at whose address they saw these bytes, if it is another.
    """

    media: Media
    known: Ground | None
    seen: bool
    verdict: Verdict = Verdict()
    seen_at: datetime | None = None
    next_still: int = 0
    sharper: bool = False
    stills: Stills | None = None  # of a video: those that they have seen
    seen_as: str = ""

    @property
    def abuse(self) -> bool:
        """Is it known, or listed, as such?"""
        return said_to_be_abuse(self.verdict)

    @property
    def held(self) -> list[Listed]:
        """The nearest value of each entry of the lists that know it."""
        named: dict[tuple[object, ...], Listed] = {}
        for found in self.verdict.listed:
            entry = found.entry
            alone = "" if entry.external_id else entry.pk
            named.setdefault((entry.list_id, entry.member, entry.external_id, alone), found)
        return list(named.values())


def pictures_of(
    item: Item, look: Look | None, user_id: int, *, outlines: bool = True
) -> list[Picture]:
    """``outlines``: they would be shown outlines alone."""
    media = _shown(look)
    if not media:
        return []
    verdicts = known_of(media)
    sights = sights_of(item, media, verdicts, user_id)
    seen, nexts, stills = last_seen(sights), next_stills(sights), stills_seen(sights)
    return [
        Picture(
            m,
            ground_of(m, verdict),
            (one := seen.get(m.sha256)) is not None,
            verdict,
            one.at if one else None,
            nexts.get(m.sha256, 1) if m.is_video else 0,
            one is not None and one.outlines and not outlines,
            stills.get(m.sha256),
            Item(pk=one.item).reference if one and one.item != item.pk else "",
        )
        for m, verdict in zip(media, verdicts, strict=True)
    ]


def long_videos(look: Look | None) -> int:
    """Videos of which there were more bytes than are read: not hashed, and not to be shown."""
    return len(_not_read(look=look.pk)) if look else 0


_not_read = Prepared(
    lambda look: Media.objects.filter(look=look, mime="video/", outcome="too_large").values_list(
        "pk"
    )
)


def proposed(shown: list[Picture]) -> str:
    """The classification that all pictures propose alike without a look; '' if they do not."""
    said = {p.known.classification if p.known else "" for p in shown}
    return said.pop() if len(said) == 1 else ""


def named_at_first(shown: list[Picture]) -> list[int]:
    """The pictures that a decision is about until its person says otherwise.

    Those that its proposal rests on: where all are known alike, all of them; of a page that is
    known in part, what would confirm it. Otherwise the only one that was seen, if it is one.
    """
    known = [p for p in shown if p.known]
    said = {p.known.classification for p in known if p.known}
    if len(said) == 1 and (len(known) == len(shown) or said <= CONFIRMING):
        return [p.media.pk for p in known]
    seen = [p.media.pk for p in shown if p.seen]
    return seen if len(seen) == 1 else []


def looks_spared() -> int:
    """How many pictures were decided, by people and by policy, without anybody looking."""
    return AssessedPicture.objects.filter(seen=False).count()


def _confirmation(item: Item) -> Assessment | None:
    """The decision that confirmed an item (the latest such), whatever the round."""
    confirming = [c.value for c in CONFIRMING]
    return Assessment.objects.filter(item=item, classification__in=confirming).first()


def judged_pictures(item: Item) -> QuerySet[AssessedPicture]:
    """The pictures of the decision that confirmed an item, in the order of the page."""
    found = AssessedPicture.objects.filter(assessment=_confirmation(item)).select_related("media")
    return found.order_by("media__position", "pk")


def pictures_to_watch(item: Item) -> list[Media]:
    """What must be gone beside the page: the judged pictures.

    Where the decision named none, those of its look: the page alone would be a thin proof. Without
    the small ones: a logo or a button stays on any host.
    """
    judged = [picture.media for picture in judged_pictures(item)]
    confirmation = _confirmation(item)
    if judged or confirmation is None:
        return judged
    return list(large(pictures(confirmation.look)))
