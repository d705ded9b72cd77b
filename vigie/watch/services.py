"""The watch: two spaced looks that agree close an item; a later one that disagrees opens it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from vigie.cases.selectors import judged_pictures
from vigie.items import keys
from vigie.items.flow import WATCHED, Move, Stale, State
from vigie.items.locators import Kind
from vigie.items.models import Item
from vigie.items.services import WORKER, move_item, set_due
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.fetch import Fetched, fetch
from vigie.tracing.egress import egress, may_fetch
from vigie.tracing.services import visit_seconds
from vigie.tracing.visit import PAGE_LIMITS, PICTURE_LIMITS, Budget, pictures_on
from vigie.watch.models import Check
from vigie.watch.verdict import Verdict, together, verdict_of

# Two looks count as spaced when at least this share of the interval lies between them.
SPACED = 0.9


def plan_checks() -> int:
    """Items that are watched and have no next look get one."""
    unplanned = Item.objects.filter(
        state__in=[s.value for s in WATCHED], kind=Kind.WEB, due_at=None, lease_until=None
    )
    due_at = clock.now() + timedelta(seconds=settings.WATCH_SECONDS)
    items = list(unplanned[:200])
    for item in items:
        set_due(item, due_at)
    return len(items)


def check_item(item: Item) -> datetime | None:
    """Look again, write down what was seen, and move the item if two looks agree."""
    pause = timedelta(seconds=settings.WATCH_SECONDS)
    if not may_fetch():
        return clock.now() + pause
    found = _look(item)
    gone_since = _gone_since(item)
    with transaction.atomic():
        found.save(force_insert=True)
        append(Verb.ITEM_CHECKED, item.subject, WORKER, check=found.pk, verdict=found.verdict)
    try:
        if item.state == State.REMOVED:
            if found.verdict == Verdict.THERE:
                move_item(
                    item, Move.REAPPEAR, WORKER, outcome="", round=F("round") + 1, due_at=None
                )
                return None
            return found.at + timedelta(seconds=settings.REMOVED_WATCH_SECONDS)
        if found.verdict == Verdict.GONE and _spaced(gone_since, found.at):
            move_item(item, Move.REMOVE, WORKER, outcome="removed")
            return found.at + timedelta(seconds=settings.REMOVED_WATCH_SECONDS)
    except Stale:
        pass  # moved by a colleague meanwhile: the evidence stands, the next look decides
    return found.at + pause


def _gone_since(item: Item) -> datetime | None:
    """When the unbroken run of looks that found it gone began; None when the last did not.

    The beginning and not the last look: reports of the same address cause looks of their own, and
    however close together those are, they must not keep an item from being removed.
    """
    other = item.checks.exclude(verdict=Verdict.GONE).first()
    run = item.checks.filter(pk__gt=other.pk) if other else item.checks.all()
    return run.values_list("at", flat=True).last()


def _spaced(since: datetime | None, until: datetime) -> bool:
    apart = timedelta(seconds=settings.WATCH_SECONDS * SPACED)
    return since is not None and until - since >= apart


def _look(item: Item) -> Check:
    budget = Budget(visit_seconds())
    page = fetch(keys.opened(item.locator), egress(), budget.of(PAGE_LIMITS))
    shown = len(pictures_on(page))
    verdicts = [verdict_of(page, shown)]
    addresses = _judged_addresses(item)
    answers = [fetch(url, egress(), budget.of(PICTURE_LIMITS)) for url in addresses]
    on_pictures = [verdict_of(answer) for answer in answers]
    return Check(
        item=item,
        at=clock.now(),
        verdict=together(verdicts + on_pictures),
        page=_in_words(page, verdicts[0]),
        pictures_gone=on_pictures.count(Verdict.GONE),
        pictures_asked=len(on_pictures),
    )


def _judged_addresses(item: Item) -> list[str]:
    """Where the judged pictures stood: they can outlive the page that showed them."""
    urls = {keys.opened(picture.media.url) for picture in judged_pictures(item)}
    return sorted(urls - {keys.opened(item.locator)})


def _in_words(page: Fetched, verdict: Verdict) -> str:
    if page.status is None:
        return str(page.outcome)
    return (
        "removal_page" if page.status == 200 and verdict == Verdict.GONE else f"http_{page.status}"
    )
