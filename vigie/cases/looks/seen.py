"""What somebody has seen of an item's pictures: at its address, or the same bytes at another.

The same bytes are the same picture wherever they stand: nobody is shown them once more because
they were reported again. At another address it counts only if the bytes that were really shown
there are those that the worker found here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import F

from vigie.cases.models import View
from vigie.items.models import Item
from vigie.lib.containers import STILLS
from vigie.lib.prepared import Prepared
from vigie.matching.verdicts import Verdict
from vigie.tracing.models import Media


class Sight(NamedTuple):
    """A look. ``found``: the SHA-256 of the item's picture, as the worker found it; ``sha256``: of
    the bytes that were shown. ``item``: at whose address."""

    found: str
    item: int
    at: datetime
    pk: int
    outcome: str
    md5: str
    sha1: str
    sha256: str
    large: bool
    outlines: bool
    still: int
    of: int


@dataclass(frozen=True)
class Stills:
    """How much of a video: so many of its stills. ``of``: so many does the viewer offer.
    ``sha256``: of the bytes that they were made from."""

    seen: int
    of: int
    sha256: str

    @property
    def whole(self) -> bool:
        return self.seen >= self.of


def sights_of(
    item: Item, media: Sequence[Media], verdicts: Sequence[Verdict], user_id: int
) -> list[Sight]:
    """All looks of this person, whatever came of them, at these pictures of an item.
    ``verdicts``: what is known of each.

    Those at other addresses first: what was shown here last is what counts. What people judged
    differently is looked at here, whoever decides.
    """
    found = {m.sha256 for m in media}
    here_alone = {m.sha256 for m, verdict in zip(media, verdicts, strict=True) if verdict.differ}
    here = _here(by=user_id, item=item.pk, found=found)
    elsewhere = _elsewhere(by=user_id, item=item.pk, found=found - here_alone - {""})
    every = (Sight(*row) for row in [*here, *elsewhere])
    return sorted(every, key=lambda one: (one.item == item.pk, one.at, one.pk))


_REST = Sight._fields[1:]
_here = Prepared(
    lambda by, item, found: View.objects.filter(
        by=by, item=item, media__sha256__in=[found]
    ).values_list("media__sha256", *_REST)
)
_elsewhere = Prepared(
    lambda by, item, found: (
        View.objects.filter(by=by, sha256__in=[found])
        .exclude(item=item)
        .values_list(F("sha256"), *_REST)
    )
)


def last_seen(sights: Iterable[Sight]) -> dict[str, Sight]:
    """Of each picture the look that counts; one of outlines only if they saw nothing else of it."""
    drawn_first = sorted(sights, key=lambda one: not one.outlines)
    return {one.found: one for one in drawn_first if one.outcome == "ok"}


def stills_seen(sights: Iterable[Sight]) -> dict[str, Stills]:
    """Of each video. Where a still came from other bytes than the one before it, counting begins
    anew."""
    numbers: dict[tuple[str, str], set[int]] = {}
    found: dict[str, Stills] = {}
    for one in sights:
        if not one.still or one.outcome not in ("ok", "no_more"):
            continue
        video, sha256 = one.found, one.sha256
        if video in found and found[video].sha256 != sha256:
            numbers[video, sha256] = set()
        seen = numbers.setdefault((video, sha256), set())
        seen.add(one.still)
        of = one.of or STILLS  # looks that did not keep it
        found[video] = Stills(len(seen & set(range(1, of + 1))), of, sha256)
    return found


def next_stills(sights: Iterable[Sight]) -> dict[str, int]:
    """Of each video: the still after the last that this person saw; 0 after all."""
    found: dict[str, int] = {}
    for one in sorted(sights, key=lambda one: one.still):
        if one.still and one.outcome in ("ok", "no_more"):
            more = one.outcome == "ok" and one.still < (one.of or STILLS)
            found[one.found] = one.still + 1 if more else 0
    return found
