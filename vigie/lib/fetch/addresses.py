"""Which addresses are on the public internet, and which ports a browser would open.

`ipaddress.is_global` is not enough: in Python 3.11 it says True for 64:ff9b::7f00:1, 2002:7f00:1::,
::127.0.0.1, multicast and fec0::1. The lists are the IANA special-purpose registries (RFC 6890
and its successors), refusing also what those call globally reachable when it is a service of the
network and not a site (anycast relays, AS112).

For IPv6 the rule is turned round: only global unicast (2000::/3) may pass, less the special parts
of it. That alone refuses IPv4-mapped, -compatible and -translated addresses, NAT64, unique local,
link-local, site-local and multicast ones, and whatever is not assigned today.

Not covered, because nobody can know it from here: a NAT64 prefix that an operator took from its own
public range (RFC 6052, 2.2), and a machine of the operator's that trusts its own public addresses.
The egress route has to refuse those.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

FORBIDDEN_IPV4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host, this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; a cloud's metadata too (100.100.100.200)
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # public by number, but the platform's own agent inside Azure
        "169.254.0.0/16",  # link-local; metadata (169.254.169.254)
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; metadata (192.0.0.192)
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # multicast tunnelling
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
FORBIDDEN_IPV6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID, AMT, AS112
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # the former 6bone
        "3fff::/20",  # documentation
    )
)
# The lower half of an ISATAP address begins so (RFC 5214, 6.1) and ends in an IPv4 address.
ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})

# "Bad ports" of the Fetch standard. A browser opens none of them, so no reporter saw anything
# there; and the line we would send could be meant for a mail or chat server.
REFUSED_PORTS = frozenset(
    (0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95)
    + (101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179)
    + (389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601)
    + (636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566)
    + (6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080)
)


def is_public(ip: str | Address) -> bool:
    """Whether an address is one that any machine on the internet may be asked to reach.

    Text that is not an address, or that names an interface (`fe80::1%eth0`), is not public.
    """
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in FORBIDDEN_IPV4)
    return _is_public_ipv6(address)


def _is_public_ipv6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in GLOBAL_UNICAST:
        return False
    if (int(address) >> 32) & 0xFFFF_FFFF in ISATAP:
        return False
    return not any(address in network for network in FORBIDDEN_IPV6)
