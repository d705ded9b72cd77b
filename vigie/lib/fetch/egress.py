"""The way out: who answers for names, where requests leave, and what the sandbox stands in for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Self

from vigie.lib.fetch.addresses import is_public

Endpoint = tuple[str, int]

# The only addresses that the sandbox may stand in for (RFC 5737, RFC 3849): nobody owns them.
SANDBOX_NETWORKS = tuple(
    ip_network(network)
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


@dataclass(frozen=True)
class Egress:
    """How requests leave this machine.

    `nameservers`: (address, port) pairs; none means the system's resolver.
    `sandbox`: documentation address -> port -> loopback (host, port). When it is not empty nothing
    else is ever connected to, and no resolver but a loopback one is asked.
    `source_address`: requests leave from here, and only to addresses of the same family.

    Raises ValueError for a setting that is malformed or would let the sandbox out.
    """

    nameservers: tuple[Endpoint, ...]
    sandbox: Mapping[str, Mapping[int, Endpoint]] = field(default_factory=dict)
    source_address: str | None = None

    def __post_init__(self) -> None:
        # Addresses have many spellings; look-ups are by the canonical one.
        mapped = {str(ip_address(ip)): dict(ports) for ip, ports in self.sandbox.items()}
        object.__setattr__(self, "sandbox", mapped)
        for ip, ports in mapped.items():
            _check_sandboxed(ip, ports)
        for host, _port in self.nameservers:
            if mapped and not ip_address(host).is_loopback:
                raise ValueError("in the sandbox, nameservers must be on loopback")
        if self.source_address is not None:
            ip_address(self.source_address)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read VIGIE_NAMESERVERS, VIGIE_SANDBOX_MAP (a path) and VIGIE_EGRESS_SOURCE.

        A sandbox map that maps nothing raises: the demonstration would go out for real.
        """
        nameservers = environ.get("VIGIE_NAMESERVERS", "").split(",")
        path = environ.get("VIGIE_SANDBOX_MAP", "")
        sandbox = _read_map(Path(path)) if path else {}
        if path and not sandbox:
            raise ValueError("VIGIE_SANDBOX_MAP names a map without any address")
        return cls(
            nameservers=tuple(_endpoint(text.strip()) for text in nameservers if text.strip()),
            sandbox=sandbox,
            source_address=environ.get("VIGIE_EGRESS_SOURCE") or None,
        )

    def accepts(self, ip: str) -> bool:
        """Whether an address may be asked at all: a public one, or one that the sandbox plays."""
        return is_public(ip) or ip in self.sandbox

    def endpoint(self, ip: str, port: int) -> Endpoint | None:
        """Where to connect for an accepted address; None when it is out of reach from here."""
        if self.sandbox:
            return self.sandbox.get(ip, {}).get(port)
        if self.source_address is not None:
            here, there = ip_address(self.source_address), ip_address(ip)
            return (ip, port) if here.version == there.version else None
        return (ip, port)


def _check_sandboxed(ip: str, ports: Mapping[int, Endpoint]) -> None:
    if not any(ip_address(ip) in network for network in SANDBOX_NETWORKS):
        raise ValueError(f"the sandbox may only stand in for documentation addresses, not {ip}")
    for host, _port in ports.values():
        if not ip_address(host).is_loopback:
            raise ValueError(f"the sandbox may only lead to loopback, not to {host}")


def _endpoint(text: str) -> Endpoint:
    """`192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`; the port is 53."""
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]") or ("[" not in text and ":" in host):
        host, port = text, "53"
    return str(ip_address(host.strip("[]"))), int(port)


def _read_map(path: Path) -> dict[str, dict[int, Endpoint]]:
    """{"192.0.2.10": {"80": ["127.0.0.1", 9001]}}, with ports as numbers."""
    read = json.loads(path.read_text(encoding="utf-8"))
    return {
        ip: {int(port): (str(host), int(there)) for port, (host, there) in ports.items()}
        for ip, ports in read.items()
    }
