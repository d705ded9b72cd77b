"""The latest evidence about items."""

from django.db.models import Q, QuerySet

from vigie.items.models import Item
from vigie.matching.models import JudgedHash
from vigie.matching.services import earlier
from vigie.tracing.models import Hosting, Look, Media

LARGE_SIDE = 200  # pixels; of both sides


def latest_look(item: Item) -> Look | None:
    return item.looks.select_related("hosting").first()


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
    return Hosting.objects.filter(look__item=item).order_by("-look__at", "-pk").first()


def pictures(look: Look | None) -> QuerySet[Media]:
    """The pictures of a look that could be hashed."""
    found = Media.objects.exclude(sha256="").exclude(outcome="not_a_picture")
    return found.filter(look=look) if look else found.none()


def large(media: QuerySet[Media]) -> QuerySet[Media]:
    """Without buttons, logos and most banners. A picture whose size is unknown counts as large."""
    unknown = Q(width=0) | Q(height=0)
    return media.filter(unknown | Q(width__gte=LARGE_SIDE, height__gte=LARGE_SIDE))


def known_of(media: "QuerySet[Media] | list[Media]") -> dict[str, JudgedHash]:
    """Earlier judgements of the same pictures, by sha256."""
    return earlier((m.sha256, m.pdq) for m in media)
