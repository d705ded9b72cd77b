"""Partners' lists, page by page: each page and how far it got are kept in one transaction.

A worker that is killed goes on at the same page; a page that is read twice changes nothing. The
checkpoint moves on only when a window is drained, because no order of entries is promised.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.db import transaction

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.lib.partner import Partner, PartnerFailed
from vigie.matching.lists.clients import ncmec, stopncii
from vigie.matching.lists.loading import Progress, set_aside, silent
from vigie.matching.lists.models import HashList
from vigie.matching.lists.partners import FETCHED, BadPartners, Contract, contracts
from vigie.matching.lists.values import Bad, Entry
from vigie.matching.lists.writing import keep

# Windows overlap: their clock and ours differ, and what is read twice costs nothing.
OVERLAP = timedelta(minutes=10)


class NotConfigured(Exception):
    """The worker's `partners.toml` has no such partner (any longer)."""


def plan_lists() -> int:
    """A list for each partner that is configured; how many are new. Raises `BadPartners`."""
    wanted = {n: c for n, c in contracts(settings.KEYS).items() if c.protocol in FETCHED}
    known = dict(HashList.objects.filter(name__in=wanted).values_list("name", "source"))
    if any(source != wanted[name].protocol for name, source in known.items()):
        raise BadPartners("a partner has the name of another kind of list")
    for name, contract in wanted.items():
        if name not in known:
            HashList.objects.get_or_create(
                name=name,
                defaults={
                    "source": contract.protocol,
                    "owner": contract.owner[:120],
                    "due_at": clock.now(),
                },
            )
    return len(wanted.keys() - known.keys())


def contract_of(name: str) -> Contract:
    """Raises `NotConfigured`, `BadPartners`."""
    try:
        return contracts(settings.KEYS)[name]
    except KeyError:
        raise NotConfigured from None


def fetch_list(hash_list: HashList) -> datetime:
    """Under a lease: some pages, within half of it. When the list is due next."""
    contract = contract_of(hash_list.name)
    seconds = settings.LEASE_SECONDS / 2
    if fetch(hash_list, contract, "worker", seconds):
        return clock.now() + timedelta(seconds=contract.seconds)
    return clock.now()


def fetch(
    hash_list: HashList,
    contract: Contract,
    by: str,
    seconds: float = float("inf"),
    progress: Progress = silent,
) -> bool:
    """Fetch on from the checkpoint; True when all is in, False when ``seconds`` were over.

    Raises `PartnerFailed`; what was read until then is kept.
    """
    if contract.protocol != hash_list.source:
        raise NotConfigured
    step = {"ncmec": _ncmec_page, "stopncii": _stopncii_page}[contract.protocol]
    end, rows, seen = time.monotonic() + seconds, 0, set[str]()
    with contract.connect(max(1.0, min(60.0, seconds / 2))) as partner:
        for _ in count():
            page = _asked(hash_list, partner, step)
            if page.cursor and page.cursor in seen:
                _begin_window_again(hash_list)
                raise PartnerFailed("leads round in a circle")
            seen.add(page.cursor)
            _keep_page(hash_list, contract.protocol, page, by)
            rows += len(page.rows)
            progress(0, 0, rows)
            if not page.cursor:
                return True
            if time.monotonic() > end:
                return False
    raise AssertionError("unreachable")


@dataclass(frozen=True)
class _Page:
    """``cursor``: where the window goes on, empty when it is drained; ``checkpoint``: to keep."""

    rows: list[Entry | Bad]
    cursor: str
    checkpoint: dict[str, Any]
    window: str


Step = Callable[[Partner, dict[str, Any]], _Page]


def _asked(hash_list: HashList, partner: Partner, step: Step) -> _Page:
    """A page; a cursor that the partner no longer takes means its window once more."""
    try:
        return step(partner, hash_list.checkpoint)
    except PartnerFailed as failed:
        refused = failed.status is not None and 400 <= failed.status < 500
        if refused and failed.status not in (401, 403, 429) and "cursor" in hash_list.checkpoint:
            _begin_window_again(hash_list)
        raise


def _begin_window_again(hash_list: HashList) -> None:
    kept = {k: v for k, v in hash_list.checkpoint.items() if k not in ("cursor", "did")}
    hash_list.checkpoint = kept
    hash_list.save(update_fields=["checkpoint"])


def _ncmec_page(partner: Partner, kept: dict[str, Any]) -> _Page:
    """Kept: ``from``, and within a window ``to`` and ``cursor``."""
    begin = datetime.fromisoformat(kept["from"]) if "from" in kept else ncmec.FIRST
    end = datetime.fromisoformat(kept["to"]) if "cursor" in kept else clock.now()
    page = ncmec.page_of(partner, begin, end, kept.get("cursor", ""))
    window = f"{ncmec.stamp(begin)}/{ncmec.stamp(end)}"
    if not page.next:
        return _Page(page.rows, "", {"from": (end - OVERLAP).isoformat()}, window)
    within = {"from": begin.isoformat(), "to": end.isoformat(), "cursor": page.next}
    return _Page(page.rows, page.next, within, window)


def _stopncii_page(partner: Partner, kept: dict[str, Any]) -> _Page:
    """Kept: ``start``, and within a window ``cursor``."""
    start = int(kept.get("start", stopncii.FIRST))
    page = stopncii.page_of(partner, start, kept.get("cursor", ""))
    if not page.token:
        return _Page(page.rows, "", {"start": page.start}, f"from {start}")
    return _Page(page.rows, page.token, {"start": start, "cursor": page.token}, f"from {start}")


def _keep_page(hash_list: HashList, vocabulary: str, page: _Page, by: str) -> None:
    """A page and where to go on, in one transaction; at the end of a window what it did."""
    did = Counter(hash_list.checkpoint.get("did", {}))
    numbered = enumerate(page.rows, did["rows"] + 1)
    bad = [(number, row) for number, row in numbered if isinstance(row, Bad)]
    with transaction.atomic():
        kept = keep(hash_list, vocabulary, [r for r in page.rows if isinstance(r, Entry)])
        set_aside(hash_list, page.window, bad)
        did.update(rows=len(page.rows), new=kept.new, withdrawn=kept.withdrawn)
        did.update(set_aside=len(bad))
        hash_list.checkpoint = {**page.checkpoint, **({"did": did} if page.cursor else {})}
        hash_list.read_at = hash_list.read_at if page.cursor else clock.now()
        hash_list.save(update_fields=["checkpoint", "read_at"])
        if not page.cursor:
            append(Verb.LIST_FETCHED, hash_list.subject, by, **did)
