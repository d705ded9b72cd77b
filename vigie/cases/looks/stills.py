"""How much of a video somebody has seen: so many of its stills, all made from the same bytes."""

from dataclasses import dataclass

from vigie.cases.models import View
from vigie.items.models import Item
from vigie.lib.containers import STILLS


@dataclass(frozen=True)
class Stills:
    """``of``: so many does the viewer offer. ``sha256``: of the bytes that they were made from."""

    seen: int
    of: int
    sha256: str

    @property
    def whole(self) -> bool:
        return self.seen >= self.of


def stills_seen(item: Item, user_id: int) -> dict[str, Stills]:
    """By the SHA-256 of each video, as the worker found it. Where a still came from other bytes
    than the one before it, counting begins anew."""
    views = View.objects.filter(item=item, by=user_id, still__gt=0, outcome__in=("ok", "no_more"))
    told = views.order_by("at", "pk").values_list("media__sha256", "sha256", "still", "of")
    numbers: dict[tuple[str, str], set[int]] = {}
    found: dict[str, Stills] = {}
    for video, sha256, still, of in told:
        if video in found and found[video].sha256 != sha256:
            numbers[video, sha256] = set()
        seen = numbers.setdefault((video, sha256), set())
        seen.add(still)
        of = of or STILLS  # looks that did not keep it
        found[video] = Stills(len(seen & set(range(1, of + 1))), of, sha256)
    return found
