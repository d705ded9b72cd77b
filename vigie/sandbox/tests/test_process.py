"""The sandbox as a process: files, one clear line, a clean end."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import maxminddb
import pytest

from vigie.sandbox.__main__ import main
from vigie.sandbox.artefacts import address_map
from vigie.sandbox.client import SandboxClient
from vigie.sandbox.listening import PortTaken, take_ports
from vigie.sandbox.running import SERVICES, Sandbox
from vigie.sandbox.tests.support import wait_for
from vigie.sandbox.world import PROVIDERS

ROOT = Path(__file__).parents[3]
Refused = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Refused:
    def run(directory: Path, *options: str) -> str:
        assert main(["--dir", str(directory), *options]) == 2
        out, errors = capsys.readouterr()
        assert out == ""
        return errors.strip()

    return run


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_it_starts_says_so_and_stops_cleanly(tmp_path: Path) -> None:
    for stop in (signal.SIGTERM, signal.SIGINT):
        process = subprocess.Popen(
            [sys.executable, "-m", "vigie.sandbox", "--dir", str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        ready = tmp_path / "ready.json"
        wait_for(lambda: ready.exists() or process.poll() is not None)  # noqa: B023
        assert SandboxClient(json.loads(ready.read_text())["web"]).mail() == []
        process.send_signal(stop)
        output, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, b"")
        assert output.count(b"\n") == 1
        assert not ready.exists()


def test_a_taken_port_is_one_clear_line(tmp_path: Path, taken: int, refused: Refused) -> None:
    line = refused(tmp_path, "--base-port", str(taken))
    assert "\n" not in line
    assert f"127.0.0.1:{taken}" in line
    assert "--base-port" in line


def test_a_failed_start_leaves_a_running_sandbox_s_files_alone(
    sandbox: Sandbox, taken: int, refused: Refused
) -> None:
    directory = sandbox.options.directory
    refused(directory, "--base-port", str(taken))
    assert (directory / "ready.json").exists()


@pytest.mark.parametrize("bind", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_it_listens_on_loopback_only(tmp_path: Path, bind: str, refused: Refused) -> None:
    assert "loopback" in refused(tmp_path, "--bind", bind)


def test_a_key_that_cannot_be_used_is_one_clear_line(tmp_path: Path, refused: Refused) -> None:
    (tmp_path / "key.asc").write_text("not a key")
    for name in ("key.asc", "missing.asc"):
        line = refused(tmp_path, "--police-key", str(tmp_path / name))
        assert line.startswith("sandbox: cannot start:")
        assert "\n" not in line


def test_ports_are_consecutive_and_all_or_none() -> None:
    held = None
    for base in range(20_000, 60_000, 500):
        try:
            held = take_ports("127.0.0.1", base, SERVICES, frozenset({"dns"}))
            break
        except PortTaken:
            continue
    assert held is not None
    assert [s.address[1] for s in held.values()] == list(range(base, base + len(SERVICES)))
    last = list(held.values()).pop()
    for service in held.values():
        if service is not last:
            service.close()
    with pytest.raises(PortTaken, match=str(last.address[1])):
        take_ports("127.0.0.1", base, SERVICES, frozenset({"dns"}))
    last.close()
    for service in take_ports("127.0.0.1", base, SERVICES, frozenset({"dns"})).values():
        service.close()


def test_the_map_sends_every_address_to_loopback(sandbox: Sandbox) -> None:
    found = json.loads((sandbox.options.directory / "map.json").read_text())
    assert found == json.loads(json.dumps(address_map(sandbox.ports)))
    sites = {a for p in PROVIDERS for site in p.sites for a in site.addresses}
    assert sites < set(found)
    assert all(t[0] == "127.0.0.1" for ports in found.values() for t in ports.values())
    assert set(found["192.0.2.74"]) == {"80", "443"}


def test_ready_names_every_service_and_file(sandbox: Sandbox) -> None:
    ready: dict[str, Any] = json.loads((sandbox.options.directory / "ready.json").read_text())
    assert set(ready["hosts"]) == {provider.key for provider in PROVIDERS}
    assert all(Path(path).is_file() for path in ready["files"].values())
    host, port = ready["dns"]
    assert ready["environ"]["VIGIE_NAMESERVERS"] == f"{host}:{port}"


def test_the_ip_database_knows_every_network(sandbox: Sandbox) -> None:
    with maxminddb.open_database(sandbox.options.directory / "countries.mmdb") as database:
        for provider in PROVIDERS:
            for site in provider.sites:
                for address in site.addresses:
                    record: Any = database.get(address)
                    assert record["country"]["iso_code"] == provider.located
                    assert record["as"]["number"] == provider.asn
        assert database.get("203.0.113.250") is None
