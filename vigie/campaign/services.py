"""Changing what a campaign says."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F

from vigie.campaign.content import Content
from vigie.campaign.models import SHIPPED_SLUG, Campaign
from vigie.campaign.motif import NewPhoto, copy_photo, forget_earlier, keep_photo
from vigie.campaign.selectors import has_begun
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.staff.models import User


class Stale(Exception):
    """A colleague changed the campaign meanwhile. Nothing was written."""


@dataclass(frozen=True)
class Change:
    """What an editor sends. ``version``: of the page they began from. ``draft``: None changes
    nothing about that."""

    content: Content
    version: int
    starts: date | None = None
    ends: date | None = None
    addresses_are_ours: bool = False
    photo: NewPhoto | None = None
    draft: bool | None = None


def save_campaign(slug: str, change: Change, by: User) -> Campaign:
    """Write a campaign's content, whole. Raises `Stale`.

    The first change of the campaign that ships makes its row; every later one must begin from the
    version that stands (a conditional update).
    """
    values: dict[str, object] = {
        "content": change.content.as_data(),
        "starts": change.starts,
        "ends": change.ends,
        "addresses_by": by.actor if change.addresses_are_ours else "",
    }
    if change.draft is not None:
        values["draft"] = change.draft
    with transaction.atomic(using="front"):
        if change.version == 0:
            _begin(slug, values)
        else:
            rows = Campaign.objects.filter(slug=slug, version=change.version)
            values |= _in_force(rows.first(), change)
            if rows.update(**values, version=F("version") + 1) != 1:
                raise Stale
        if change.photo:
            keep_photo(slug, change.photo)
    saved = Campaign.objects.get(slug=slug)
    append(Verb.CAMPAIGN_EDITED, saved.subject, by.actor, version=saved.version)
    return saved


def _in_force(row: Campaign | None, change: Change) -> dict[str, object]:
    """What the public goes on seeing while its campaign is a draft; published, nothing is kept."""
    if row is None:
        raise Stale
    if change.draft is False:
        forget_earlier(row.slug)
        return {"before": None}
    if change.draft and not row.draft and has_begun(row):
        copy_photo(row, row.slug, earlier=True)
        return {"before": row.as_before()}
    return {}


def _begin(slug: str, values: dict[str, object]) -> None:
    try:
        Campaign.objects.create(slug=slug, version=1, **values)
    except IntegrityError:
        raise Stale from None


def copy_campaign(source: Campaign, slug: str, starts: date, ends: date, by: User) -> Campaign:
    """A draft that begins as a copy of another campaign. Raises `Stale` if the name is taken."""
    if slug == SHIPPED_SLUG:
        raise Stale
    with transaction.atomic(using="front"):
        copied = save_campaign(slug, Change(source.says, 0, starts, ends, draft=True), by)
        copy_photo(source, slug)
    return copied
