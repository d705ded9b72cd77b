"""Each kind of rule of the policy: who is written to, in what order, and what waits for what.

The order is law in some countries. A host may be the offender's friend: nothing reaches it before
the police know, and nothing before the authorisation where the rule has a gate.
"""

from dataclasses import dataclass

import pytest

from tests.factories import a_confirmed_item
from vigie.dispatch.models import Notice
from vigie.dispatch.policy import load_policy
from vigie.dispatch.services import authorise, plan_notices, plan_referrals, refuse
from vigie.dispatch.tests.support import (
    HOST,
    PARTNER,
    POLICE,
    known,
    one_round,
    pack_in,
    referral_of,
    send_due,
)
from vigie.items.flow import State
from vigie.tracing.selectors import latest_hosting

pytestmark = pytest.mark.django_db(databases="__all__")
URL = "http://galerie.nord.test/a/rules"
KEYS = """
police_mailbox = "police@police-be.test"
police_key = "police-be.asc"
partner_mailbox = "hotline@partner-lu.test"
partner_key = "partner-lu.asc"
"""


@dataclass(frozen=True)
class Row:
    """Who has mail once the worker did all it may, and again once removal was authorised."""

    told: str
    gate: str
    contact: str
    first: tuple[str, ...]
    then: tuple[str, ...] = ()


POLICE_ALONE, BOTH = (POLICE,), (POLICE, HOST)
ROWS = [
    Row("police", "magistrate", "police", POLICE_ALONE),
    Row("police", "", "police", POLICE_ALONE),
    Row("police", "", "hotline", BOTH),
    Row("police", "police", "hotline", POLICE_ALONE, (HOST,)),
    Row("police", "", "partner", (POLICE, PARTNER)),
    Row("police", "magistrate", "partner", POLICE_ALONE, (PARTNER,)),
    Row("police", "", "nobody", POLICE_ALONE),
    Row("police", "magistrate", "nobody", POLICE_ALONE),
    Row("partner", "", "hotline", (PARTNER, HOST)),
    Row("partner", "police", "hotline", (PARTNER,), (HOST,)),
    Row("partner", "", "nobody", (PARTNER,)),
]


def loaded(tmp_path, *rows, version="tests"):
    """A policy of these rules for BE; all other countries: the police alone."""
    rules = [("BE", row) for row in rows] + [("", Row("police", "", "nobody", ()))]
    text = "".join(
        f'[[rule]]\ncountry = "{country}"\ntold = "{r.told}"\ngate = "{r.gate}"\n'
        f'contact = "{r.contact}"\nauthority = "a paper"\n{KEYS}'
        for country, r in rules
    )
    path = tmp_path / "policy.toml"
    path.write_text(f'version = "{version}"\n{text}')
    load_policy(path, "tests")


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r.told}-{r.gate or 'open'}-{r.contact}")
def test_who_is_written_to_under_each_kind_of_rule(row, tmp_path, post):
    loaded(tmp_path, row)
    known(HOST)
    item = a_confirmed_item(URL, "BE", abuse_contact=HOST)
    one_round()
    one_round()
    assert tuple(post.sent_to) == row.first
    referral = referral_of(item)
    assert (referral.rule.country, referral.country, referral.round) == ("BE", "BE", 1)
    if row.gate:
        authorise(referral, "PV-2026-00001", "staff:1")
        one_round()
    assert tuple(post.sent_to) == row.first + row.then
    item.refresh_from_db()
    left = {HOST, PARTNER} & set(post.sent_to[1:])
    waits = State.AUTHORISED if row.gate else State.REFERRED
    assert item.state == (State.NOTIFIED if left else waits)


@pytest.mark.parametrize("row", ROWS[:5], ids=lambda r: f"{r.gate or 'open'}-{r.contact}")
def test_the_pack_says_what_is_asked_of_the_police(row, tmp_path, post):
    loaded(tmp_path, row)
    a_confirmed_item(URL, "BE")
    one_round()
    pack = pack_in(post.to(POLICE)[0])
    assert (pack.authorisation, pack.contact_host) == (bool(row.gate), row.contact)


def test_the_partner_gets_the_same_pack_for_its_own_key(tmp_path, post):
    loaded(tmp_path, Row("police", "", "partner", ()))
    a_confirmed_item(URL, "BE")
    one_round()
    police, partner = post.to(POLICE)[0], post.to(PARTNER)[0]
    assert pack_in(partner, "partner-lu").items == pack_in(police).items
    assert police["Message-ID"] != partner["Message-ID"]
    assert URL not in partner.as_string()


@pytest.mark.parametrize("country", ["RO", "ZZ", ""])
def test_a_country_without_a_rule_has_the_rule_for_all_others(country, policy, post):
    known(HOST)
    item = a_confirmed_item(URL, country, abuse_contact=HOST)
    one_round()
    one_round()
    assert referral_of(item).rule.country == ""
    assert referral_of(item).country == country
    assert post.sent_to == [POLICE]


@pytest.mark.parametrize(
    ("registry", "local", "rule"),
    [("BE", "NL", "NL"), ("NL", "BE", "BE"), ("NL", "", "NL"), ("", "NL", "NL"), ("BE", "RO", "")],
)
def test_where_the_sources_differ_the_local_database_decides(registry, local, rule, policy, post):
    item = a_confirmed_item(URL, registry, country_local=local)
    one_round()
    assert referral_of(item).rule.country == rule
    hosting = latest_hosting(item)
    assert (hosting.country, hosting.country_local) == (registry, local)


def test_nothing_goes_to_the_host_before_the_police_have_the_pack(policy, post):
    known(HOST)
    item = a_confirmed_item(URL, "NL", abuse_contact=HOST)
    assert plan_notices() == 0
    plan_referrals()
    post.answers = {f"RCPT {POLICE}": "451 later"}
    one_round()
    assert plan_notices() == 0
    item.refresh_from_db()
    assert (item.state, post.taken) == (State.CONFIRMED, [])
    assert not Notice.objects.exists()


def test_a_refusal_keeps_the_notice_back_until_it_is_authorised_after_all(policy, post):
    known(HOST)
    item = a_confirmed_item(URL, "FR", abuse_contact=HOST)
    one_round()
    refuse(referral_of(item), "staff:1")
    one_round()
    item.refresh_from_db()
    assert (post.sent_to, item.state) == ([POLICE], State.REFERRED)
    authorise(referral_of(item), "PV-1", "staff:1", refused=True)
    one_round()
    assert post.sent_to == [POLICE, HOST]


def test_a_referral_keeps_the_rule_it_was_planned_under(policy, tmp_path, post):
    item = a_confirmed_item(URL, "BE")
    plan_referrals()
    loaded(tmp_path, Row("partner", "", "nobody", ()), version="the next")
    send_due()
    assert post.sent_to == [POLICE]
    rule = referral_of(item).rule
    assert (rule.active, rule.version, rule.gate) == (False, "demonstration 2026-11", "magistrate")


def test_what_went_away_before_we_wrote_is_not_written_about(policy, post):
    known(HOST)
    item = a_confirmed_item(URL, "NL", abuse_contact=HOST)
    plan_referrals()
    send_due()
    plan_notices()
    type(item).objects.filter(pk=item.pk).update(state=State.REMOVED)
    send_due()
    assert post.sent_to == [POLICE]
    assert Notice.objects.get().step == Notice.Step.DROPPED
