"""What the campaign keeps ends too: cards on the wall, hashes of what was set aside."""

import uuid

import pytest

from vigie.campaign.wall.models import Card, CardPicture, Escalation, WallCount
from vigie.campaign.wall.services import recount
from vigie.keeping.erasing import erase_due
from vigie.lib import clock

pytestmark = pytest.mark.django_db(databases="__all__")


def a_card(slug: str) -> Card:
    card = Card.objects.create(
        slug=slug, campaign="cats-2020", language="fr", alt="A cat.", colour="#ffffff",
        small=f"{slug}.webp", approved_on=clock.now().date(), withdraw_hash=uuid.uuid4().bytes * 2,
    )  # fmt: skip
    CardPicture.objects.create(card=card, kind="small", file=f"{slug}.webp", data=b"cat")
    return card


def set_aside(told: bool) -> Escalation:
    now, hashes = clock.now(), {"md5": "a" * 32, "sha1": "a" * 40, "sha256": "a" * 64}
    return Escalation.objects.create(
        submission=uuid.uuid4(), arrived_hour=now, at=now, why="person", by="staff:1",
        told_at=now if told else None, **hashes,
    )  # fmt: skip


def test_a_card_leaves_the_wall_with_its_pictures_and_the_count_follows(retention, later):
    a_card("old")
    recount()
    later(700)
    a_card("new")
    recount()
    assert erase_due() == 0 and Card.objects.count() == 2
    later(31)
    assert erase_due() == 1
    assert [card.slug for card in Card.objects.all()] == ["new"]
    assert [picture.file for picture in CardPicture.objects.all()] == ["new.webp"]
    assert WallCount.objects.get().cards == 1


def test_what_was_set_aside_stays_until_the_leads_were_told(retention, later):
    told, untold = set_aside(told=True), set_aside(told=False)
    later(1826)
    assert erase_due() == 1
    assert list(Escalation.objects.all()) == [untold] and told.pk
