"""Opening letters, joining locators to items, and the one function that moves an item."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from vigie.intake.doors import arrivals
from vigie.intake.models import Letter, Report
from vigie.intake.services import FOR_WORKER
from vigie.items import additions, again, alarms, keys, receipts
from vigie.items.again import FLOOD_LATER
from vigie.items.fairness import turn_of
from vigie.items.flow import NEW_ROUND, WAITING, Move, Stale, State, target
from vigie.items.locators import Kind, Locator, read, says_more
from vigie.items.models import Item, Mention
from vigie.items.ranking import hold, place
from vigie.journal.services import append, append_each
from vigie.journal.verbs import Verb
from vigie.lib import clock

WORKER = "worker"
ONE_VISIT_IN = timedelta(minutes=10)
TRIES = 3


def move_item(item: Item, move: Move, by: str, **changes: object) -> Item:
    """Move an item one step along the road; the only place where a state is written.

    1. The table says where the move leads (`IllegalMove` when nowhere).
    2. The write succeeds only if the item is still where the caller saw it (`Stale` otherwise).
    3. A move that takes an item up again begins a new round, whoever makes it (`NEW_ROUND`).
    4. The journal's line is part of the same transaction.

    ``changes``: other columns of the item that go with the move.
    """
    state = State(item.state)
    to = target(move, state)
    moment = clock.now()
    if move in NEW_ROUND:
        changes["round"] = F("round") + 1
    with transaction.atomic():
        moved = Item.objects.filter(pk=item.pk, state=state, round=item.round).update(
            state=to, changed_at=moment, **{"last_error": "", **changes}
        )
        if moved != 1:
            raise Stale(item.reference)
        if move in NEW_ROUND or (state in WAITING) != (to in WAITING):
            place(Item.objects.filter(pk=item.pk))
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


def open_letter(letter: Letter) -> datetime | None:
    """Open a letter, join it to its items, and take it out of the inbox. Safe to do twice.

    The two databases have no common transaction: the report (its ``letter_id`` is unique) is
    written first; a crash between the two steps repeats the first, which then changes nothing.

    Returns when to come back: the report that this letter adds to is not open yet.
    """
    told = {**FOR_WORKER, **json.loads(keys.opened(letter.where))}
    write: Callable[..., None] = _join
    if told["adds_to"] or told["question"]:
        report = additions.report_of(told)
        if report is None and additions.report_will_come(told):
            additions.wait_with_the_first(letter, told)
            return clock.now() + timedelta(seconds=settings.RETRY_SECONDS)
        # The first part was erased, or never came: what was added becomes a report of its own.
        if report is not None:
            write = partial(_add, report=report)
    _once(letter, partial(write, letter, told))
    letter.delete()
    return None


def _once(letter: Letter, write: Callable[[], None]) -> None:
    """In one transaction, and again if another letter was quicker with one of the same places."""
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                write()
            return
        except IntegrityError:
            if additions.is_open(letter):
                return
            # Another letter joined one of the same places a moment ago: now it is a known one.
            if attempt + 1 == TRIES:
                raise


def _add(letter: Letter, told: Mapping[str, Any], report: Report) -> None:
    _open_again(additions.add(letter, told, report))


def _open_again(closed: list[Item]) -> None:
    """A child may be in danger there: this waits for no look, and for no rest."""
    for item in closed:
        move_item(item, Move.REOPEN, WORKER, outcome="", classification="")


def _join(letter: Letter, told: Mapping[str, Any]) -> None:
    """In few statements, however many places, and the journal last: its lock is everybody's."""
    where = told["where"] if told["where"].strip() else additions.placeless(letter, told)
    reading = read(where, told["kind"])
    report = Report.objects.create(
        letter_id=letter.pk,
        received_hour=letter.received_hour,
        last_word_at=letter.received_hour,
        words=bytes(letter.words),
        left_out=reading.left_out,
        own=told["own"],
        flood=letter.flood,
    )
    arrivals.note(report, told)
    known, new = _items_of(reading.locators, letter.flood)
    said = told["said"] or says_more(where, len(reading.locators))
    _name_again(known, new, report, said=said)
    again.spoken_of(known, letter.flood, said=said or told["own"])
    mentions = [Mention(report=report, item=item) for item in (*known, *new)]
    Mention.objects.bulk_create(mentions)
    if told["receipt"]:
        receipts.begin(bytes.fromhex(told["receipt"]), report, told["reply_to"])
    for kind in Kind:
        subjects = [item.subject for item in new if item.kind == kind]
        if subjects:
            append_each(Verb.ITEM_JOINED, subjects, WORKER, kind=str(kind))
    more = {"left_out": reading.left_out} if reading.left_out else {}
    append(Verb.REPORT_OPENED, report.subject, WORKER, items=len(mentions), **more)
    if told["danger"]:
        _open_again(alarms.raise_alarm(report))
    keys.refuse_stale()


