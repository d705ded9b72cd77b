"""Whose photo the campaign itself shows: the cat that ships, or the animal that an editor chose.

A `Motif` names the photo without holding it, so that drawn cards can be kept by it.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet

from vigie.campaign.card.design import Focus
from vigie.campaign.card.make import preview_photo
from vigie.campaign.models import Campaign, CampaignPhoto

CAT = Path(__file__).parent / "cat.webp"
CAT_FOCUS = Focus(0.53, 0.42)


@dataclass(frozen=True)
class Motif:
    """``digest``: SHA-256 of the photo's file; empty for the cat that ships."""

    digest: str
    focus: Focus


CATS = Motif("", CAT_FOCUS)


@dataclass(frozen=True)
class NewPhoto:
    """What an editor chose. ``data``: a JPEG of our own making; empty keeps the photo there is."""

    data: bytes
    focus: Focus


def motif_of(campaign: Campaign) -> Motif:
    names = ("digest", "x", "y", "zoom")
    row = _of(campaign).values(*names).first()
    return Motif(row["digest"], Focus(row["x"], row["y"], row["zoom"])) if row else CATS


def _of(campaign: Campaign) -> "QuerySet[CampaignPhoto]":
    return CampaignPhoto.objects.filter(campaign=campaign.slug, earlier=campaign.earlier)


def photo_of(motif: Motif) -> bytes:
    if not motif.digest:
        return CAT.read_bytes()
    found = CampaignPhoto.objects.filter(digest=motif.digest).values_list("data", flat=True).first()
    return bytes(found) if found else CAT.read_bytes()


def rebuilt(photo: bytes, focus: Focus) -> NewPhoto:
    """An upload as it may be kept: from its pixels alone. Raises `PhotoRefused`."""
    return NewPhoto(preview_photo(photo) if photo else b"", focus)


def keep_photo(slug: str, new: NewPhoto, *, earlier: bool = False) -> None:
    values: dict[str, object] = {"x": new.focus.x, "y": new.focus.y, "zoom": new.focus.zoom}
    if new.data:
        values |= {"data": new.data, "digest": hashlib.sha256(new.data).hexdigest()}
        CampaignPhoto.objects.update_or_create(campaign=slug, earlier=earlier, defaults=values)
    else:
        CampaignPhoto.objects.filter(campaign=slug, earlier=earlier).update(**values)


def copy_photo(source: Campaign, slug: str, *, earlier: bool = False) -> None:
    row = _of(source).first()
    if row:
        photo = NewPhoto(bytes(row.data), Focus(row.x, row.y, row.zoom))
        keep_photo(slug, photo, earlier=earlier)


def forget_earlier(slug: str) -> None:
    CampaignPhoto.objects.filter(campaign=slug, earlier=True).delete()
