"""Hashing again, with the present key, what an older one hashed. Row by row, as `resealing`.

What is done is known by trying: the text is opened and hashed. Letters may come meanwhile: what is
written is hashed with the present key, and what is sought is sought with all that are held.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction

from vigie.campaign.newsletter import rekeying
from vigie.campaign.newsletter.models import Quiet, Subscriber
from vigie.campaign.newsletter.subscribing import QUIET
from vigie.items import keys
from vigie.items.locators import Kind, domain_of, parse
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.keeping.resealing import Progress, batches
from vigie.keeping.rotation import BY
from vigie.lib import clock
from vigie.lib.seal import Unsealable

Row = models.Model


@dataclass(frozen=True)
class Table:
    """``again``: hashes a row anew, and says whether it had to. ``needs``: would it have to?"""

    model: type[models.Model]
    named: str
    again: Callable[[Any], bool]
    needs: Callable[[Any], bool]


def _item_again(item: Item) -> bool:
    if not _item_needs(item):
        return False
    canonical = keys.opened(item.locator)
    changes: dict[str, bytes] = {"locator_hash": keys.locator_hash(item.kind, canonical)}
    if item.domain_hash is not None:
        changes["domain_hash"] = keys.domain_hash(_domain(item, canonical))
    with transaction.atomic():  # a savepoint: a row that cannot be changed spoils no others
        still = Item.objects.filter(pk=item.pk, locator_hash=item.locator_hash)
        return bool(still.update(**changes))


def _item_needs(item: Item) -> bool:
    canonical = keys.opened(item.locator)
    current = keys.locator_hash(item.kind, canonical)
    return not item.is_erased and bytes(item.locator_hash) != current


def _domain(item: Item, canonical: str) -> str:
    """The one that its hash was made of; if the rules have changed since, what they say now."""
    hint = item.kind if item.kind in (Kind.ACCOUNT, Kind.APP) else ""
    found = [domain_of(canonical), *(place.domain for place in parse(canonical, hint))]
    for domain in found:
        if bytes(item.domain_hash or b"") in keys.domain_hashes(domain):
            return domain
    return found[0]


def _reader_needs(subscriber: Subscriber) -> bool:
    return not rekeying.is_current(subscriber)


TABLES = [
    Table(Item, "items", _item_again, _item_needs),
    Table(Subscriber, "subscribers", rekeying.rekey, _reader_needs),
]
CANNOT = (Unsealable, ValueError, IntegrityError)


def reindex(tell: Callable[[str, Progress], object] = lambda *_: None) -> Progress:
    """Every row. A batch and its line of the journal are one transaction; ``tell``: after each."""
    keys.refuse_stale()
    progress = Progress()
    for table in TABLES:
        for pks in batches(table.model):
            before = progress.resealed
            with transaction.atomic():
                for row in _rows(table, pks):
                    _one(table, row, progress)
                if done := progress.resealed - before:
                    append(Verb.KEY_REINDEXED, "key:index", BY, table=table.named, rows=done)
            tell(table.named, progress)
    return progress


def _one(table: Table, row: Row, progress: Progress) -> None:
    progress.seen += 1
    try:
        progress.resealed += table.again(row)
    except CANNOT:
        progress.lost += 1


def still_needed() -> dict[str, int]:
    """What an older key is still needed for, and how many of each; nothing is left out at 0."""
    left = {table.named: _needing(table) for table in TABLES}
    left["mailboxes that were asked within a day"] = _quiet()
    return {name: count for name, count in left.items() if count}


def _needing(table: Table) -> int:
    found = 0
    for pks in batches(table.model):
        for row in _rows(table, pks):
            try:
                found += table.needs(row)
            except CANNOT:
                continue  # it opens with no key of ours: keeping an old one does not help
    return found


def _quiet() -> int:
    """Of a mailbox only the hash is kept, for a day: who asked before the key was replaced."""
    rotations = Entry.objects.filter(verb=Verb.KEY_ROTATED, subject="key:index")
    last = rotations.order_by("-seq").values_list("at", flat=True).first()
    if last is None:
        return 0
    return Quiet.objects.filter(until__gt=clock.now(), until__lte=last + QUIET).count()


def _rows(table: Table, pks: list[Any]) -> Iterator[Any]:
    return table.model._default_manager.filter(pk__in=pks).order_by("pk").iterator()
