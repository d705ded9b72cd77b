import json
from collections.abc import Iterator
from typing import Any

import pytest

from vigie.sandbox.malformed import KINDS
from vigie.sandbox.running import Sandbox
from vigie.sandbox.tests.support import Reply, ask
from vigie.sandbox.world import PROVIDERS, Provider


@pytest.fixture
def sandbox(quiet: Sandbox) -> Sandbox:
    return quiet


def entities(found: dict[str, Any], depth: int = 1) -> Iterator[tuple[int, dict[str, Any]]]:
    for entity in found.get("entities", []):
        yield depth, entity
        yield from entities(entity, depth + 1)


def emails(entity: dict[str, Any]) -> list[str]:
    return [row[3] for row in entity["vcardArray"][1] if row[0] == "email"]


def abuse_contacts(found: dict[str, Any]) -> list[tuple[int, str]]:
    return [
        (depth, email)
        for depth, entity in entities(found)
        if "abuse" in entity["roles"]
        for email in emails(entity)
    ]


def network(sandbox: Sandbox, address: str) -> dict[str, Any]:
    """Follow one redirect at most, as a client must."""
    reply = ask(sandbox, "rdap", f"/ip/{address}")
    if reply.status == 302:
        target = reply.headers["Location"]
        reply = ask(sandbox, "rdap", "/" + target.split("/", 3)[3])
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/rdap+json"
    found: dict[str, Any] = reply.json
    return found


def error(reply: Reply) -> int:
    assert reply.json["errorCode"] == reply.status
    return reply.status


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.key)
def test_the_abuse_contact_lies_two_levels_deep(sandbox: Sandbox, provider: Provider) -> None:
    for site in provider.sites:
        for address in site.addresses:
            found = network(sandbox, address)
            expected = [(2, provider.abuse)] if provider.abuse else []
            assert abuse_contacts(found) == expected
            assert found.get("country") == provider.country
            assert found["objectClassName"] == "ip network"


def test_one_network_is_answered_by_another_registry(sandbox: Sandbox) -> None:
    reply = ask(sandbox, "rdap", "/ip/198.51.100.140", host="rdap.registre.test")
    assert reply.status == 302
    expected = "http://rdap.registre.test/regional/ip/198.51.100.140"
    assert reply.headers["Location"] == expected


def test_a_domain_s_contacts_are_never_the_host_s(sandbox: Sandbox) -> None:
    found = ask(sandbox, "rdap", "/domain/Nord.test").json
    assert found["ldhName"] == "nord.test"
    contacts = {email for _, entity in entities(found) for email in emails(entity)}
    assert "owner@nord.test" in contacts
    assert "abuse@nord.test" not in contacts


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ip/203.0.113.250", 404),
        ("/ip/2001:db8:ffff::1", 404),
        ("/ip/not-an-address", 400),
        ("/ip/192.0.2.999", 400),
        ("/domain/nowhere.test", 404),
        ("/", 400),
        ("/autnum/64496", 400),
        ("/malformed/no-such-kind/ip/192.0.2.10", 404),
    ],
)
def test_what_is_not_there_is_an_error_object(sandbox: Sandbox, path: str, status: int) -> None:
    assert error(ask(sandbox, "rdap", path)) == status


def test_a_prefix_finds_its_network(sandbox: Sandbox) -> None:
    assert network(sandbox, "192.0.2.0/28")["endAddress"] == "192.0.2.63"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_malformed_answers_are_served_whole(sandbox: Sandbox, kind: str) -> None:
    reply = ask(sandbox, "rdap", f"/malformed/{kind}/ip/192.0.2.10", method="HEAD")
    assert reply.status in (200, 302, 429)
    assert kind == "huge" or "Content-Length" in reply.headers


def test_wrong_types_and_cycles_are_still_json(sandbox: Sandbox) -> None:
    for kind in ("wrong-types", "cyclic"):
        assert ask(sandbox, "rdap", f"/malformed/{kind}/ip/192.0.2.10").json["entities"]


def test_too_deep_an_answer_defeats_a_plain_parser(sandbox: Sandbox) -> None:
    reply = ask(sandbox, "rdap", "/malformed/deep/ip/192.0.2.10")
    with pytest.raises(RecursionError):
        json.loads(reply.body)


def test_the_bootstraps_name_the_registry_for_every_network(
    sandbox: Sandbox,
) -> None:
    for version in (4, 6):
        path = sandbox.options.directory / f"ipv{version}.json"
        found = json.loads(path.read_text())
        assert found["version"] == "1.0"
        for blocks, urls in found["services"]:
            assert blocks
            assert all(u.startswith("http://rdap.registre.test/") and u[-1] == "/" for u in urls)
