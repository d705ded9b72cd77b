"""Nothing in the sandbox may be the address of anybody real."""

from ipaddress import ip_address, ip_network

import pytest

from vigie.sandbox import world

DOCUMENTATION = [
    ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


def test_every_address_is_a_documentation_address() -> None:
    used = [address for addresses in world.names().values() for address in addresses]
    assert used
    for address in used:
        assert any(ip_address(address) in network for network in DOCUMENTATION)


def test_every_name_ends_in_test() -> None:
    mailboxes = [p.abuse.partition("@")[2] for p in world.PROVIDERS if p.abuse]
    assert all(n.endswith(".test") for n in (*world.names(), *world.MAIL_DOMAINS, *mailboxes))


def test_every_site_lies_in_its_provider_s_network_and_in_no_other() -> None:
    for provider in world.PROVIDERS:
        for site in provider.everywhere:
            for address in site.addresses:
                found = world.network_of(address)
                assert found is not None
                assert found[0] is provider


def test_networks_do_not_overlap() -> None:
    networks = [ip_network(text) for p in world.PROVIDERS for text in p.networks]
    assert len(networks) == len(set(networks))
    for index, network in enumerate(networks):
        for other in networks[index + 1 :]:
            assert network.version != other.version or not network.overlaps(other)


def test_behaviours_and_removals_of_all_kinds_exist() -> None:
    assert {provider.behaviour for provider in world.PROVIDERS} == set(world.Behaviour)
    assert {provider.removal for provider in world.PROVIDERS} == set(world.Removal)


@pytest.mark.parametrize("address", ["203.0.113.250", "8.8.8.8", "2001:db8:ffff::1"])
def test_an_address_outside_belongs_to_nobody(address: str) -> None:
    assert world.network_of(address) is None
