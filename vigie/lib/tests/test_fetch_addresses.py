"""What counts as the public internet."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.lib.fetch import is_public
from vigie.lib.fetch.addresses import FORBIDDEN_IPV4, FORBIDDEN_IPV6

PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "9.9.9.9",
    "99.255.255.255",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2003::1",
    "2400:cb00::1",
    "2606:4700:4700::1111",
    "2620:fe::fe",
    "2a00:1450:4001::1",
    "2c0f:fb50::1",
)
SPECIAL = (
    *("0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255"),
    *("127.0.0.1", "127.255.255.255", "168.63.129.16", "169.254.0.0", "169.254.169.254"),
    *("172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.192", "192.0.2.1", "192.31.196.1"),
    *("192.52.193.1", "192.88.99.1", "192.168.0.0", "192.168.255.255", "192.175.48.1"),
    *("198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
    *("239.255.255.255", "240.0.0.0", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:8.8.8.8"),
    *("::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808"),
    *("64:ff9b:1::1", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "100::1", "2001::1", "2001:2::1"),
    *("2001:10::1", "2001:20::1", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::1"),
    *("2002::1", "2002:7f00:1::", "2002:808:808::", "2620:4f:8000::1", "3ffe::1", "3fff::1"),
    *("3fff:fff:ffff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "febf::1"),
    *("fec0::1", "feff::1", "ff00::1", "ff02::1", "ff0e::1", "2a00::5efe:8.8.8.8"),
    *("2a00::200:5efe:10.0.0.1", "2606:4700::1%eth0", "fe80::1%eth0"),
)
NOT_ADDRESSES = ("", "localhost", "127.1", "0x7f.1", "127.0.0.01", "1.1.1.1 ", "[2003::1]", "1")


@pytest.mark.parametrize("ip", PUBLIC)
def test_a_public_address_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("ip", SPECIAL + NOT_ADDRESSES)
def test_a_special_address_is_not_public(ip: str) -> None:
    assert not is_public(ip)


PREFIXES = {
    "mapped": 0xFFFF << 32,
    "compatible": 0,
    "translated": 0xFFFF << 48,
    "NAT64": 0x0064_FF9B << 96,
    "local NAT64": 0x0064_FF9B_0001 << 80,
    "ISATAP": (0x2A00 << 112) | (0x5EFE << 32),
    "ISATAP, universal": (0x2A00 << 112) | (0x0200_5EFE << 32),
}


@pytest.mark.parametrize("form", PREFIXES)
@given(inner=st.ip_addresses(v=4))
def test_an_address_that_carries_another_is_never_public(form: str, inner: IPv4Address) -> None:
    assert not is_public(IPv6Address(PREFIXES[form] | int(inner)))


@given(inner=st.ip_addresses(v=4), rest=st.integers(0, 2**80 - 1))
def test_6to4_and_teredo_are_never_public(inner: IPv4Address, rest: int) -> None:
    assert not is_public(IPv6Address((0x2002 << 112) | (int(inner) << 80) | rest))
    assert not is_public(IPv6Address((0x2001_0000 << 96) | (int(inner) << 64) | rest >> 16))


@given(st.sampled_from(FORBIDDEN_IPV4 + FORBIDDEN_IPV6), st.integers(0))
def test_every_address_of_a_forbidden_network_is_refused(network: "object", step: int) -> None:
    assert network in FORBIDDEN_IPV4 + FORBIDDEN_IPV6
    assert not is_public(network[step % network.num_addresses])  # type: ignore[index,attr-defined]


@given(st.ip_addresses())
def test_nothing_public_is_called_special_by_the_standard_library(
    ip: IPv4Address | IPv6Address,
) -> None:
    """Its list is too short, but what it does name must be on ours."""
    if is_public(ip):
        assert ip.is_global
        assert not (ip.is_private or ip.is_multicast or ip.is_reserved or ip.is_loopback)
        assert not (ip.is_link_local or ip.is_unspecified)
