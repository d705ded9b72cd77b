"""A registry on a bad day costs knowledge, never the look.

Every kind of malformed answer that the sandbox can give, over a real socket; what a reader could
be led to believe by a nested or crafted answer is tested on the answer itself.
"""

import json

import pytest

from tests.factories import looked
from tests.outside import BELGIAN
from vigie.items.flow import State
from vigie.sandbox.malformed import KINDS
from vigie.tracing.rdap import abuse_contact, bootstrap_url, read_network

pytestmark = pytest.mark.django_db(databases="__all__")
BASE = "http://rdap.registre.test"
PROBLEMS = {
    "bad-json": "registry_not_json",
    "not-utf8": "registry_not_json",
    "not-an-object": "registry_not_a_network",
    "empty": "registry_not_json",
    "html": "registry_not_json",
    "wrong-types": "",
    "cyclic": "",
    "deep": "registry_not_json",
    "huge": "registry_too_large",
    "loop": "registry_redirect_loop",
    "too-many": "registry_answered_429",
}


@pytest.fixture
def registry(outside, settings, tmp_path):
    """Which registry answers for everybody's addresses, as IANA's file says."""

    def points_to(url: str) -> None:
        (tmp_path / "ipv4.json").write_text(json.dumps({"services": [[["0.0.0.0/0"], [url]]]}))
        settings.RDAP_BOOTSTRAP = tmp_path

    return points_to


def test_every_kind_of_malformed_answer_of_the_sandbox_is_met_here():
    assert set(PROBLEMS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_malformed_answer_is_a_problem_written_down_and_the_local_country_counts(
    registry, outside, report_of, kind
):
    registry(f"{BASE}/malformed/{kind}/")
    (item,) = report_of(outside.site.url("/gone"))
    hosting = looked(item).hosting
    assert (hosting.problem, hosting.abuse_contact, hosting.country) == (PROBLEMS[kind], "", "")
    assert (hosting.ip, hosting.acting_country) == (BELGIAN, "BE")
    assert item.state == State.TO_ASSESS


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://127.0.0.1:80/", "registry_refused_address"),
        ("http://169.254.169.254/latest/", "registry_refused_address"),
        ("http://nobody.registre.test/", "registry_no_such_name"),
        ("file:///etc/", "registry_refused_scheme"),
        ("https://beeld.polder.test/", "registry_tls_failed"),
        (f"{BASE}/domain/", "registry_answered_404"),
    ],
    ids=[
        "own network",
        "metadata",
        "no name",
        "no web address",
        "wrong certificate",
        "no registry",
    ],
)
def test_a_registry_that_cannot_be_asked_is_a_problem_written_down(
    registry, outside, report_of, url, problem
):
    """The same guard stands before the registry: a bootstrap that points inside reaches nothing."""
    registry(url)
    (item,) = report_of(outside.site.url("/gone"))
    hosting = looked(item).hosting
    assert (hosting.problem, hosting.acting_country) == (problem, "BE")
    assert item.state == State.TO_ASSESS


@pytest.mark.parametrize("text", ["", "{", "[]", '{"services": 5}', '{"services": [[["x"], []]]}'])
def test_without_a_usable_bootstrap_the_local_country_counts(
    outside, settings, tmp_path, report_of, text
):
    if text:
        (tmp_path / "ipv4.json").write_text(text)
    settings.RDAP_BOOTSTRAP = tmp_path
    hosting = looked(report_of(outside.site.url("/gone"))[0]).hosting
    assert (hosting.problem, hosting.acting_country) == ("no_registry", "BE")


@pytest.mark.pure
def test_the_longest_prefix_names_the_registry_and_https_comes_first(tmp_path):
    wide = [["192.0.0.0/8"], ["http://wide.test/"]]
    narrow = [["198.51.100.0/24", "192.0.2.0/24"], ["http://narrow.test/", "https://narrow.test/"]]
    for services in ([wide, narrow], [narrow, wide]):
        (tmp_path / "ipv4.json").write_text(json.dumps({"services": services}))
        assert bootstrap_url(tmp_path, BELGIAN) == "https://narrow.test/"
        assert bootstrap_url(tmp_path, "192.9.9.9") == "http://wide.test/"
        assert bootstrap_url(tmp_path, "9.9.9.9") is None
    assert bootstrap_url(tmp_path, "2001:db8::1") is None, "there is no file for this family"


def _entity(*emails: object, roles: object = ("abuse",), inside: object = ()) -> dict[str, object]:
    rows = [["email", {}, "text", email] for email in emails]
    return {"roles": roles, "vcardArray": ["vcard", rows], "entities": list(inside)}


@pytest.mark.pure
@pytest.mark.parametrize(
    ("entities", "found"),
    [
        ([_entity("Abuse@Nord.test")], "abuse@nord.test"),
        ([_entity("a@far.test", roles=["registrant"], inside=[_entity("b@in.test")])], "b@in.test"),
        ([_entity("x@y.test", roles=["x"], inside=[_entity("b@b.test")]), _entity("n@n.test")],
         "n@n.test"),
        ([_entity("x@y.test", roles=["technical"])], ""),
        ([_entity("nobody", "a@b", "a b@c.test", "@c.test", "a@b@c.test", "ok@c.test")],
         "ok@c.test"),
        ([_entity("x@y.test\r\nBcc: z@z.test")], ""),
        ([_entity("x@y.test\x00er", "x@y\ud800.test")], ""),
        ([_entity("ä@y.test", "x@ÿ.test")], ""),
        ([_entity(["x@y.test"], {"x": 1}, None, 5)], ""),
    ],
    ids=["direct", "nested", "nearest first", "no abuse role", "unusable", "header", "broken",
         "not ascii", "types"],
)  # fmt: skip
def test_the_abuse_contact_is_the_nearest_usable_address_with_that_role(entities, found):
    assert abuse_contact(json.loads(json.dumps({"entities": entities}))) == found


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", "\x00", "\u202eNET\u2066", "a\r\nb\x1b[2J"])
def test_a_name_that_no_database_keeps_costs_its_letters_and_not_the_look(
    name, outside, report_of, monkeypatch
):
    """Else the look would fail each time it is tried, and the item would stay new for ever."""
    body = {"objectClassName": "ip network", "name": name, "handle": name, "country": "be"}
    answer = read_network(json.dumps(body).encode(), "")
    monkeypatch.setattr("vigie.tracing.services.network_of", lambda *args: answer)
    (item,) = report_of(outside.site.url("/gone"))
    hosting = looked(item).hosting
    assert item.state == State.TO_ASSESS
    assert hosting.name == "".join(c for c in name if c.isprintable())
    assert hosting.network == hosting.name


@pytest.mark.pure
def test_a_contact_nested_without_end_is_given_up():
    entity = _entity("deep@deep.test")
    for _ in range(9):
        entity = _entity(roles=["registrant"], inside=[entity])
    assert abuse_contact({"entities": [entity]}) == ""


@pytest.mark.pure
@pytest.mark.parametrize("country", ["", "B", "BEL", "B1", 32, None, ["BE"], "<b", "ß", "éa"])
def test_what_is_no_country_is_none(country):
    body = json.dumps({"objectClassName": "ip network", "country": country}).encode()
    assert read_network(body, "").country == ""
