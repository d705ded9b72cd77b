"""The watch: two spaced looks that agree close an item; a later one that disagrees opens it."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from vigie.items.flow import WATCHED, Move, Stale, State
from vigie.items.locators import Kind
from vigie.items.models import Item
from vigie.items.services import WORKER, move_item, set_due
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.work import plan_each
from vigie.tracing.egress import may_fetch
from vigie.watch.look import look_again
from vigie.watch.models import Check
from vigie.watch.verdict import Verdict

# Two looks count as spaced when at least this share of the interval lies between them.
SPACED = 0.9
# Looks at even intervals are a signature in a host's log: each comes this share earlier or later.
JITTER = 0.25
_chance = secrets.SystemRandom()


def plan_checks() -> int:
    """Items that are watched and have no next look get one."""
    unplanned = Item.objects.filter(
        state__in=[s.value for s in WATCHED], kind=Kind.WEB, due_at=None, lease_until=None
    ).exclude(locator=b"")
    return plan_each(unplanned.order_by("attempts", "pk")[:200], _plan_check)


def _plan_check(item: Item) -> None:
    set_due(item, clock.now() + _pause(settings.WATCH_SECONDS))


def _pause(seconds: float, least: float = 1 - JITTER) -> timedelta:
    return timedelta(seconds=seconds * _chance.uniform(least, 1 + JITTER))


def check_item(item: Item) -> datetime | None:
    """Look again, write down what was seen, and move the item if two looks agree."""
    if not may_fetch():
        return clock.now() + timedelta(seconds=settings.WATCH_SECONDS)
    found = look_again(item)
    gone_since = _gone_since(item)
    with transaction.atomic():
        found.save(force_insert=True)
        append(Verb.ITEM_CHECKED, item.subject, WORKER, check=found.pk, verdict=found.verdict)
    try:
        _move_on(item, found, gone_since)
    except Stale:
        pass  # moved by a colleague meanwhile: the evidence stands, the next look decides
    return _next_look(item, found)


def _move_on(item: Item, found: Check, gone_since: datetime | None) -> None:
    if item.state == State.REMOVED:
        if found.verdict == Verdict.THERE:
            move_item(item, Move.REAPPEAR, WORKER, outcome="", due_at=None)
    elif found.verdict == Verdict.GONE and _spaced(gone_since, found.at):
        move_item(item, Move.REMOVE, WORKER, outcome="removed")


def _next_look(item: Item, found: Check) -> datetime | None:
    """When to look next; None when there is nothing to watch any more.

    By what the item is now and not by what it was before the look: a colleague may have ended it.
    """
    item.refresh_from_db()
    if State(item.state) not in WATCHED:
        return None
    if item.state == State.REMOVED:
        return found.at + _pause(settings.REMOVED_WATCH_SECONDS)
    # The look that may make it *removed* never comes too early to count.
    least = SPACED if found.verdict == Verdict.GONE else 1 - JITTER
    return found.at + _pause(settings.WATCH_SECONDS, least)


def _gone_since(item: Item) -> datetime | None:
    """When this round's unbroken run of looks that found it gone began; None: the last did not.

    The beginning and not the last look: reports of the same address cause looks of their own, and
    however close together those are, they must not keep an item from being removed.
    """
    looks = item.checks.filter(round=item.round)
    other = looks.exclude(verdict=Verdict.GONE).first()
    run = looks.filter(pk__gt=other.pk) if other else looks
    return run.values_list("at", flat=True).last()


def _spaced(since: datetime | None, until: datetime) -> bool:
    apart = timedelta(seconds=settings.WATCH_SECONDS * SPACED)
    return since is not None and until - since >= apart
