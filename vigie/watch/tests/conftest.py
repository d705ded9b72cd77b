"""Fixtures of the watch's tests: one site that says what a test wants, and a clock to move."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outside import BELGIAN, Site
from vigie.lib.tests.hostile_server import Names
from vigie.tracing.egress import egress
from vigie.watch.tests.support import NOBODY, SILENT


@pytest.fixture
def site(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The obedient site at `BELGIAN`, two addresses that give no answer, and no name at all."""
    site, names = Site(), Names()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        unused = probe.getsockname()
    path = tmp_path / "map.json"
    silent = socket.create_server(("127.0.0.1", 0))
    places = {BELGIAN: site.endpoint, NOBODY: unused, SILENT: silent.getsockname()}
    served = {ip: {"80": list(place)} for ip, place in places.items()}
    path.write_text(json.dumps(served))
    monkeypatch.setenv("VIGIE_NAMESERVERS", "{}:{}".format(*names.endpoint))
    monkeypatch.setenv("VIGIE_SANDBOX_MAP", str(path))
    settings.SANDBOX = True
    egress.cache_clear()
    yield site
    egress.cache_clear()
    site.stop()
    names.close()
    silent.close()
