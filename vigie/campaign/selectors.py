"""Which campaign runs, and whether it may publish."""

from datetime import date

from django.conf import settings
from django.db.models import F, Q

from vigie.campaign.models import Campaign, the_shipped_one
from vigie.lib import clock


def current(today: date | None = None) -> Campaign:
    """The campaign of the day: of those that run the one that began last; between two campaigns
    the one that ended last (its wall stays); the shipped one when there is none at all."""
    day = today or clock.now().date()
    public = Campaign.objects.filter(draft=False)
    begun = public.filter(Q(starts=None) | Q(starts__lte=day))
    running = begun.filter(Q(ends=None) | Q(ends__gte=day))
    newest = running.order_by(F("starts").desc(nulls_last=True), "-pk").first()
    return newest or begun.order_by("-ends", "-pk").first() or the_shipped_one()


def runs(campaign: Campaign, today: date | None = None) -> bool:
    """Whether cards can be made under it on this day."""
    day = today or clock.now().date()
    return has_begun(campaign, day) and (campaign.ends is None or campaign.ends >= day)


def has_begun(campaign: Campaign, today: date | None = None) -> bool:
    """Before that, and of a draft, nothing is public, not even its pictures."""
    day = today or clock.now().date()
    return not campaign.draft and (campaign.starts is None or campaign.starts <= day)


def named(slug: str) -> Campaign | None:
    found = Campaign.objects.filter(slug=slug).first()
    return found or (the_shipped_one() if slug == the_shipped_one().slug else None)


def may_publish(campaign: Campaign) -> bool:
    """A card leads people to an address: somebody must have said that it is the hotline's."""
    return settings.DEMO or bool(campaign.addresses_by)
