"""The files other programs are pointed at: address map, bootstraps, countries, readiness."""

from pathlib import Path

from mmdb_writer import MMDBWriter
from netaddr import IPSet  # type: ignore[import-untyped]

from vigie.sandbox import registry
from vigie.sandbox.files import Clock, stamp, write_bytes, write_json
from vigie.sandbox.listening import Address, Listening
from vigie.sandbox.world import MAIL_IP, PROVIDERS, REGISTRY_IP

MAP = "map.json"
BOOTSTRAP = "ipv{version}.json"
COUNTRIES = "countries.mmdb"
READY = "ready.json"

Ports = dict[str, Listening]


def https_service(key: str) -> str:
    return f"{key}-https"


def write_all(directory: Path, ports: Ports, clock: Clock) -> None:
    """Everything but `ready.json`, which must come last."""
    write_json(directory / MAP, address_map(ports))
    for version in (4, 6):
        content = registry.bootstrap(version, stamp(clock()))
        write_json(directory / BOOTSTRAP.format(version=version), content)
    write_countries(directory / COUNTRIES)


def address_map(ports: Ports) -> dict[str, dict[str, Address]]:
    """Sandbox address → port → the loopback address that serves it (VIGIE_SANDBOX_MAP)."""
    found: dict[str, dict[str, Address]] = {
        REGISTRY_IP: {"80": ports["rdap"].address},
        MAIL_IP: {"25": ports["smtp"].address},
    }
    for provider in PROVIDERS:
        served = {"80": ports[provider.key].address}
        if provider.https:
            served["443"] = ports[https_service(provider.key)].address
        found |= {address: served for site in provider.everywhere for address in site.addresses}
    return found


def write_countries(path: Path) -> None:
    """An IP database of the sandbox's networks, as an operator would supply one (MMDB)."""
    writer = MMDBWriter(
        6,
        "Vigie-Sandbox-Country",
        languages=["en"],
        description="Sandbox networks: nothing here is real",
        ipv4_compatible=True,
    )
    for provider in PROVIDERS:
        system = {"number": provider.asn, "organization": provider.name}
        record = {"country": {"iso_code": provider.located}, "as": system}
        writer.insert_network(IPSet(provider.networks), record)
    draft = path.with_name(path.name + ".new")
    writer.to_db_file(str(draft))
    write_bytes(path, draft.read_bytes())
    draft.unlink()


def write_ready(directory: Path, ports: Ports) -> None:
    """Say that everything listens, where, and which files and settings go with it."""
    host, dns_port = ports["dns"].address
    files = {
        "map": MAP,
        "rdap_bootstrap_ipv4": BOOTSTRAP.format(version=4),
        "rdap_bootstrap_ipv6": BOOTSTRAP.format(version=6),
        "countries": COUNTRIES,
    }
    ready = {
        "format": "vigie-sandbox/1",
        "web": _url(ports["web"]),
        "smtp": ports["smtp"].address,
        "dns": ports["dns"].address,
        "rdap": _url(ports["rdap"]),
        "rdap_base": registry.BASE,
        "hosts": {provider.key: _host(provider.key, ports) for provider in PROVIDERS},
        "files": {name: str(directory.resolve() / file) for name, file in files.items()},
        "environ": {
            "VIGIE_SANDBOX_MAP": str(directory.resolve() / MAP),
            "VIGIE_NAMESERVERS": f"{host}:{dns_port}",
        },
    }
    write_json(directory / READY, ready)


def _host(key: str, ports: Ports) -> dict[str, object]:
    provider = next(p for p in PROVIDERS if p.key == key)
    secure = ports.get(https_service(key))
    return {
        "http": ports[key].address,
        "https": secure.address if secure else None,
        "country": provider.country,
        "abuse": provider.abuse,
        "behaviour": provider.behaviour,
        "sites": {site.name: site.addresses for site in provider.sites},
    }


def _url(service: Listening) -> str:
    host, port = service.address
    return f"http://{host}:{port}/"
