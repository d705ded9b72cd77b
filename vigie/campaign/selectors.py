"""Which campaign runs, and whether it may publish."""

from datetime import date

from django.conf import settings
from django.db.models import F, Q

from vigie.campaign.models import Campaign, the_shipped_one
from vigie.lib import clock


def current(today: date | None = None) -> Campaign:
    """The campaign of the day: the one that began last; the shipped one when there is none."""
    day = today or clock.now().date()
    running = Campaign.objects.filter(
        Q(starts=None) | Q(starts__lte=day), Q(ends=None) | Q(ends__gte=day)
    )
    newest = running.order_by(F("starts").desc(nulls_last=True), "-pk").first()
    return newest or the_shipped_one()


def named(slug: str) -> Campaign | None:
    found = Campaign.objects.filter(slug=slug).first()
    return found or (the_shipped_one() if slug == the_shipped_one().slug else None)


def may_publish(campaign: Campaign) -> bool:
    """A card leads people to an address: somebody must have said that it is the hotline's."""
    return settings.DEMO or bool(campaign.addresses_by)
