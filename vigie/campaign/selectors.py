"""Which campaign runs, and whether it may publish."""

from datetime import date
from math import inf
from typing import Literal

from django.conf import settings
from django.db.models import Q

from vigie.campaign.models import SHIPPED_SLUG, Campaign, the_shipped_one
from vigie.lib import clock

State = Literal["draft", "to_come", "running", "behind", "over"]


def current(today: date | None = None, saved: Campaign | None = None) -> Campaign:
    """The campaign of the day: of those that run the one that began last; between two campaigns
    the one that ended last (its wall stays); the shipped one when there is none at all.

    Of a campaign that is a draft again, the state that the public saw before. ``saved``: as if
    this state had been saved."""
    day = today or clock.now().date()
    rows = list(Campaign.objects.filter(Q(draft=False) | Q(before__isnull=False)))
    if saved:
        rows = [row for row in rows if row.slug != saved.slug] + [saved]
    begun = [one for row in rows if (one := row.public_state) and has_begun(one, day)]
    running = [one for one in begun if runs(one, day)]
    newest = max(running, key=lambda one: (one.starts or date.min, _row(one)), default=None)
    last = max(begun, key=lambda one: (one.ends or date.max, _row(one)), default=None)
    return newest or last or the_shipped_one()


def _row(campaign: Campaign) -> float:
    """One that has none yet would be the last."""
    return inf if campaign.pk is None else float(campaign.pk)


def turned_by(saved: Campaign) -> tuple[Campaign, Campaign] | None:
    """The campaign that runs, and the one that the public would see instead from the moment of
    saving, which may be over; None if nothing changes."""
    before, after = current(), current(saved=saved)
    stays = before.slug == after.slug and runs(after)
    return (before, after) if runs(before) and not stays else None


def state_of(campaign: Campaign, shown: Campaign) -> State:
    """What becomes of a campaign's dates today. ``shown``: the campaign of the day; one that is
    ``behind`` could run, but another one that began later does."""
    if campaign.draft:
        return "draft"
    if not has_begun(campaign):
        return "to_come"
    if not runs(campaign):
        return "over"
    return "running" if campaign.slug == shown.slug else "behind"


def runs(campaign: Campaign, today: date | None = None) -> bool:
    """Whether cards can be made under it on this day."""
    day = today or clock.now().date()
    return has_begun(campaign, day) and (campaign.ends is None or campaign.ends >= day)


def is_open(campaign: Campaign) -> bool:
    """Whether its studio makes cards now: only then does a page invite to it."""
    return may_publish(campaign) and runs(campaign)


def has_begun(campaign: Campaign, today: date | None = None) -> bool:
    """Before that, and of a draft, nothing is public, not even its pictures."""
    day = today or clock.now().date()
    return not campaign.draft and (campaign.starts is None or campaign.starts <= day)


def named(slug: str) -> Campaign | None:
    """As the public sees it: with its words and its pictures, not those of a draft. None for what
    is not public yet. The shipped one runs while there is no other, whatever is planned for it."""
    row = Campaign.objects.filter(slug=slug).first()
    state = row.public_state if row else None
    if state and has_begun(state):
        return state
    return the_shipped_one() if slug == SHIPPED_SLUG else None


def on_desk(slug: str) -> Campaign | None:
    """As it was saved last, draft or not."""
    found = Campaign.objects.filter(slug=slug).first()
    return found or (the_shipped_one() if slug == SHIPPED_SLUG else None)


def prepared(slug: str) -> Campaign | None:
    """What posts and kits are made of: what the public sees or, before that, what is planned."""
    return named(slug) or on_desk(slug)


def to_prepare(today: date | None = None) -> list[Campaign]:
    """The campaign of the day first, then those that run beside it or are to come, drafts too."""
    day = today or clock.now().date()
    first = current(day)
    rows = Campaign.objects.filter(Q(ends=None) | Q(ends__gte=day)).exclude(slug=first.slug)
    return [first, *rows.order_by("starts", "pk")]


def may_publish(campaign: Campaign) -> bool:
    """A card leads people to an address: somebody must have said that it is the hotline's."""
    return settings.DEMO or bool(campaign.addresses_by)
