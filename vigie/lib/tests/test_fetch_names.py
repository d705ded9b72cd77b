"""From a name to its addresses."""

import time
from collections.abc import Iterator

import pytest

from vigie.lib.fetch import Egress, FetchFailed, Outcome, resolve
from vigie.lib.tests.hostile_server import Names


@pytest.fixture(scope="module")
def names() -> Iterator[Names]:
    names = Names()
    yield names
    names.close()


def asked(names: Names, host: str, seconds: float = 60) -> tuple[str, ...]:
    return resolve(host, Egress(nameservers=(names.endpoint,)), time.monotonic() + seconds)


def failure(names: Names, host: str, seconds: float = 60) -> Outcome:
    with pytest.raises(FetchFailed) as failed:
        asked(names, host, seconds)
    return failed.value.outcome


def test_both_families_are_asked_for(names: Names) -> None:
    names.say("both.test", "A", ("A 192.0.2.10", "A 192.0.2.11"))
    names.say("both.test", "AAAA", ("AAAA 2001:db8::10",))
    assert sorted(asked(names, "both.test")) == ["192.0.2.10", "192.0.2.11", "2001:db8::10"]


def test_a_private_address_is_told_as_it_is(names: Names) -> None:
    """`resolve` gives evidence; whether it may be connected to is decided elsewhere."""
    names.say("inside.test", "A", ("A 10.0.0.1",))
    assert asked(names, "inside.test") == ("10.0.0.1",)


def test_addresses_come_in_their_canonical_form(names: Names) -> None:
    names.say("mapped.test", "AAAA", ("AAAA ::ffff:10.0.0.1",))
    assert asked(names, "mapped.test") == ("::ffff:a00:1",)


def test_an_alias_is_followed(names: Names) -> None:
    names.say("alias.test", "A", ("CNAME inner.test.", "A 192.0.2.10"))
    assert asked(names, "alias.test") == ("192.0.2.10",)


def test_a_trailing_dot_and_capitals_change_nothing(names: Names) -> None:
    names.say("dotted.test", "A", ("A 192.0.2.10",))
    assert asked(names, "Dotted.TEST.") == ("192.0.2.10",)


def test_a_server_that_stumbles_over_one_family_is_believed_on_the_other(names: Names) -> None:
    names.say("half.test", "A", ("A 192.0.2.10",))
    names.say("half.test", "AAAA", ("SERVFAIL",))
    assert asked(names, "half.test") == ("192.0.2.10",)


@pytest.mark.parametrize(("host", "ip"), [("192.0.2.1", "192.0.2.1"), ("2001:DB8::1", None)])
def test_an_address_is_its_own(names: Names, host: str, ip: str | None) -> None:
    assert asked(names, host) == (ip or "2001:db8::1",)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.b.localhost"])
def test_localhost_is_this_machine_whatever_dns_says(names: Names, host: str) -> None:
    names.say("localhost", "A", ("A 192.0.2.10",))
    assert asked(names, host) == ("127.0.0.1", "::1")
    assert not names.asked["localhost", "A"]


def test_an_onion_name_never_leaves(names: Names) -> None:
    names.say("hidden.onion", "A", ("A 192.0.2.10",))
    assert failure(names, "hidden.onion") is Outcome.NO_SUCH_NAME
    assert not names.asked["hidden.onion", "A"]


@pytest.mark.parametrize(
    "host", ["", ".", "..", "a..b", "é.test", "a" * 64 + ".test", "nobody.test"]
)
def test_what_no_server_could_know_does_not_exist(names: Names, host: str) -> None:
    assert failure(names, host) is Outcome.NO_SUCH_NAME


def test_a_name_with_an_escape_in_it_is_not_read_twice(names: Names) -> None:
    names.say("a.b.test", "A", ("A 192.0.2.10",))
    assert failure(names, "a\\046b.test") is Outcome.NO_SUCH_NAME


def test_a_failing_server_is_not_an_unknown_name(names: Names) -> None:
    names.say("failing.test", "A", ("SERVFAIL",))
    names.say("failing.test", "AAAA", ("SERVFAIL",))
    assert failure(names, "failing.test") is Outcome.DNS_FAILED


def test_a_silent_server_ends_at_the_deadline(names: Names) -> None:
    names.say("silent.test", "A", ("SILENCE",))
    assert failure(names, "silent.test", 0.3) is Outcome.TIMED_OUT
    assert failure(names, "both.test", 0.0) is Outcome.TIMED_OUT