def _items_of(locators: list[Locator], flood: UUID | None) -> tuple[list[Item], list[Item]]:
    """The items of these places: the known ones, and those made now.

    Always in one order: two letters that name the same places must never wait for each other.
    `IntegrityError` if another letter made one of them meanwhile.
    """
    hashes = [keys.locator_hashes(place.kind, place.canonical) for place in locators]
    numbers = {hashed: n for n, several in enumerate(hashes) for hashed in several}
    moment = clock.now()
    later = FLOOD_LATER if flood else timedelta()
    turns = [later + turn_of(n, moment) for n in range(len(locators))]
    known = list(Item.objects.filter(locator_hash__in=list(numbers)).order_by("pk"))
    again = {item.pk: numbers[bytes(item.locator_hash)] for item in known}
    places = {hashes[n][0]: n for n in sorted({*numbers.values()} - {*again.values()})}
    new = [
        Item(
            kind=locators[n].kind,
            locator=keys.sealed(locators[n].canonical),
            locator_hash=hashed,
            domain_hash=keys.domain_hash(locators[n].domain) if locators[n].domain else None,
            created_at=moment,
            changed_at=moment,
            due_at=moment,
            asked_at=moment,
            turn_at=turns[n],
            flood=flood,
        )
        for hashed, n in sorted(places.items(), key=itemgetter(0))
    ]
    Item.objects.bulk_create(new)
    visit_once_more({pk: turns[n] for pk, n in again.items()})
    return known, new


def _name_again(known: list[Item], new: list[Item], report: Report, *, said: bool) -> None:
    """One report more names these; what that changes of their places in the queue."""
    hold(Item.objects.filter(pk__in=[item.pk for item in known]))
    named = Item.objects.filter(pk__in=[item.pk for item in (*known, *new)])
    more: dict[str, Any] = {"own": True} if report.own else {}
    if said:
        more["words_came"] = F("words_came") + 1
    # Where somebody else names what a flood named, it stands for itself.
    alone = {} if report.flood else {"flood": None}
    named.update(report_count=F("report_count") + 1, **more, **alone)
    place(named)


def visit_once_more(turns: Mapping[int, datetime]) -> None:
    """A known address is visited when reported again, as a new one would be.

    Who runs the reported site sees our visits. If a report of a known address caused none, that
    silence would tell them it is known. One visit for all reports of ten minutes, whatever the
    item's state; a closed item that changed is opened again by it (and one of which something new
    was said: `again`), a removed one that came back is seen at once. What waits for its visit
    already is brought forward (``turns``: by item).
    """
    moment = clock.now()
    long_ago = Q(asked_at=None) | Q(asked_at__lte=moment - ONE_VISIT_IN)
    concerned = Q(due_at__isnull=False) | (long_ago & Q(kind=Kind.WEB))
    known = Item.objects.filter(concerned, pk__in=list(turns))
    locked = list(known.order_by("pk").select_for_update(no_key=True))
    for item in locked:
        turn = turns[item.pk]
        item.turn_at = min(turn, item.turn_at) if item.due_at else turn
        if item.kind == Kind.WEB and (not item.asked_at or item.asked_at <= moment - ONE_VISIT_IN):
            item.asked_at = item.due_at = moment
    Item.objects.bulk_update(locked, ["turn_at", "asked_at", "due_at"], batch_size=500)
