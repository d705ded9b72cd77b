"""How much was made by way of each kit; the organisation's own posts."""

from django.db.models import Count, QuerySet

from vigie.campaign.drawn import sample
from vigie.campaign.kits.models import OF_THE_WALL, Kit, KitUse, Post
from vigie.campaign.motif import motif_of
from vigie.campaign.selectors import current, named, prepared
from vigie.campaign.wall.models import Card, CardPicture


def kits_with_counts() -> list[tuple[Kit, int]]:
    """Every kit and how many cards were made through it, whoever made them."""
    counts = dict(KitUse.objects.values_list("code").annotate(Count("id")))
    return [(kit, kit.counted + counts.get(kit.code, 0)) for kit in Kit.objects.all()]


def waits_for_its_campaign(kit: Kit) -> bool:
    """Its page is not there before the campaign's first day."""
    return named(kit.campaign) is None


def posts() -> "QuerySet[Post]":
    return Post.objects.order_by("on", "pk")


def taken_back(rows: "QuerySet[Post]") -> set[str]:
    """The cards of these posts that hang no more: what shows them elsewhere has to go, too."""
    named_in = {row.card for row in rows if row.card}
    still = Card.objects.filter(slug__in=named_in).values_list("slug", flat=True)
    return named_in - set(still)


def picture_of(post: Post) -> bytes | None:
    """The JPEG of a post; None if its card was taken back meanwhile."""
    if post.card:
        kind = OF_THE_WALL[post.picture_size]
        wanted = CardPicture.objects.filter(card__slug=post.card, kind=kind)
        found = wanted.values_list("data", flat=True).first()
        return bytes(found) if found else None
    campaign = prepared(post.campaign) or current()
    return sample(campaign.says, post.language, post.size, motif_of(campaign))
