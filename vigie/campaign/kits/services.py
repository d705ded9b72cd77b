"""Kits of ambassadors, and the organisation's own posts."""

import secrets

from django.utils.text import slugify

from vigie.campaign.kits.models import Kit, Post
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.staff.models import User


def make_kit(name: str, campaign: str, by: User) -> Kit:
    """A new kit, with an address that cannot be guessed from the name."""
    code = f"{slugify(name)[:24] or 'kit'}-{secrets.token_hex(4)}"
    kit = Kit.objects.create(code=code, name=name, campaign=campaign)
    append(Verb.KIT_WRITTEN, f"kit:{kit.code}", by.actor)
    return kit


def close_kit(kit: Kit, by: User) -> None:
    """Its page is no longer there; its count stays."""
    if Kit.objects.filter(pk=kit.pk, active=True).update(active=False) == 1:
        append(Verb.KIT_CLOSED, f"kit:{kit.code}", by.actor)


def save_post(post: Post, by: User) -> Post:
    post.save()
    append(Verb.POST_WRITTEN, f"post:{post.pk}", by.actor, on=str(post.on))
    return post


def drop_post(post: Post, by: User) -> None:
    append(Verb.POST_DROPPED, f"post:{post.pk}", by.actor)
    post.delete()
