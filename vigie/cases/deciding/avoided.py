"""The first measure of the desk: how many items were confirmed without anybody's look.

One definition, for the manager's page and for the scripted day: of the items that were confirmed
and have pictures, those that were decided about some of these, and of which no still was shown to
anybody before (one that rests on its person's look at the same bytes elsewhere was looked at). On
words alone, over pictures that nobody knows, no look was avoided: it was left out. Items without
pictures (words, accounts) are counted apart.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from vigie.cases.models import CONFIRMING, SENT, AssessedPicture, Assessment, View
from vigie.tracing.selectors import hashed


def with_views(decisions: QuerySet[Assessment]) -> QuerySet[Any]:
    """The same decisions; of each: ``pictured``, its item had pictures; ``named``, it is about some
    of them; ``viewed``, a still of it had been shown to somebody. (Rows of looks are erased in
    time; what was judged says it too.)"""
    named = AssessedPicture.objects.filter(assessment=OuterRef("pk"))
    shown = View.objects.filter(item=OuterRef("item"), outcome__in=SENT, at__lte=OuterRef("at"))
    return decisions.annotate(
        pictured=Exists(hashed().filter(look=OuterRef("look"))) | Exists(named),
        named=Exists(named),
        viewed=Exists(shown) | Exists(named.filter(seen=True)),
    )


@dataclass(frozen=True)
class Avoided:
    """Items. ``confirmed``: all; ``pictured``: those that have pictures; ``unlooked``: of these,
    those that were decided by what is known, without anybody's look. ``by_policy``: confirmed
    without a person. ``shown``: stills, to all people together, of the items that have pictures."""

    confirmed: int
    pictured: int
    unlooked: int
    by_policy: int
    shown: int

    @property
    def textual(self) -> int:
        return self.confirmed - self.pictured

    @property
    def percent(self) -> int | None:
        return round(100 * self.unlooked / self.pictured) if self.pictured else None

    @property
    def shown_each(self) -> float | None:
        return round(self.shown / self.pictured, 1) if self.pictured else None


def avoided(decisions: QuerySet[Assessment]) -> Avoided:
    """Of the items that these decisions confirmed, each by the last of them that still stands."""
    standing = decisions.filter(taken_back_at=None)
    confirming = standing.filter(classification__in=[one.value for one in CONFIRMING])
    rows = with_views(confirming).order_by("pk")
    last = {
        item: (pictured, named and not viewed, by is None)
        for item, by, pictured, named, viewed in rows.values_list(
            "item", "by", "pictured", "named", "viewed"
        )
    }
    pictured = [item for item, (has, _spared, _policy) in last.items() if has]
    shown = View.objects.filter(item__in=pictured, outcome__in=SENT)
    return Avoided(
        confirmed=len(last),
        pictured=len(pictured),
        unlooked=sum(last[item][1] for item in pictured),
        by_policy=sum(policy for _has, _spared, policy in last.values()),
        shown=shown.count(),
    )
