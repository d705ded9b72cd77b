"""Routing rules: the first that fits counts; tried before they are on; never a decision."""

from uuid import uuid4

import pytest

from tests.factories import a_confirmed_item, a_look, an_item, hosted
from vigie.cases.deciding.services import Decision, assess
from vigie.cases.desk.listing import Cursor, Filter, page_of
from vigie.cases.models import Opinion, Route, Ruleset
from vigie.cases.routes.routing import (
    NotTried,
    present,
    route_waiting,
    switch_on,
    trial,
    what_is_new,
    write,
)
from vigie.cases.routes.rules import BadRules, Facts, outcome_of, read
from vigie.items.flow import State
from vigie.items.models import Item
from vigie.items.ranking import HOUR, Reason, rank_of, reasons_of
from vigie.journal.models import Entry
from vigie.journal.verbs import Verb
from vigie.people.models import PendingAct
from vigie.tracing.facts import note_facts

KINDS = frozenset({"web", "account"})
PLAIN = Facts("BE", "web", "new", danger=False, own=False, flood=False, known_site=False)
HERE = '[[rule]]\nname = "here"\ncountry = ["BE", "NL"]\nlane = "ours"\nhours = 12\n'
TWO = '[[rule]]\nname = "with care"\ntwo = true\n'
REMIT = '[[rule]]\nname = "not ours"\ncountry = ["FR"]\nhand_over_to = "another line"\n'


@pytest.mark.pure
def test_the_first_rule_whose_conditions_all_hold_counts():
    rules = read(HERE + TWO, KINDS)
    assert outcome_of(rules, PLAIN).lane == "ours"
    other = Facts("FR", "web", "new", danger=False, own=False, flood=False, known_site=False)
    found = outcome_of(rules, other)
    assert (found.rule, found.two, found.lane) == ("with care", True, "")
    both = read('[[rule]]\nname = "n"\nkind = ["web"]\ndanger = true\nlane = "x"\n', KINDS)
    assert outcome_of(both, PLAIN).rule == ""


@pytest.mark.pure
@pytest.mark.parametrize(
    "wrong",
    [
        "rule = 1",
        "[[rule]]\nlane = 'no name'",
        "[[rule]]\nname = 'no outcome'\ndanger = true",
        "[[rule]]\nname = 'n'\nlane = ''",
        "[[rule]]\nname = 'n'\nhours = 9999",
        "[[rule]]\nname = 'n'\nhours = true",
        "[[rule]]\nname = 'n'\nlane = 'x'\nkind = ['cat']",
        "[[rule]]\nname = 'n'\nlane = 'x'\ncountry = []",
        "[[rule]]\nname = 'n'\nlane = 'x'\ndanger = 'yes'",
        "[[rule]]\nname = 'n'\nclassification = 'baseline'",
        HERE + HERE,
        "not toml",
    ],
)
def test_a_text_that_is_no_set_of_rules_is_refused_and_no_rule_can_decide(wrong):
    with pytest.raises(BadRules):
        read(wrong, KINDS)


def waits(path: str, country: str) -> Item:
    item = an_item(f"http://{path}.test/")
    hosted(a_look(item), country)
    note_facts(item)
    item.refresh_from_db()
    return item


def rules_on(text: str, by) -> Ruleset:
    made = write(text, by)
    trial(made, by)
    made.refresh_from_db()
    switch_on(made, by)
    return made


@pytest.mark.django_db(databases="__all__")
def test_the_dry_run_says_what_would_change_and_changes_nothing(lead, db):
    here, there = waits("here", "BE"), waits("there", "FR")
    made = write(HERE, lead)
    with pytest.raises(NotTried):
        switch_on(made, lead)
    found = trial(made, lead)
    assert (found.items, found.by_rule) == (2, [("here", 1), ("", 1)])
    ((item, was, to),) = found.changed
    assert (item, was.rule, to.lane) == (here, "", "ours")
    assert route_waiting() == 0 and not Route.objects.exists()
    assert there.head_start == 0 and Entry.objects.filter(verb=Verb.RULES_TRIED).count() == 1


@pytest.mark.django_db(databases="__all__")
def test_the_worker_routes_once_and_again_when_something_changed(lead, analyst):
    item, other = waits("here", "BE"), waits("there", "FR")
    before = item.rank
    rules_on(HERE, lead)
    assert (route_waiting(), route_waiting()) == (2, 0)
    item.refresh_from_db()
    assert item.rank == rank_of(item) == before - 12 * HOUR
    assert Reason.RULE in reasons_of(item)
    where = Filter.read({"lane": "ours"})
    assert page_of(analyst, where, Cursor())[0] == [item]
    Item.objects.filter(pk=other.pk).update(country="NL")
    assert route_waiting() == 1
    assert Route.objects.get(item=other).lane == "ours"


@pytest.mark.django_db(databases="__all__")
def test_an_earlier_set_is_a_way_back(lead):
    item = waits("here", "BE")
    first, second = rules_on("", lead), rules_on(HERE, lead)
    route_waiting()
    assert present() == second
    switch_on(first, lead)
    assert route_waiting() == 1
    item.refresh_from_db()
    assert (item.head_start, item.route.lane, item.rank) == (0, "", rank_of(item))
    assert Entry.objects.filter(verb=Verb.RULES_SWITCHED).count() == 3


