"""The way out, as the operator sets it."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from vigie.lib.fetch import Egress, Outcome, fetch
from vigie.lib.tests.hostile_server import Listener, plain

SANDBOX = {"192.0.2.10": {80: ("127.0.0.1", 9001)}}


def test_nothing_set_means_the_systems_resolver_and_no_sandbox() -> None:
    assert Egress.from_environ({}) == Egress(nameservers=())


def test_the_environment_is_read(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text(json.dumps({"192.0.2.10": {"80": ["127.0.0.1", 9001]}}))
    environ = {
        "VIGIE_NAMESERVERS": "127.0.0.1:5353, 127.0.0.2, ::1, [::1]:54,[::1]",
        "VIGIE_SANDBOX_MAP": str(path),
        "VIGIE_EGRESS_SOURCE": "127.0.0.2",
    }
    assert Egress.from_environ(environ) == Egress(
        nameservers=(
            ("127.0.0.1", 5353),
            ("127.0.0.2", 53),
            ("::1", 53),
            ("::1", 54),
            ("::1", 53),
        ),
        sandbox=SANDBOX,
        source_address="127.0.0.2",
    )


@pytest.mark.parametrize("text", ["example.test", "127.0.0.1:x", "127.0.0.1:53:53", "1.2.3"])
def test_a_name_server_is_an_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Egress.from_environ({"VIGIE_NAMESERVERS": text})


def test_an_empty_sandbox_map_does_not_mean_the_real_world(tmp_path: Path) -> None:
    (tmp_path / "map.json").write_text("{}")
    with pytest.raises(ValueError, match="without any address"):
        Egress.from_environ({"VIGIE_SANDBOX_MAP": str(tmp_path / "map.json")})


@pytest.mark.parametrize("ip", ["169.254.169.254", "127.0.0.1", "8.8.8.8", "2001:4860::1"])
def test_the_sandbox_stands_in_only_for_addresses_that_nobody_owns(ip: str) -> None:
    with pytest.raises(ValueError, match="documentation"):
        Egress(nameservers=(), sandbox={ip: {80: ("127.0.0.1", 9001)}})


def test_the_sandbox_leads_only_to_loopback() -> None:
    with pytest.raises(ValueError, match="loopback"):
        Egress(nameservers=(), sandbox={"192.0.2.10": {80: ("10.0.0.1", 80)}})
    with pytest.raises(ValueError, match="loopback"):
        Egress(nameservers=(("9.9.9.9", 53),), sandbox=SANDBOX)


def test_documentation_addresses_are_accepted_only_where_they_are_mapped() -> None:
    egress = Egress(nameservers=(), sandbox={"2001:DB8::0:10": {}})
    assert egress.accepts("2001:db8::10")
    assert not egress.accepts("2001:db8::11")
    assert not Egress(nameservers=()).accepts("2001:db8::10")


def test_in_the_sandbox_a_real_address_leads_nowhere() -> None:
    egress = Egress(nameservers=(), sandbox=SANDBOX)
    assert egress.accepts("8.8.8.8")
    assert egress.endpoint("8.8.8.8", 80) is None
    assert egress.endpoint("192.0.2.10", 81) is None
    assert egress.endpoint("192.0.2.10", 80) == ("127.0.0.1", 9001)


def test_the_sandbox_never_asks_the_systems_resolver() -> None:
    egress = Egress(nameservers=(), sandbox=SANDBOX)
    assert fetch("http://example.test/", egress).outcome is Outcome.DNS_FAILED


def test_a_source_address_is_not_left_for_another_family() -> None:
    egress = Egress(nameservers=(), source_address="192.0.2.77")
    assert egress.endpoint("8.8.8.8", 80) == ("8.8.8.8", 80)
    assert egress.endpoint("2606:4700::1", 80) is None


@pytest.fixture
def callers() -> Iterator[tuple[Listener, list[str]]]:
    seen: list[str] = []

    def greet(talk: socket.socket) -> None:
        seen.append(str(talk.getpeername()[0]))
        talk.recv(65536)
        talk.sendall(plain(b"hello"))

    listener = Listener(greet)
    yield listener, seen
    listener.close()


def test_requests_leave_from_the_source_address(callers: tuple[Listener, list[str]]) -> None:
    listener, seen = callers
    sandbox = {"192.0.2.10": {80: listener.endpoint}}
    egress = Egress(nameservers=(), sandbox=sandbox, source_address="127.0.0.1")
    assert fetch("http://192.0.2.10/", egress).outcome is Outcome.OK
    assert seen == ["127.0.0.1"]


def test_a_source_address_that_is_not_ours_fails_closed(
    callers: tuple[Listener, list[str]],
) -> None:
    listener, seen = callers
    sandbox = {"192.0.2.10": {80: listener.endpoint}}
    egress = Egress(nameservers=(), sandbox=sandbox, source_address="192.0.2.77")
    assert fetch("http://192.0.2.10/", egress).outcome is Outcome.CONNECT_FAILED
    assert seen == []
