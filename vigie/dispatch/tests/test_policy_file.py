"""Loading a policy: whole or not at all. A bad file is named and changes nothing.

Its mistakes are found when it is loaded, by a person, and not at the first referral, by a worker.
"""

import json

import pytest
from django.core.management import CommandError, call_command

from vigie.dispatch.models import Rule
from vigie.dispatch.policy import POLICIES, BadPolicy, load_policy, rule_for
from vigie.journal.models import Entry

pytestmark = pytest.mark.django_db(databases="__all__")
DEMO = "demonstration 2026-11"
GOOD = """version = "next"
[[rule]]
country = "BE"
told = "police"
gate = "magistrate"
contact = "partner"
authority = "a paper"
police_mailbox = "police@police-be.test"
police_key = "police-be.asc"
partner_mailbox = "hotline@partner-lu.test"
partner_key = "partner-lu.asc"
[[rule]]
country = ""
told = "police"
contact = "nobody"
authority = "another paper"
police_mailbox = "police@police-be.test"
police_key = "police-be.asc"
"""
OTHERS = GOOD.split("[[rule]]\n")[2]
BAD = {
    "not TOML": (GOOD, "version = [", "policy.toml"),
    "nothing": (GOOD, "", "rule"),
    "no version": ('version = "next"\n', "", "version"),
    "no rule": (GOOD, 'version = "next"\n', "rule"),
    "rules of another kind": (GOOD, 'version = "next"\nrule = [1, 2]\n', "policy.toml"),
    "an unknown column": ('gate = "magistrate"', 'judge = "magistrate"', "judge"),
    "nobody told": ('told = "police"\ngate', "gate", "rule BE"),
    "told to someone unknown": ('told = "police"\ngate', 'told = "press"\ngate', "press"),
    "contact by someone unknown": ('contact = "partner"', 'contact = "anybody"', "anybody"),
    "no authority": ('authority = "a paper"\n', "", "rule BE"),
    "not a mailbox": ("police@police-be.test", "police at police", "rule BE"),
    "no mailbox": ('police_mailbox = "police@police-be.test"\n', "", "police_mailbox"),
    "no key": ('police_key = "police-be.asc"\n', "", "police_key"),
    "no mailbox of the partner": ('partner_mailbox = "hotline@partner-lu.test"\n', "", "partner_"),
    "no key of the partner": ('partner_key = "partner-lu.asc"\n', "", "partner_key"),
    "a key we do not have": ("partner-lu.asc", "partner-fr.asc", "partner-fr.asc: No such file"),
    "a key that is none": ("partner-lu.asc", "worker.key", "not an OpenPGP certificate"),
    "no rule for all others": ("[[rule]]\n" + OTHERS, "", "all other countries"),
    "a country twice": ('country = ""', 'country = "BE"', "rule"),
    "all others twice": ("[[rule]]\n" + OTHERS, ("[[rule]]\n" + OTHERS) * 2, "more than one"),
    "a country in small letters": ('country = "BE"', 'country = "be"', "rule be"),
    "a country by name": ('country = "BE"', 'country = "Belgium"', "rule Belgium"),
    "a country that ISO names otherwise": ('country = "BE"', 'country = "UK"', "rule UK"),
    "a country that is none": ('country = "BE"', 'country = "ZZ"', "rule ZZ"),
    "a version too long": ('"next"', f'"{"x" * 41}"', "rule BE"),
}


@pytest.fixture
def file_of(tmp_path):
    def written(text):
        path = tmp_path / "policy.toml"
        path.write_text(text)
        return path

    return written


def active():
    return set(Rule.objects.filter(active=True).values_list("version", "country"))


@pytest.mark.parametrize(("was", "becomes", "named"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_and_the_old_policy_stands(was, becomes, named, policy, file_of):
    before, lines = active(), Entry.objects.count()
    text = GOOD.replace(was, becomes)
    assert text != GOOD
    with pytest.raises(BadPolicy, match=named):
        load_policy(file_of(text), "tests")
    assert active() == before
    assert Entry.objects.count() == lines
    assert rule_for("BE").version == DEMO


def test_a_file_that_is_not_there_is_refused(policy, tmp_path):
    with pytest.raises(BadPolicy, match="nowhere"):
        load_policy(tmp_path / "nowhere.toml", "tests")
    assert rule_for("BE").version == DEMO


def test_a_good_file_takes_over_whole_and_says_so_in_the_journal(policy, file_of):
    assert load_policy(file_of(GOOD), "somebody") == 2
    assert active() == {("next", "BE"), ("next", "")}
    assert rule_for("NL").version == "next"
    assert (rule_for("NL").country, rule_for("BE").gate) == ("", "magistrate")
    line = Entry.objects.filter(verb="policy.loaded").latest("seq")
    assert (line.actor, line.subject) == ("somebody", "policy")
    assert json.loads(line.detail) == {"version": "next", "rules": 2}


def test_the_old_rules_are_kept_beside_the_new(policy, file_of):
    count = Rule.objects.count()
    load_policy(file_of(GOOD), "tests")
    assert Rule.objects.filter(version=DEMO, active=False).count() == count


def test_without_a_policy_there_is_no_rule():
    with pytest.raises(LookupError):
        rule_for("BE")


@pytest.mark.parametrize("who", ["police@police-be.test", "hotline@partner-lu.test"])
def test_production_refuses_the_mailboxes_of_the_demonstration(who, policy, file_of, settings):
    settings.PRODUCTION = True
    text = GOOD
    for number, mailbox in enumerate(("police@police-be.test", "hotline@partner-lu.test")):
        text = text if mailbox == who else text.replace(mailbox, f"desk{number}@example.org")
    with pytest.raises(BadPolicy, match=who):
        load_policy(file_of(text), "tests")
    assert rule_for("BE").version == DEMO


def test_the_command_says_how_many_rules_and_refuses_in_words(file_of, capsys):
    call_command("policy", "load", str(POLICIES / "demo.toml"))
    assert capsys.readouterr().out == "5 rules are active.\n"
    with pytest.raises(CommandError, match="BE"):
        call_command("policy", "load", str(file_of(GOOD.replace("police-be.asc", "none.asc"))))
    assert rule_for("NL").version == DEMO
