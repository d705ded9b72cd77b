"""The latest evidence about items."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from vigie.items.models import Item
from vigie.lib.prepared import Prepared
from vigie.matching.engine.pdq import MATCHABLE
from vigie.matching.verdicts import Verdict, of_sheets
from vigie.tracing.models import Hosting, Look, Media, MediaPart

VALUES = ("md5", "sha1", "sha256", "pdq")
LARGE_SIDE = 200  # pixels; of both sides


def latest_look(item: Item) -> Look | None:
    return latest_looks([item])[0]


def latest_looks(items: Sequence[Item]) -> list[Look | None]:
    """The newest look at each of these, by one question."""
    found = {look.item_id: look for look in _newest(items=[item.pk for item in items])}
    looks = [found.get(item.pk) for item in items]
    for item, look in zip(items, looks, strict=True):
        if look:
            look.item = item
    return looks


def _newest_of(items: Any) -> QuerySet[Look]:
    newest = Look.objects.filter(item=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
    numbers = Item.objects.filter(pk__in=[items]).values(one=Subquery(newest))
    return Look.objects.filter(pk__in=numbers).select_related("hosting").order_by()


_newest = Prepared(_newest_of)


def pictures_of_each(looks: Sequence[Look | None]) -> list[list[Media]]:
    """The pictures of each of these looks, by one question."""
    shown: dict[int, list[Media]] = {look.pk: [] for look in looks if look}
    for media in _hashed(looks=list(shown)):
        shown[media.look_id].append(media)
    return [shown[look.pk] if look else [] for look in looks]


def content_of(look: Look | None) -> tuple[object, ...]:
    """What a look found, to compare two: two looks are alike if they met the same bytes.

    Of a page its pictures count, not its text, which changes with every visit.
    """
    if look is None:
        return ()
    found = sorted(look.media.exclude(sha256="").values_list("sha256", flat=True))
    return (look.outcome, look.status, *found)


def latest_hosting(item: Item) -> Hosting | None:
    """Where it was last known to be: the newest look that reached a machine."""
    return _where.first(item=item.pk)


_where = Prepared(
    lambda item: Hosting.objects.filter(look__item=item).order_by("-look__at", "-pk")[:1]
)


def pictures(look: Look | None) -> QuerySet[Media]:
    """The pictures of a look that could be hashed."""
    return hashed().filter(look=look) if look else Media.objects.none()


def hashed() -> QuerySet[Media]:
    """The pictures of all looks that a decision may be about."""
    return Media.objects.exclude(sha256="").exclude(outcome="not_a_picture")


_hashed = Prepared(
    lambda looks: hashed().filter(look__pk__in=[looks]).order_by("look_id", "position").defer("url")
)
_parts = Prepared(
    lambda media: (
        MediaPart.objects.filter(media__pk__in=[media])
        .order_by("media_id", "position")
        .values_list("media_id", "pdq")
    )
)


def large(media: QuerySet[Media]) -> QuerySet[Media]:
    """Without buttons, logos and most banners. A picture whose size is unknown counts as large."""
    unknown = Q(width=0) | Q(height=0)
    return media.filter(unknown | Q(width__gte=LARGE_SIDE, height__gte=LARGE_SIDE))


def values_of(media: Media) -> dict[str, str]:
    """The values by which a picture may be known; a PDQ of low quality would match anything.

    Of the whole picture; of what is on it, if it is a sheet, see `known_of`.
    """
    values = {kind: getattr(media, kind) for kind in VALUES}
    return {k: v for k, v in values.items() if v and (k != "pdq" or media.quality >= MATCHABLE)}


def known_of(media: Sequence[Media]) -> list[Verdict]:
    """What is known of each of these, in their order; of a sheet's pictures in ``parts``."""
    if not media:
        return []
    on: dict[int, list[str]] = {m.pk: [] for m in media}
    for number, pdq in _parts(media=list(on)):
        on[number].append(pdq)
    return of_sheets([values_of(m) for m in media], [on[m.pk] for m in media])
