"""The sets of rules of this house, one of them switched on; and each item's route by it.

A set is never changed: another text is the next number. The worker routes what waits for a person,
anew whenever the rules or what they ask about have changed. A route is never a decision.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from vigie.cases.models import Assessment, Route, Ruleset, RulesetSwitch
from vigie.cases.routes.rules import Facts, Outcome, Rule, outcome_of, read
from vigie.intake.models import Report
from vigie.items.flow import State
from vigie.items.locators import Kind
from vigie.items.models import Item
from vigie.items.ranking import hold, place
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.staff.models import User
from vigie.tracing.models import Look

AT_ONCE = 200
TRIED_ON = 500  # the newest items
COPIED = ("report_count", "round", "country", "material", "danger", "own")


class NotTried(Exception):
    """A set is switched on only after somebody saw what it would do."""


@dataclass(frozen=True)
class Trial:
    """What a set would do with the newest items. ``changed``: (item, as it is, as it would be).

    "As it is" is the route that an item has, whichever rules gave it; one without has none. What is
    decided stays where it was: of these it is only counted which rule fits.
    """

    items: int
    by_rule: list[tuple[str, int]]
    changed: list[tuple[Item, Outcome, Outcome]]


def read_rules(text: str) -> tuple[Rule, ...]:
    """Raises `rules.BadRules`."""
    return read(text, frozenset(Kind))


def present() -> Ruleset | None:
    last = RulesetSwitch.objects.order_by("-pk").select_related("ruleset").first()
    return last.ruleset if last else None


def write(text: str, by: User) -> Ruleset:
    """Keep a set under the next number; nothing is routed by it yet. Raises `rules.BadRules`."""
    rules = read_rules(text)
    with transaction.atomic():
        made = Ruleset.objects.create(text=text, by=by, at=clock.now())
        append(Verb.RULES_WRITTEN, made.subject, by.actor, rules=len(rules))
    return made


def trial(ruleset: Ruleset, by: User) -> Trial:
    """The dry run: what these rules would do with the newest items. Changes none of them."""
    items = list(Item.objects.defer("locator").exclude(locator=b"").order_by("-pk")[:TRIED_ON])
    new, now = read_rules(ruleset.text), _outcomes(items)
    pairs = [
        (item, now.get(item.pk, Outcome()), outcome_of(new, facts))
        for item, facts in zip(items, _facts(items), strict=True)
    ]
    counted = Counter(to.rule for _, _, to in pairs)
    names = [*(rule.outcome.rule for rule in new), ""]
    with transaction.atomic():
        Ruleset.objects.filter(pk=ruleset.pk, tried_at=None).update(tried_at=clock.now())
        append(Verb.RULES_TRIED, ruleset.subject, by.actor, items=len(items))
    waits = State.TO_ASSESS
    changed = [(item, was, to) for item, was, to in pairs if was != to and item.state == waits]
    return Trial(len(items), [(name, counted[name]) for name in names], changed)


def _outcomes(items: Iterable[Item]) -> dict[int, Outcome]:
    """By item: where it was sent."""
    routes = Route.objects.filter(item__in=list(items)).select_related("item")
    return {
        one.item_id: Outcome(one.rule, one.lane, one.item.head_start, one.two, one.hand_over_to)
        for one in routes.defer("item__locator")
    }


def outcome_now(item: Item) -> Outcome:
    """What the rules say of an item at this moment, whether or not the worker was there."""
    ruleset = present()
    (facts,) = _facts([item])
    return outcome_of(read_rules(ruleset.text) if ruleset else (), facts)


def switch_on(ruleset: Ruleset, by: User) -> None:
    """From now on these; an earlier set is switched on in the same way. Raises `NotTried`.

    On the desk it takes two people: see `switching`.
    """
    if ruleset.tried_at is None:
        raise NotTried(str(ruleset))
    with transaction.atomic():
        RulesetSwitch.objects.create(ruleset=ruleset, by=by, at=clock.now())
        append(Verb.RULES_SWITCHED, ruleset.subject, by.actor)


def what_is_new() -> tuple[int, ...]:
    """A look, a report, a switch or a decision can bring work here. (An undo: within a minute.)"""
    models = (Look, Report, RulesetSwitch, Assessment)
    newest = (model._default_manager.aggregate(n=Max("pk"))["n"] for model in models)
    return tuple(number or 0 for number in newest)


def route_waiting() -> int:
    """Give what waits for a person its route; how many. The work list is a query."""
    ruleset = present()
    if ruleset is None:
        return 0
    rules = read_rules(ruleset.text)
    with transaction.atomic():
        due = _unrouted(ruleset, _ask_for_sites(rules))
        items = list(Item.objects.filter(pk__in=hold(due)).defer("locator"))
        for item, facts in zip(items, _facts(items), strict=True):
            _route(item, ruleset, facts, outcome_of(rules, facts))
        place(Item.objects.filter(pk__in=[item.pk for item in items]))
    return len(items)


def _ask_for_sites(rules: Iterable[Rule]) -> bool:
    return any(name == "known_site" for rule in rules for name, _among in rule.conditions)


def _unrouted(ruleset: Ruleset, sites: bool) -> QuerySet[Item]:
    """``sites``: the rules ask whether a site was confirmed before. Else nobody looks it up."""
    same = Q(**{f"route__{name}": F(name) for name in COPIED}, route__ruleset=ruleset)
    same &= Q(route__in_flood=True, flood__isnull=False) | Q(
        route__in_flood=False, flood__isnull=True
    )
    waiting = Item.objects.filter(state=State.TO_ASSESS)
    if sites:
        confirmed = Exists(_confirmed().filter(domain_hash=OuterRef("domain_hash")))
        waiting = waiting.annotate(known=confirmed)
        same &= Q(route__known_site=F("known"))
    routed = waiting.filter(same).values("pk")
    due = waiting.exclude(pk__in=routed).order_by("pk").values("pk")[:AT_ONCE]
    return Item.objects.filter(pk__in=[row["pk"] for row in due])


def _confirmed() -> QuerySet[Item]:
    return Item.objects.exclude(classification="").exclude(pk=OuterRef("pk"))


def _route(item: Item, ruleset: Ruleset, facts: Facts, to: Outcome) -> None:
    row = {name: getattr(item, name) for name in COPIED}
    row |= {"ruleset": ruleset, "rule": to.rule, "lane": to.lane, "two": to.two}
    row |= {"hand_over_to": to.hand_over_to}
    row |= {"in_flood": facts.flood, "known_site": facts.known_site}
    Route.objects.update_or_create(item=item, defaults=row)
    Item.objects.filter(pk=item.pk).update(head_start=to.hours)


def _facts(items: Iterable[Item]) -> list[Facts]:
    asked = list(items)
    domains = {bytes(item.domain_hash) for item in asked if item.domain_hash}
    confirmed = Item.objects.filter(~Q(classification=""), domain_hash__in=domains)
    known: dict[bytes, set[int]] = {}
    for domain, pk in confirmed.values_list("domain_hash", "pk"):
        known.setdefault(bytes(domain or b""), set()).add(pk)
    return [
        Facts(
            country=item.country,
            kind=item.kind,
            material=item.material,
            danger=item.danger,
            own=item.own,
            flood=item.flood is not None,
            known_site=bool(_of_site(item, known) - {item.pk}),
        )
        for item in asked
    ]


def _of_site(item: Item, known: dict[bytes, set[int]]) -> set[int]:
    return known.get(bytes(item.domain_hash), set()) if item.domain_hash else set()
