"""One page of the queue: a walk along an index, from where the page before ended.

Nothing here counts all rows or skips over some: neither a million items nor a flood make it slow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from heapq import merge
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from vigie.cases.claims import live
from vigie.cases.deciding.opinions import of_item
from vigie.cases.routes.lanes import lanes_of
from vigie.items.flow import WAITING, State
from vigie.items.locators import Kind
from vigie.items.models import MATERIAL, Item
from vigie.items.ranking import CALM, CALM_FLOOD, FLOOD
from vigie.lib import clock
from vigie.lib.numbers import whole_number
from vigie.people.teams import colleagues_of
from vigie.staff.models import User
from vigie.staff.permissions import Permission

PAGE = 25
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class Filter:
    """What of the queue is asked for. As an address writes it, and as a person keeps it."""

    state: State = State.TO_ASSESS
    flood: UUID | None = None
    country: str = ""
    kind: str = ""
    material: str = ""
    danger: bool = False
    own: bool = False
    lane: str = ""  # as a routing rule says
    ours: bool = False  # in a lane of a team of mine
    mine: bool = False  # in my hands
    team: bool = False  # in my hands, or those of somebody in a team of mine
    free: bool = False  # in nobody's
    second: bool = False  # a second assessment is wanted, by somebody like me
    differ: bool = False  # two assessments differ: for a lead
    known_site: bool = False  # something of this site was confirmed before
    like: int | None = None  # of the site of this item

    @classmethod
    def read(cls, data: Mapping[str, str]) -> "Filter":
        """Raises ValueError for what means nothing."""
        flags = {f.name: data.get(f.name) == "yes" for f in fields(cls) if f.type is bool}
        like = data.get("like", "").strip().upper().removeprefix("I-")
        country, kind = data.get("country", "").strip().upper(), data.get("kind", "")
        material = data.get("material", "")
        if like and whole_number(like) is None:
            raise ValueError("like")
        if country and not (country.isascii() and country.isalpha() and len(country) == 2):
            raise ValueError("country")
        if kind not in {"", *Kind} or material not in {"", *dict(MATERIAL)}:
            raise ValueError("kind")
        return cls(
            state=State(data.get("state") or State.TO_ASSESS),
            flood=UUID(data["flood"]) if data.get("flood") else None,
            country=country,
            kind=kind,
            material=material,
            lane=data.get("lane", "").strip()[:30],
            like=whole_number(like) if like else None,
            **flags,
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What differs from the whole queue of this state."""
        told = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "state"}
        return {
            name: "yes" if value is True else str(value) for name, value in told.items() if value
        }

    @property
    def query(self) -> str:
        return urlencode({"state": str(self.state), **self.chosen})


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: what follows has a greater (rank, number)."""

    rank: int = -1
    pk: int = 0

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Raises ValueError."""
        if not text:
            return cls()
        rank, pk = (whole_number(part) for part in text.split(".", 1))
        if rank is None or pk is None:
            raise ValueError("after")
        return cls(rank, pk)

    def __str__(self) -> str:
        return f"{self.rank}.{self.pk}"


def page_of(
    user: User, items: QuerySet[Item], where: Filter, after: Cursor
) -> tuple[list[Item], Cursor | None]:
    """A page of these items, and where the next begins; None if this is the last."""
    if where.state in WAITING and not user.may(Permission.ASSESS):
        return [], None  # what is not confirmed yet is not theirs: nothing to walk along
    found = _asked(items, where, user)
    walks = [found.filter(state=where.state, **_band(where))]
    if where.state == State.TO_ASSESS:  # of what waits for the worker: what cannot wait
        end = CALM_FLOOD if where.flood else CALM
        walks.append(found.filter(state=State.NEW, rank__lt=end))
    return _page([beyond(walk, after) for walk in walks])


def beyond(items: QuerySet[Item], after: Cursor) -> QuerySet[Item]:
    """What follows, in the order of the queue."""
    rest = items.filter(rank__gte=after.rank).exclude(rank=after.rank, pk__lte=after.pk)
    return rest.order_by("rank", "pk")


def found_page(items: QuerySet[Item], after: Cursor) -> tuple[list[Item], Cursor | None]:
    """A page of what a search found."""
    return _page([beyond(items, after)])


def _page(walks: list[QuerySet[Item]]) -> tuple[list[Item], Cursor | None]:
    streams: Iterator[Item] = merge(
        *(walk[: PAGE + 1] for walk in walks), key=lambda item: (item.rank, item.pk)
    )
    items = list(islice(streams, PAGE + 1))
    shown = items[:PAGE]
    more = Cursor(shown[-1].rank, shown[-1].pk) if len(items) > PAGE else None
    return shown, more


def _band(where: Filter) -> dict[str, int]:
    """Without one of its own, a flood is one line of the queue and not its pages."""
    return {"rank__lt": FLOOD} if where.state in WAITING and not where.flood else {}


def _asked(items: QuerySet[Item], where: Filter, user: User) -> QuerySet[Item]:
    named: dict[str, object] = {"flood": where.flood, "country": where.country, "kind": where.kind}
    named |= {"material": where.material, "danger": where.danger, "own": where.own}
    named["route__lane"] = where.lane
    found = items.filter(**{name: value for name, value in named.items() if value})
    if where.ours:
        found = found.filter(route__lane__in=lanes_of(user))
    if where.mine:
        found = found.filter(claim__by=user, claim__until__gt=clock.now())
    if where.team:
        held = live().filter(by__in=colleagues_of(user))
        found = found.filter(pk__in=held.values("item"))
    if where.free:
        found = found.exclude(Exists(live().filter(item=OuterRef("pk"))))
    if where.second:
        found = found.filter(Exists(of_item())).exclude(
            Exists(of_item().filter(Q(by=user) | Q(place=2)))
        )
    if where.differ:
        found = found.filter(Exists(of_item().filter(place=2)))
    if where.known_site:
        confirmed = Item.objects.filter(~Q(classification=""), domain_hash=OuterRef("domain_hash"))
        found = found.filter(Exists(confirmed.exclude(pk=OuterRef("pk"))))
    if where.like:
        site = Item.objects.filter(pk=where.like).exclude(domain_hash=None)
        domain = site.values_list("domain_hash", flat=True).first()
        found = found.filter(domain_hash=domain) if domain else found.filter(pk=where.like)
    return found


class _UpTo(Subquery):
    """How many rows a slice of a question has: several such answers come by one question."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS slice)"
    output_field = IntegerField()


def counts(user: User, items: QuerySet[Item]) -> dict[str, str]:
    """How many are in each state; past `MOST_COUNTED` nobody counts on."""
    states = [s for s in State if s not in WAITING or user.may(Permission.ASSESS)]
    found = counted_together(user, [items.filter(state=s).order_by("rank") for s in states])
    return {str(s): n for s, n in zip(states, found, strict=True)}


def counted_together(user: User, parts: list[QuerySet[Item]]) -> list[str]:
    """As `counted`, each of them, by one question."""
    asked = [_UpTo(_counted_part(part)) for part in parts]
    return [_in_words(n) for n in User.objects.filter(pk=user.pk).values_list(*asked).get()]


def counted(items: QuerySet[Item]) -> str:
    """``items``: in an order that an index has. Without one, a whole table may be read for it."""
    return _in_words(_counted_part(items).count())


def _counted_part(items: QuerySet[Item]) -> QuerySet[Item, Any]:
    return items.values("pk")[: MOST_COUNTED + 1]


def _in_words(number: int) -> str:
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
