"""Registration data of an address: RDAP, from IANA's bootstrap to the network's abuse contact.

Queries RFC 9082, answers RFC 9083, bootstrap RFC 9224, contacts RFC 7095 (jCard). The well-kept
client (whoisit) brings its own transport, which knows nothing of our guard, and refuses the
sandbox's addresses; what is left is this file. Every answer is hostile input: wrong types, cycles
and missing parts end in less knowledge, never in an exception.
"""

import ipaddress
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vigie.lib.fetch import Egress, Limits, Outcome, fetch

LIMITS = Limits(raw_bytes=1_000_000, body_bytes=1_000_000, total_seconds=20)
DEEPEST = 8


@dataclass(frozen=True)
class Network:
    """What the registry says of an IP network. Empty where it says nothing usable."""

    handle: str = ""
    name: str = ""
    country: str = ""
    abuse_contact: str = ""
    source: str = ""
    problem: str = ""


def bootstrap_url(folder: Path, ip: str) -> str | None:
    """The RDAP service for an address: the longest prefix of IANA's file (ipv4.json, ipv6.json)."""
    address = ipaddress.ip_address(ip)
    path = folder / f"ipv{address.version}.json"
    best: tuple[int, str] | None = None
    try:
        services = json.loads(path.read_text())["services"]
        for prefixes, urls in services:
            for prefix in prefixes:
                network = ipaddress.ip_network(prefix)
                if address in network and (best is None or network.prefixlen > best[0]):
                    best = (network.prefixlen, sorted(urls, reverse=True)[0])  # https first
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
    return best[1] if best else None


def network_of(ip: str, folder: Path, egress: Egress) -> Network:
    """Ask the registry responsible for ``ip``; `Network.problem` says why nothing was learnt."""
    base = bootstrap_url(folder, ip)
    if base is None:
        return Network(problem="no_registry")
    url = f"{base.rstrip('/')}/ip/{ip}"
    answer = fetch(url, egress, LIMITS, accept="application/rdap+json", verify_tls=True)
    if answer.outcome is not Outcome.OK:
        return Network(source=url, problem=f"registry_{answer.outcome}")
    if answer.status != 200:
        return Network(source=url, problem=f"registry_answered_{answer.status}")
    return read_network(answer.body, url)


def read_network(body: bytes, source: str) -> Network:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return Network(source=source, problem="registry_not_json")
    if not isinstance(data, dict) or data.get("objectClassName") != "ip network":
        return Network(source=source, problem="registry_not_a_network")
    country = _text(data.get("country"))
    return Network(
        handle=_text(data.get("handle")),
        name=_text(data.get("name")),
        country=country.upper() if re.fullmatch("[A-Za-z]{2}", country) else "",
        abuse_contact=abuse_contact(data),
        source=source,
    )


def abuse_contact(data: dict[str, Any]) -> str:
    """The e-mail of the nearest entity with the role *abuse*, however deep it is nested.

    Breadth first: a contact named by the network itself counts before one of its organisation.
    """
    level = _entities(data)
    for _ in range(DEEPEST):
        for entity in level:
            address = _email(entity.get("vcardArray")) if _is_abuse(entity) else ""
            if address:
                return address
        level = [inner for entity in level for inner in _entities(entity)]
    return ""


def _entities(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [entity for entity in _list(data.get("entities")) if isinstance(entity, dict)]


def _is_abuse(entity: dict[str, Any]) -> bool:
    roles = [role.casefold() for role in _list(entity.get("roles")) if isinstance(role, str)]
    return "abuse" in roles


def _email(vcard: Any) -> str:
    """The first usable ``["email", {}, "text", address]`` row of a jCard."""
    rows = vcard[1] if isinstance(vcard, list) and len(vcard) > 1 else []
    for row in _list(rows):
        if isinstance(row, list) and len(row) >= 4 and row[0] == "email":
            address = row[3].strip() if isinstance(row[3], str) else ""
            local, at, domain = address.partition("@")
            # As it was written: what is left of a broken address may be somebody else's.
            plain = address.isascii() and address.isprintable() and " " not in address
            if at and local and "." in domain and "@" not in domain and plain:
                return address.casefold()
    return ""


def _text(value: Any) -> str:
    """Its printable characters: a NUL or half a surrogate pair can be kept by no database."""
    if not isinstance(value, str):
        return ""
    return "".join(character for character in value if character.isprintable()).strip()[:200]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
