"""Who exists in the sandbox: providers, their networks and sites, the mail domains.

Every address is a documentation address (RFC 5737, RFC 3849), every AS number a documentation
number (RFC 5398), every name ends in `.test` (RFC 6761): none can meet a real service.
"""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

REGISTRY_NAME = "rdap.registre.test"
REGISTRY_IP = "203.0.113.200"
MAIL_NAME = "mx.courrier.test"
MAIL_IP = "203.0.113.201"

HOTLINE_DOMAIN = "aurore.test"
LIAISON = "liaison@aurore.test"
POLICE = "police@police-be.test"
PARTNER = "hotline@partner-lu.test"


class Behaviour(StrEnum):
    """What an abuse desk does with a notice."""

    PROMPT = "prompt"
    SLOW = "slow"
    IGNORES = "ignores"


class Removal(StrEnum):
    """What a visitor finds where removed content was; hosts differ, so the sandbox does."""

    GONE = "410"
    NOT_FOUND = "404"
    NOTE = "200 with a removal page"
    NEVER = "never"


@dataclass(frozen=True)
class Site:
    """One web site of a provider, with its addresses."""

    name: str
    v4: str
    v6: str | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.v4,) if self.v6 is None else (self.v4, self.v6)


@dataclass(frozen=True)
class Provider:
    """A hosting provider.

    `country` is what the registry says (None: it does not say); `located` what the local IP
    database says. `redirected`: the first registry answers with a redirect to another one.
    """

    key: str
    name: str
    country: str | None
    located: str
    asn: int
    networks: tuple[str, ...]
    abuse: str | None
    behaviour: Behaviour
    removal: Removal
    sites: tuple[Site, ...]
    https: bool = False
    redirected: bool = False
    stands: tuple[Site, ...] = ()  # more of them, that the page of hosts leaves out

    @property
    def everywhere(self) -> tuple[Site, ...]:
        return self.sites + self.stands

    @property
    def domain(self) -> str:
        return self.sites[0].name.partition(".")[2]


# Many small domains: many reports about one domain look like a flood.
STANDS = tuple(Site(f"album.stand{n:02}.test", "192.0.2.12") for n in range(1, 41))

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "nord",
        "Hébergeur Nord",
        "BE",
        "BE",
        64496,
        ("192.0.2.0/26", "2001:db8:1::/48"),
        "abuse@nord.test",
        Behaviour.PROMPT,
        Removal.GONE,
        (
            Site("galerie.nord.test", "192.0.2.10", "2001:db8:1::10"),
            Site("images.nord.test", "192.0.2.11"),
        ),
        stands=STANDS,
    ),
    Provider(
        "polder",
        "Polder Hosting",
        "NL",
        "NL",
        64497,
        ("192.0.2.64/26",),
        "abuse@polder.test",
        Behaviour.PROMPT,
        Removal.NOT_FOUND,
        (Site("beeld.polder.test", "192.0.2.74"),),
        https=True,
    ),
    Provider(
        "loire",
        "Loire Serveurs",
        "FR",
        "FR",
        64498,
        ("198.51.100.0/25",),
        "abuse@loire.test",
        Behaviour.SLOW,
        Removal.NOT_FOUND,
        (Site("forum.loire.test", "198.51.100.10"),),
    ),
    Provider(
        "moselle",
        "Moselle Data",
        "LU",
        "LU",
        64499,
        ("198.51.100.128/25", "2001:db8:4::/48"),
        "abuse@moselle.test",
        Behaviour.PROMPT,
        Removal.NOTE,
        (Site("photos.moselle.test", "198.51.100.140", "2001:db8:4::140"),),
        redirected=True,
    ),
    Provider(
        "carpates",
        "Carpates Net",
        "RO",
        "RO",
        64500,
        ("203.0.113.0/25",),
        "abuse@carpates.test",
        Behaviour.IGNORES,
        Removal.NEVER,
        (Site("hub.carpates.test", "203.0.113.10"),),
    ),
    Provider(
        "sansnom",
        "Réseau Sans Nom",
        None,
        "PT",
        64501,
        ("203.0.113.128/26",),
        None,
        Behaviour.IGNORES,
        Removal.NEVER,
        (Site("perdu.sansnom.test", "203.0.113.140"),),
    ),
)

MAIL_DOMAINS: tuple[str, ...] = (
    HOTLINE_DOMAIN,
    "police-be.test",
    "partner-lu.test",
    *(provider.domain for provider in PROVIDERS if provider.abuse),
)


def provider_of_site(host: str) -> Provider | None:
    """Who hosts this site name; None for a name that is not a site here."""
    return next((p for p in PROVIDERS if any(s.name == host for s in p.everywhere)), None)


def provider_of_mailbox(address: str) -> Provider | None:
    """Whose abuse mailbox this is; None for any other mailbox."""
    return next((p for p in PROVIDERS if p.abuse == address.lower()), None)


def network_of(address: str) -> tuple[Provider, IPv4Network | IPv6Network] | None:
    """The registered network that holds an address or a prefix; ValueError if it is neither."""
    wanted = ip_network(address, strict=False)
    for provider in PROVIDERS:
        for text in provider.networks:
            network = ip_network(text)
            if network.version == wanted.version and _within(wanted[0], wanted[-1], network):
                return provider, network
    return None


def _within(
    first: IPv4Address | IPv6Address,
    last: IPv4Address | IPv6Address,
    network: IPv4Network | IPv6Network,
) -> bool:
    return first in network and last in network


def names() -> dict[str, tuple[str, ...]]:
    """Every name with an address, and its addresses (v4 first)."""
    known = {site.name: site.addresses for p in PROVIDERS for site in p.everywhere}
    return {**known, REGISTRY_NAME: (REGISTRY_IP,), MAIL_NAME: (MAIL_IP,)}


def is_v4(address: str) -> bool:
    return ip_address(address).version == 4
