"""The queue, and what is known of an item before anybody looks."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from vigie.cases.claims import holders
from vigie.cases.models import CONFIRMING, AssessedPicture, Assessment
from vigie.items import keys
from vigie.items.flow import State
from vigie.items.models import Item, Mention
from vigie.matching.lists.lookup import hits_of
from vigie.matching.models import JudgedHash, ListedHash
from vigie.tracing.models import Hosting, Look, Media
from vigie.tracing.selectors import known_of, large, latest_look, pictures

PAGE = 50
FIRST_IN_DANGER = 5


@dataclass(frozen=True)
class Row:
    """A line of the queue. ``locator`` is text, opened for this page only."""

    item: Item
    locator: str
    look: Look | None
    hosting: Hosting | None
    pictures: int
    known: int
    judged: str
    danger: bool
    own: bool
    in_hand: str  # whose


# Where an item still waits for us: here a child in danger goes first.
WAITING = (State.NEW, State.TO_ASSESS)


def queue(
    items: QuerySet[Item], state: State | None, after: int = 0, *, calm: bool = False
) -> QuerySet[Item]:
    """One page of items, oldest first; ``after`` is the last item of the page before (keyset).

    ``calm``: without those that `urgent` lists before them.
    """
    found = items.filter(state=state) if state else items
    if calm and state in WAITING:
        found = found.exclude(pk__in=_in_danger())
    return _page(found, after)


def urgent(items: QuerySet[Item], state: State, after: int = 0) -> QuerySet[Item]:
    """A page of what cannot wait: a reporter says that a child is in danger now.

    With those to assess come those that still wait for the worker's look.
    """
    if state not in WAITING:
        return items.none()
    states = WAITING if state == State.TO_ASSESS else (state,)
    return _page(items.filter(state__in=states, pk__in=_in_danger()), after)


def _in_danger() -> QuerySet[Mention, Any]:
    """The first places of each such report: one that names thousands must not hide the next."""
    place = Window(RowNumber(), partition_by=[F("report")], order_by=[F("item")])
    said = Mention.objects.filter(report__danger=True).annotate(place=place)
    return said.filter(place__lte=FIRST_IN_DANGER).values("item")


def _page(items: QuerySet[Item], after: int) -> QuerySet[Item]:
    found = items.filter(pk__gt=after).annotate(report_count=Count("mentions"))
    return found.order_by("pk")[: PAGE + 1]


def page_of(found: QuerySet[Item]) -> tuple[list[Item], int | None]:
    """The page of a `queue`, and after which item the next one begins; None if this is the last."""
    items = list(found)
    page = items[:PAGE]
    return page, page[-1].pk if len(items) > PAGE else None


def counts(items: QuerySet[Item]) -> dict[str, int]:
    states = {f"{s}": Count("pk", filter=Q(state=s)) for s in State}
    return dict(items.aggregate(**states))


def rows(items: list[Item]) -> list[Row]:
    said = Mention.objects.filter(item__in=items)
    danger = set(said.filter(report__danger=True).values_list("item_id", flat=True))
    own = set(said.filter(report__own=True).values_list("item_id", flat=True))
    held = holders(items)
    return [_row(item, item.pk in danger, item.pk in own, held.get(item.pk, "")) for item in items]


def _row(item: Item, danger: bool, own: bool, in_hand: str) -> Row:
    look = latest_look(item)
    media = list(look.media.exclude(sha256="")) if look else []
    known = known_of(media)
    first = next(iter(known.values()), None)
    return Row(
        item=item,
        locator=keys.shown(item.locator),
        look=look,
        hosting=getattr(look, "hosting", None) if look else None,
        pictures=len(media),
        known=len(known),
        judged=first.classification if first else "",
        danger=danger,
        own=own,
        in_hand=in_hand,
    )


@dataclass(frozen=True)
class Picture:
    """A picture of an item's look: what is known of it, and whether this person has seen it.

    ``listed``: entries of hash lists with the same SHA-256 or PDQ. They say what others hold.
    """

    media: Media
    known: JudgedHash | None
    seen: bool
    listed: tuple[ListedHash, ...] = ()


def pictures_of(item: Item, look: Look | None, user_id: int) -> list[Picture]:
    media = list(look.media.exclude(sha256="").exclude(outcome="not_a_picture")) if look else []
    known = known_of(media)
    views = item.views.filter(by_id=user_id, outcome="ok")
    seen = set(views.values_list("media__sha256", flat=True))
    lists = hits_of([{"sha256": m.sha256, "pdq": m.pdq} for m in media])
    return [
        Picture(m, known.get(m.sha256), m.sha256 in seen, tuple(found))
        for m, found in zip(media, lists, strict=True)
    ]


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
