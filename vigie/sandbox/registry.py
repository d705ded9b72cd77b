"""What the registry knows, in the shapes of RFC 9083 and RFC 7095 (jCard).

The abuse contact lies two levels deep, inside the registrant, as registries nest it: a reader
that looks at the first level only finds contacts that must never be written to.
"""

from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final

from vigie.sandbox.world import PROVIDERS, REGISTRY_NAME, Provider

CONFORMANCE: Final = ["rdap_level_0"]
BASE: Final = f"http://{REGISTRY_NAME}/"
_NOTICE: Final = {"title": "Sandbox", "description": ["Nothing here is real."]}

Json = dict[str, Any]


def network(provider: Provider, block: IPv4Network | IPv6Network, self_url: str) -> Json:
    """An IP network object (RFC 9083, section 5.4); `country` only if the registry has one."""
    found: Json = {
        "objectClassName": "ip network",
        "rdapConformance": CONFORMANCE,
        "notices": [_NOTICE],
        "handle": f"NET-{provider.key.upper()}-V{block.version}",
        "startAddress": str(block[0]),
        "endAddress": str(block[-1]),
        "ipVersion": f"v{block.version}",
        "name": f"{provider.key.upper()}-NET",
        "type": "ALLOCATED PA",
        "status": ["active"],
        "events": [{"eventAction": "registration", "eventDate": "2021-03-02T09:00:00Z"}],
        "links": [_link(self_url)],
        "entities": [_technical(provider), _holder(provider)],
    }
    return found if provider.country is None else {**found, "country": provider.country}


def domain(name: str, self_url: str) -> Json | None:
    """A domain object (section 5.3). None of its contacts is the host's: they are traps."""
    if not any(provider.domain == name for provider in PROVIDERS):
        return None
    contact = _entity("REG-ABUSE", ["abuse"], "Abuse", "group", "abuse@registrar.test")
    registrar = _entity("REGISTRAR-1", ["registrar"], "Registrar", "org", "info@registrar.test")
    return {
        "objectClassName": "domain",
        "rdapConformance": CONFORMANCE,
        "notices": [_NOTICE],
        "handle": f"DOM-{name.partition('.')[0].upper()}",
        "ldhName": name,
        "status": ["active"],
        "links": [_link(self_url)],
        "entities": [
            {**registrar, "entities": [contact]},
            _entity("OWNER-1", ["registrant"], "The owner", "individual", f"owner@{name}"),
            _entity("SITE-1", ["abuse"], "The site's own desk", "group", f"abuse@site.{name}"),
        ],
    }


def error(code: int, title: str, *description: str) -> Json:
    """An error answer (section 6)."""
    return {
        "rdapConformance": CONFORMANCE,
        "errorCode": code,
        "title": title,
        "description": list(description),
    }


def bootstrap(version: int, published: str) -> Json:
    """The bootstrap file of one address family (RFC 9224), with two registries for IPv4."""
    first, second = ["192.0.2.0/24", "198.51.100.0/24"], ["203.0.113.0/24"]
    services = [[first, [BASE]], [second, [f"{BASE}regional/"]]]
    return {
        "version": "1.0",
        "publication": published,
        "description": "Sandbox registration data: nothing here is real",
        "services": services if version == 4 else [[["2001:db8::/32"], [BASE]]],
    }


def _holder(provider: Provider) -> Json:
    """The network's holder, and inside it the abuse desk, if there is one."""
    holder = _entity(
        f"ORG-{provider.key.upper()}",
        ["registrant"],
        provider.name,
        "org",
        f"info@{provider.domain}",
    )
    if provider.abuse is None:
        return holder
    desk = _entity(f"AR-{provider.key.upper()}", ["abuse"], "Abuse desk", "group", provider.abuse)
    return {**holder, "entities": [desk]}


def _technical(provider: Provider) -> Json:
    handle, roles = f"TECH-{provider.key.upper()}", ["technical", "administrative"]
    return _entity(handle, roles, "Network operations", "group", f"noc@{provider.domain}")


def _entity(handle: str, roles: list[str], name: str, kind: str, email: str) -> Json:
    card = [
        ["version", {}, "text", "4.0"],
        ["fn", {}, "text", name],
        ["kind", {}, "text", kind],
        ["email", {}, "text", email],
    ]
    entity: Json = {"objectClassName": "entity", "handle": handle, "roles": roles}
    return {**entity, "vcardArray": ["vcard", card]}


def _link(url: str) -> Json:
    return {"value": url, "rel": "self", "href": url, "type": "application/rdap+json"}