@pytest.mark.django_db(databases="__all__")
def test_a_rule_asks_for_two_or_proposes_and_never_decides(lead, analyst, desk_client):
    two, remit = waits("here", "BE"), waits("there", "FR")
    rules_on(REMIT + TWO, lead)
    route_waiting()
    made = assess(two, analyst, Decision("not_illegal", two.looks.get().pk, reason="by its words"))
    assert isinstance(made, Opinion) and made.why == "rule"
    remit.refresh_from_db()
    assert remit.state == State.TO_ASSESS
    page = desk_client(analyst).get(f"/queue/items/{remit.pk}/").content.decode()
    assert 'value="another line"' in page and "not ours" in page


@pytest.mark.django_db(databases="__all__")
def test_a_site_that_was_confirmed_before_is_known(lead):
    a_confirmed_item("http://known.test/a", "BE")
    item = an_item("http://known.test/b")
    a_look(item)
    rules_on('[[rule]]\nname = "k"\nknown_site = true\nlane = "known"\n', lead)
    assert route_waiting() == 1
    assert Route.objects.get(item=item).lane == "known"


@pytest.mark.django_db(databases="__all__")
def test_at_the_desk_a_lead_writes_tries_and_switches_on(lead, manager, desk_client):
    waits("here", "BE")
    client = desk_client(lead)
    assert client.get("/queue/rules/").status_code == 200
    assert client.post("/queue/rules/write/", {"text": "nonsense"}).status_code == 422
    path = client.post("/queue/rules/write/", {"text": HERE})["Location"]
    made = Ruleset.objects.get()
    client.post(f"{path}on/", {"reason": "tried on all"})
    assert not PendingAct.objects.exists(), "nobody saw what it would do"
    assert "here" in client.get(path).content.decode()
    client.post(f"{path}on/")
    assert not PendingAct.objects.exists(), "the second person has to know why"
    client.post(f"{path}on/", {"reason": "the new site"})
    (asked,) = PendingAct.objects.all()
    reader = desk_client(manager)
    assert "the new site" in reader.get("/acts/").content.decode()
    assert client.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 409
    assert present() is None, "one person alone switches nothing on"
    assert reader.post(f"/acts/{asked.pk}/", {"answer": "approve"}).status_code == 302
    assert present() == made
    verbs = list(Entry.objects.values_list("verb", flat=True)[:2])
    assert verbs == ["act.answered", "rules.switched"]
    assert reader.get(path).status_code == 200
    assert reader.post("/queue/rules/write/", {"text": TWO}).status_code == 403


SITES = '[[rule]]\nname = "k"\nknown_site = true\nlane = "known"\ntwo = true\n'


@pytest.mark.django_db(databases="__all__")
def test_what_is_decided_on_a_site_sends_its_other_items_elsewhere_and_an_undo_sends_them_back(
    lead, analyst
):
    item, other = an_item("http://known.test/b"), an_item("http://known.test/c")
    a_look(item)
    a_look(other)
    rules_on(SITES, lead)
    before = what_is_new()
    assert (route_waiting(), Route.objects.filter(lane="known").count()) == (2, 0)
    a_confirmed_item("http://known.test/a", "BE")
    assert what_is_new() != before
    (opinion,) = [assess(Item.objects.get(pk=other.pk), analyst, _no(other))]
    assert isinstance(opinion, Opinion), "two are asked for, whatever the worker had found"
    assert (route_waiting(), route_waiting()) == (2, 0)
    assert Route.objects.get(item=item).lane == "known"
    Item.objects.exclude(classification="").update(classification="")
    assert (route_waiting(), route_waiting()) == (2, 0)
    assert Route.objects.get(item=item).lane == ""


@pytest.mark.django_db(databases="__all__")
def test_an_item_decided_before_the_worker_came_does_not_escape_the_rules(lead, analyst):
    item = waits("here", "BE")
    rules_on(TWO, lead)
    assert isinstance(assess(item, analyst, _no(item)), Opinion)
    assert not Route.objects.exists()


@pytest.mark.django_db(databases="__all__")
def test_what_leaves_a_flood_is_routed_anew(lead):
    item = waits("here", "BE")
    Item.objects.filter(pk=item.pk).update(flood=uuid4())
    rules_on('[[rule]]\nname = "f"\nflood = true\nlane = "later"\n', lead)
    assert (route_waiting(), Route.objects.get().lane) == (1, "later")
    Item.objects.filter(pk=item.pk).update(flood=None)
    assert (route_waiting(), Route.objects.get().lane) == (1, "")


@pytest.mark.django_db(databases="__all__")
def test_the_dry_run_compares_with_where_items_really_are(lead):
    waits("here", "BE")
    made = rules_on(HERE, lead)
    assert [item for item, _, _ in trial(made, lead).changed], "the worker was not there yet"
    route_waiting()
    assert not trial(made, lead).changed
    Item.objects.update(country="FR")
    assert trial(made, lead).changed, "the worker has not seen that yet"


def _no(item: Item) -> Decision:
    return Decision("not_illegal", item.looks.get().pk, reason="by its words")
