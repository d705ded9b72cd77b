"""Opening letters, joining locators to items, and the one function that moves an item."""

import json
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from vigie.intake.models import Letter, Report
from vigie.items import keys, receipts
from vigie.items.flow import Move, Stale, State, target
from vigie.items.locators import Kind, Locator, parse
from vigie.items.models import Item, Mention
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock

WORKER = "worker"
ONE_VISIT_IN = timedelta(minutes=10)


def move_item(item: Item, move: Move, by: str, **changes: object) -> Item:
    """Move an item one step along the road; the only place where a state is written.

    1. The table says where the move leads (`IllegalMove` when nowhere).
    2. The write succeeds only if the item is still where the caller saw it (`Stale` otherwise).
    3. The journal's line is part of the same transaction.

    ``changes``: other columns of the item that go with the move.
    """
    state = State(item.state)
    to = target(move, state)
    moment = clock.now()
    with transaction.atomic():
        moved = Item.objects.filter(pk=item.pk, state=state, round=item.round).update(
            state=to, changed_at=moment, **changes
        )
        if moved != 1:
            raise Stale(item.reference)
        append(Verb.ITEM_MOVED, item.subject, by, move=move, frm=state, to=to)
    item.refresh_from_db()
    return item


def set_due(item: Item, due_at: datetime | None) -> None:
    """When the worker next looks at an item; someone else's lease on it stays as it is."""
    Item.objects.filter(pk=item.pk).update(due_at=due_at, attempts=0, last_error="")


def hold_item(item: Item, by: str, *, held: bool) -> None:
    """The police ask for silence about an item, or lift it. `Stale` if it was already so."""
    with transaction.atomic():
        if Item.objects.filter(pk=item.pk, held=not held).update(held=held) != 1:
            raise Stale(item.reference)
        append(Verb.ITEM_HELD if held else Verb.ITEM_RELEASED, item.subject, by)


def open_letter(letter: Letter) -> None:
    """Open a letter, join it to its items, and take it out of the inbox. Safe to do twice.

    The two databases have no common transaction: the report (its ``letter_id`` is unique) is
    written first; a crash between the two steps repeats the first, which then changes nothing.
    """
    where = json.loads(keys.opened(letter.where))
    try:
        with transaction.atomic():
            _join(letter, where)
    except IntegrityError:
        if not Report.objects.filter(letter_id=letter.pk).exists():
            raise
    letter.delete()


def _join(letter: Letter, where: dict[str, str]) -> None:
    report = Report.objects.create(
        letter_id=letter.pk,
        received_hour=letter.received_hour,
        words=bytes(letter.words) if letter.words else None,
    )
    locators = parse(where["where"], where["kind"])
    items = [_item_of(locator) for locator in locators]
    for locator, item in zip(locators, items, strict=True):
        Mention.objects.get_or_create(
            report=report, item=item, defaults={"original": keys.sealed(locator.original)}
        )
    if where["receipt"]:
        receipts.begin(bytes.fromhex(where["receipt"]), report)
    append(Verb.REPORT_OPENED, f"report:{report.pk}", WORKER, items=len(items))


def _item_of(locator: Locator) -> Item:
    moment = clock.now()
    item, created = Item.objects.get_or_create(
        locator_hash=keys.locator_hash(locator.kind, locator.canonical),
        defaults={
            "kind": locator.kind,
            "locator": keys.sealed(locator.canonical),
            "domain_hash": keys.domain_hash(locator.domain) if locator.domain else None,
            "created_at": moment,
            "changed_at": moment,
            "due_at": moment,
            "asked_at": moment,
        },
    )
    if created:
        append(Verb.ITEM_JOINED, item.subject, WORKER, kind=str(locator.kind))
    else:
        visit_once_more(item)
    return item


def visit_once_more(item: Item) -> None:
    """A known address is visited when reported again, as a new one would be.

    Who runs the reported site sees our visits. If a report of a known address caused none, that
    silence would tell them it is known. One visit for all reports of ten minutes, whatever the
    item's state; a closed item that changed is opened again by it, a removed one that came back
    is seen at once.
    """
    moment = clock.now()
    long_ago = Q(asked_at=None) | Q(asked_at__lte=moment - ONE_VISIT_IN)
    Item.objects.filter(long_ago, pk=item.pk, kind=Kind.WEB).update(asked_at=moment, due_at=moment)
