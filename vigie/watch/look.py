"""One look of the watch: what is asked, in what order, and what the answers mean together.

It asks as a first look does: the page, then every picture the page shows, in its order. Who runs
the site must not be able to tell a watch from a first look, and so that something was confirmed.
"""

from collections.abc import Iterable

from vigie.cases.desk.selectors import pictures_to_watch
from vigie.items import keys
from vigie.items.models import Item
from vigie.lib import clock
from vigie.lib.fetch import Fetched
from vigie.tracing.egress import egress
from vigie.tracing.services import visit_seconds
from vigie.tracing.visit import Budget, page_at, picture_at, pictures_on
from vigie.watch.models import Check
from vigie.watch.verdict import Verdict, together, verdict_of


def look_again(item: Item) -> Check:
    """Ask once more for the page and its pictures; not saved. Nothing that was fetched is kept."""
    budget, place = Budget(visit_seconds()), keys.opened(item.locator)
    page = page_at(place, egress(), budget)
    shown = pictures_on(page)
    verdict = verdict_of(page, len(shown))
    watched = _watched_addresses(item) - {place, page.url}
    on_pictures = _verdicts_of([*shown, *sorted(watched - set(shown))], watched, budget)
    return Check(
        item=item,
        round=item.round,
        at=clock.now(),
        verdict=together([verdict, *on_pictures]),
        page=_in_words(page, verdict),
        pictures_gone=on_pictures.count(Verdict.GONE),
        pictures_asked=len(on_pictures),
    )


def _watched_addresses(item: Item) -> set[str]:
    """Where the pictures of the decision stood: they can outlive the page that showed them."""
    return {keys.opened(media.url) for media in pictures_to_watch(item)}


def _verdicts_of(urls: Iterable[str], watched: set[str], budget: Budget) -> list[Verdict]:
    """All are asked for, as in a first look; only what is said of the watched ones counts."""
    verdicts = []
    for url in urls:
        answer = picture_at(url, egress(), budget)
        if url in watched:
            verdicts.append(verdict_of(answer))
    return verdicts


def _in_words(page: Fetched, verdict: Verdict) -> str:
    if page.status is None:
        return str(page.outcome)
    return (
        "removal_page" if page.status == 200 and verdict == Verdict.GONE else f"http_{page.status}"
    )
