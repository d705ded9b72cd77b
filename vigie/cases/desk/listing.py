"""One page of the queue: a walk along an index, from where the page before ended.

Nothing here counts all rows or skips over some: neither a million items nor a flood make it slow.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache, partial
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
from vigie.items.selectors import visible_parts
from vigie.lib import clock
from vigie.lib.numbers import whole_number
from vigie.lib.prepared import Blank, Prepared
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


def page_of(user: User, where: Filter, after: Cursor) -> tuple[list[Item], Cursor | None]:
    """A page of what they see, and where the next begins; None if this is the last."""
    if where.state in WAITING and not user.may(Permission.ASSESS):
        return [], None  # what is not confirmed yet is not theirs: nothing to walk along
    given, flags = _given(where, user), _flags(where)
    walks = [(where.state, FLOOD if where.state in WAITING and not where.flood else None)]
    if where.state == State.TO_ASSESS:  # of what waits for the worker: what cannot wait
        walks.append((State.NEW, CALM_FLOOD if where.flood else CALM))
    asked = [ask for state, below in walks for ask in _walks(user.role, state, below, flags)]
    return _page([ask(rank=after.rank, pk=after.pk, **given) for ask in asked])


@lru_cache(maxsize=200)
def _walks(
    role: str, state: State, below: int | None, flags: frozenset[str]
) -> list[Prepared[Item]]:
    """``below``: ranks. Without one of its own, a flood is one line of the queue and not its pages.
    ``flags``: as of `_narrowed`; what somebody sees is a matter of their role alone."""
    found = [part.filter(state=state) for part in visible_parts(User(role=role))]
    bands = found if below is None else [part.filter(rank__lt=below) for part in found]
    return [Prepared(partial(_from, band, flags)) for band in bands]


def _from(
    band: QuerySet[Item], flags: frozenset[str], rank: Blank, pk: Blank, **given: Blank
) -> QuerySet[Item]:
    return beyond(_narrowed(band, flags, given), rank, pk)[: PAGE + 1]


def beyond(items: QuerySet[Item], rank: Any, pk: Any) -> QuerySet[Item]:
    """What follows, in the order of the queue. ``rank``, ``pk``: numbers, or blanks."""
    rest = items.filter(rank__gte=rank).exclude(rank=rank, pk__lte=pk)
    return rest.order_by("rank", "pk")


def found_page(items: QuerySet[Item], after: Cursor) -> tuple[list[Item], Cursor | None]:
    """A page of what a search found."""
    return _page([beyond(items, after.rank, after.pk)[: PAGE + 1]])


def _page(walks: Sequence[Iterable[Item]]) -> tuple[list[Item], Cursor | None]:
    streams: Iterator[Item] = merge(*walks, key=lambda item: (item.rank, item.pk))
    items = list(islice(streams, PAGE + 1))
    shown = items[:PAGE]
    more = Cursor(shown[-1].rank, shown[-1].pk) if len(items) > PAGE else None
    return shown, more


def _flags(where: Filter) -> frozenset[str]:
    names = [f.name for f in fields(where) if f.type is bool]
    return frozenset(name for name in names if getattr(where, name))


def _given(where: Filter, user: User) -> dict[str, object]:
    """The values that the question asks with, by the name that `_narrowed` has for them."""
    named = ("flood", "country", "kind", "material", "lane")
    given = {name: value for name in named if (value := getattr(where, name))}
    if where.ours:
        given["lanes"] = lanes_of(user)
    if where.mine or where.second:
        given["by"] = user.pk
    if where.team:
        given["team"] = colleagues_of(user)
    if where.mine or where.team or where.free:
        given["now"] = clock.now()
    if where.like:
        site = Item.objects.filter(pk=where.like).exclude(domain_hash=None)
        domain = site.values_list("domain_hash", flat=True).first()
        given["domain" if domain else "one"] = bytes(domain) if domain else where.like
    return given


OF_ITEM = {
    **{name: name for name in ("flood", "country", "kind", "material")},
    **{"lane": "route__lane", "domain": "domain_hash", "one": "pk"},
}


def _narrowed(
    items: QuerySet[Item], flags: frozenset[str], given: Mapping[str, Any]
) -> QuerySet[Item]:
    """``flags``: fields of `Filter` that are asked for. ``given``: blanks, as of `_given`."""
    found = items.filter(**{OF_ITEM[name]: v for name, v in given.items() if name in OF_ITEM})
    found = found.filter(**{name: True for name in ("danger", "own") if name in flags})
    if "ours" in flags:
        found = found.filter(route__lane__in=[given["lanes"]])
    if "mine" in flags:
        found = found.filter(claim__by=given["by"], claim__until__gt=given["now"])
    if "team" in flags:
        held = live(given["now"]).filter(by__pk__in=[given["team"]])
        found = found.filter(pk__in=held.values("item"))
    if "free" in flags:
        found = found.exclude(Exists(live(given["now"]).filter(item=OuterRef("pk"))))
    if "second" in flags:
        mine_or_second = Q(by=given["by"]) | Q(place=2)
        found = found.filter(Exists(of_item())).exclude(Exists(of_item().filter(mine_or_second)))
    if "differ" in flags:
        found = found.filter(Exists(of_item().filter(place=2)))
    if "known_site" in flags:
        confirmed = Item.objects.filter(~Q(classification=""), domain_hash=OuterRef("domain_hash"))
        found = found.filter(Exists(confirmed.exclude(pk=OuterRef("pk"))))
    return found


class UpTo(Subquery):
    """How many rows a slice of a question has: several such answers come by one question."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS slice)"
    output_field = IntegerField()


def counts(user: User) -> dict[str, str]:
    """How many they see of each state; past `MOST_COUNTED` nobody counts on."""
    states = [s for s in State if s not in WAITING or user.may(Permission.ASSESS)]
    (found,) = _in_states(user.role, *states)(by=user.pk)
    parts = len(found) // len(states)
    several = [sum(found[at : at + parts]) for at in range(0, len(found), parts)]
    return {str(s): number_words(n) for s, n in zip(states, several, strict=True)}


@cache
def _in_states(role: str, *states: State) -> Prepared[tuple[int, ...]]:
    """Of each state, of each part that somebody sees: a matter of their role alone."""
    parts = visible_parts(User(role=role))
    asked = [part.filter(state=state).order_by("rank") for state in states for part in parts]
    return Prepared(lambda by: counted_together(by, asked))


def counted_together(by: Blank, parts: list[QuerySet[Item]]) -> QuerySet[User, Any]:
    """How many each of them has, up to one more than are counted; in an order that an index has:
    without one, a whole table may be read for it."""
    asked = [UpTo(part.values("pk")[: MOST_COUNTED + 1]) for part in parts]
    return User.objects.filter(pk=by).values_list(*asked)


def number_words(number: int) -> str:
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
