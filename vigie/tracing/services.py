"""The first look, by the worker and not by a person: what is there, where, and whom to write to."""

from datetime import datetime

import maxminddb
from django.conf import settings
from django.db import transaction

from vigie.items import keys
from vigie.items.flow import Move, Stale, State
from vigie.items.locators import Kind
from vigie.items.models import Item
from vigie.items.services import WORKER, move_item, set_due
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.tracing.egress import egress, may_fetch
from vigie.tracing.facts import note_facts
from vigie.tracing.models import Hosting, Look, Media, MediaPart
from vigie.tracing.rdap import Network, network_of
from vigie.tracing.reopening import reopen_if_changed, was_visited_since
from vigie.tracing.visit import Budget, Visit, visit


def look_at(item: Item) -> datetime | None:
    """The worker's look at an item; a person decides. Safe to do twice.

    1. What cannot be fetched (an account, an app, an onion address from here, no mandate) goes to
       the people just the same, with the reason.
    2. A closed item that was reported again is opened again if it shows something new, or if what
       was said of it is for a person (`reopening`). If it was closed too short a time ago, that is
       asked once more later, of the look that was made: nobody is visited for it.
    """
    closed = item.state == State.CLOSED
    if closed and was_visited_since(item):
        return reopen_if_changed(item)
    if item.kind != Kind.WEB:
        store_look(item, None, "not_fetchable")
    elif not may_fetch():
        store_look(item, None, "no_mandate")
    else:
        found = visit(keys.opened(item.locator), egress(), Budget(visit_seconds()))
        store_look(item, found, found.page.outcome)
    note_facts(item)
    if closed:
        return reopen_if_changed(item)
    if item.state == State.NEW:
        try:
            move_item(item, Move.LOOK, WORKER)
        except Stale:
            pass  # another worker was first: the look stands as evidence
    return None


def ask_for_look(item: Item, by: str) -> None:
    """A person wants the worker to look again (a mandate came, a host was down)."""
    with transaction.atomic():
        set_due(item, clock.now())
        append(Verb.LOOK_ASKED, item.subject, by)


def visit_seconds() -> float:
    """Less than half a lease: what remains is for the registry, the hashes and the database."""
    return float(settings.LEASE_SECONDS * 0.4)


def store_look(item: Item, found: Visit | None, outcome: str) -> Look:
    """Keep what a visit found: hashes, evidence, hosting, in one transaction."""
    page = found.page if found else None
    network = network_of(page.ip, settings.RDAP_BOOTSTRAP, egress()) if page and page.ip else None
    with transaction.atomic():
        look = Look.objects.create(
            item=item,
            at=clock.now(),
            outcome=outcome,
            status=page.status if page else None,
            content_type=page.content_type[:100] if page else "",
            final_url=keys.sealed(page.url) if page else None,
            sha256=found.sha256 if found else "",
            size=len(page.body) if page else 0,
            hops=len(page.hops) if page else 0,
            seconds=round(page.seconds, 3) if page else 0,
        )
        if found:
            _store_pictures(look, found)
        if page and page.ip and network:
            _store_hosting(look, page.ip, network)
        append(Verb.ITEM_LOOKED_AT, item.subject, WORKER, look=look.pk, outcome=str(outcome))
    return look


def _store_pictures(look: Look, found: Visit) -> None:
    stored = Media.objects.bulk_create(
        Media(
            look=look,
            position=position,
            url=keys.sealed(picture.url),
            outcome=picture.outcome if picture.status in (None, 200) else f"http_{picture.status}",
            md5=picture.md5,
            sha1=picture.sha1,
            sha256=picture.sha256,
            pdq=picture.pdq,
            quality=picture.quality,
            mime=picture.mime,
            width=picture.width,
            height=picture.height,
            size=picture.size,
            parts_missing=picture.parts_missing,
        )
        for position, picture in enumerate(found.pictures, start=1)
    )
    MediaPart.objects.bulk_create(
        MediaPart(media=media, position=position, pdq=pdq)
        for media, picture in zip(stored, found.pictures, strict=True)
        for position, pdq in enumerate(picture.parts, start=1)
    )


def _store_hosting(look: Look, ip: str, network: Network) -> None:
    hosting = Hosting.objects.create(
        look=look,
        ip=ip,
        country=network.country,
        country_local=local_country(ip),
        network=network.handle[:100],
        name=network.name[:200],
        abuse_contact=network.abuse_contact[:254],
        source=network.source[:200],
        problem=network.problem[:40],
    )
    append(
        Verb.ITEM_TRACED, look.item.subject, WORKER, look=look.pk, country=hosting.acting_country
    )


def local_country(ip: str) -> str:
    """The country in the operator's own IP database (MaxMind's format); '' when it cannot say."""
    try:
        with maxminddb.open_database(settings.COUNTRY_DATABASE) as database:
            record = database.get(ip)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError):
        return ""
    country = record.get("country") if isinstance(record, dict) else None
    code = country.get("iso_code") if isinstance(country, dict) else ""
    return code if isinstance(code, str) and len(code) == 2 else ""
