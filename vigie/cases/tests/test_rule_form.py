"""Rules by a form: the same set as by text, in any order, and nothing kept before the end."""

from itertools import pairwise

import pytest

from vigie.cases.models import Ruleset
from vigie.cases.routes.routing import read_rules, write
from vigie.cases.routes.rule_forms import RuleForm, RulesForm, initial_of, moved
from vigie.cases.routes.rule_words import words_of
from vigie.cases.routes.rules import given
from vigie.lib.rulebook import tables

EVERYTHING = """
[[rule]]
name = "all there is: \\"quoted\\""
country = ["BE", ""]
kind = ["web", "account"]
material = ["new", ""]
danger = true
own = false
flood = false
known_site = true
lane = "one"
hours = -5
two = true
hand_over_to = "another line"

[[rule]]
name = "stays as it is"
hours = 0

[[rule]]
name = "two"
two = true
"""


def as_posted(rows: list[dict], act: str = "keep") -> dict:
    """What a browser sends of these rows."""
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "act": act}
    for n, row in enumerate(rows):
        shown = {name: v for name, v in row.items() if v is not None and v is not False}
        data |= {f"form-{n}-{name}": "on" if v is True else v for name, v in shown.items()}
    return data


def rows_of(text: str) -> list[dict]:
    return [initial_of(rule) for rule in read_rules(text)]


@pytest.mark.pure
def test_a_set_goes_through_the_form_and_comes_out_the_same():
    rules = read_rules(EVERYTHING)
    again = RulesForm(as_posted(rows_of(EVERYTHING)))
    assert again.is_valid(), again.errors
    assert read_rules(again.text) == rules
    assert read_rules(tables("rule", [given(rule) for rule in rules])) == rules


@pytest.mark.pure
@pytest.mark.parametrize(
    ("field", "wrong"),
    [("name", ""), ("country", "Belgium"), ("country", "BE;NL"), ("kind", ["cat"]),
     ("hours", "9999"), ("hours", "many"), ("lane", "x" * 31), ("danger", "perhaps")],
)  # fmt: skip
def test_what_is_no_rule_is_said_at_its_field(field, wrong):
    form = RuleForm({"name": "n", "lane": "x", field: wrong})
    assert field in form.errors


@pytest.mark.pure
def test_a_rule_that_does_nothing_and_two_of_one_name_are_refused():
    assert RuleForm({"name": "n", "danger": "yes"}).non_field_errors()
    assert RuleForm({"name": "n", "hours": "0"}).is_valid(), "a rule may keep others away"
    twice = RulesForm(as_posted([{"name": "n", "lane": "x"}] * 2))
    assert not twice.is_valid()
    assert "name" in twice.forms[0].errors and "name" in twice.forms[1].errors


@pytest.mark.pure
def test_rules_are_moved_and_removed():
    rows = [{"name": name} for name in "abc"]

    def after(act: str) -> str:
        return "".join(row.get("name", "+") for row in moved(rows, act)[0])

    acts = ["up:2", "down:2", "up:1", "down:3", "remove:2", "add"]
    assert [after(act) for act in acts] == ["bac", "acb", "abc", "abc", "ac", "abc+"]
    for wrong in ("up:0", "up:4", "turn:1", "up:x", "up", ""):
        with pytest.raises(ValueError, match=".*"):
            moved(rows, wrong)


@pytest.mark.pure
def test_each_rule_is_said_in_words():
    first, second, third = [words_of(rule) for rule in read_rules(EVERYTHING)]
    assert len(first.when) == 7 and len(first.then) == 4
    assert (len(third.when), len(third.then)) == (1, 1), "always"
    form = RulesForm(initial=rows_of(EVERYTHING))
    assert [one.words for one in form] == [first, second, third]
    assert RuleForm(initial={"name": "n"}).words is None, "not yet a rule"


@pytest.mark.django_db(databases="__all__")
def test_at_the_desk_a_lead_orders_rules_by_form_and_tries_the_set(lead, desk_client):
    client, form = desk_client(lead), "/queue/rules/form/"
    write(EVERYTHING, lead)
    page = client.get(f"{form}?from={Ruleset.objects.get().pk}").content.decode()
    assert 'value="another line"' in page and 'value="BE, ?"' in page
    rows = rows_of(EVERYTHING)
    page = client.post(form, as_posted(rows, "up:3")).content.decode()
    names = ["all there is", 'value="two"', 'value="stays as it is"']
    assert page.count("<summary autofocus>") == 1, "the one that moved"
    assert all(page.index(one) < page.index(two) for one, two in pairwise(names))
    assert Ruleset.objects.count() == 1, "moving keeps nothing"
    rows[0]["hours"] = "soon"  # what is wrong is still there after a move
    assert 'value="soon"' in client.post(form, as_posted(rows, "down:1")).content.decode()
    assert client.post(form, as_posted(rows)).status_code == 422
    assert client.post(form, as_posted(rows, "up:77")).status_code == 404
    answer = client.post(form, as_posted(rows_of(EVERYTHING)[2:]))
    made = Ruleset.objects.order_by("-pk")[0]
    assert answer["Location"] == f"/queue/rules/{made.pk}/"
    assert read_rules(made.text) == read_rules(EVERYTHING)[2:]
    assert client.post(form, as_posted([])).status_code == 302, "a set without rules is one"
