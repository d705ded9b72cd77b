"""The outside world for the tests: the real sandbox on free ports, and one obedient site."""

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.environment import FOLDER
from vigie.sandbox.mailbox import Letter
from vigie.sandbox.police import Police
from vigie.sandbox.removals import Place
from vigie.sandbox.running import Options, Sandbox
from vigie.tracing.egress import egress

# Addresses of the sandbox's networks that no site of it has: in "Belgium" and "the Netherlands".
BELGIAN, DUTCH = "192.0.2.50", "192.0.2.100"


@dataclass
class Says:
    status: int = 200
    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """A web server that says what the test wrote into ``pages``, and remembers what was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Says | Callable[[], Says]] = {}
        self.asked: list[str] = []
        self.asked_with: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.endpoint = ("127.0.0.1", self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append(handler.path)
        self.asked_with.append(dict(handler.headers))
        page = self.pages.get(handler.path, Says(404, b"nothing here"))
        said = page if isinstance(page, Says) else page()
        handler.send_response(said.status)
        headers = {"Content-Type": said.type, "Content-Length": str(len(said.body)), **said.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(said.body)

    def album(self, path: str, *pictures: bytes, words: str = "") -> None:
        """A page that shows these pictures, at ``path`` followed by ``-1``, ``-2`` …"""
        shown = "".join(f'<img src="{path}-{n}">' for n in range(1, len(pictures) + 1))
        self.pages[path] = Says(body=f"<!doctype html><p>{words}</p>{shown}".encode())
        for n, picture in enumerate(pictures, start=1):
            self.pages[f"{path}-{n}"] = Says(body=picture, type="image/jpeg")

    def url(self, path: str, ip: str = BELGIAN) -> str:
        return f"http://{ip}{path}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Outside:
    sandbox: Sandbox
    site: Site
    folder: Path

    @property
    def police(self) -> Police:
        return self.sandbox.control.police

    def mail(self, to: str = "") -> list[Letter]:
        return self.sandbox.control.mailbox.letters(to)

    def fresh(self, host: str) -> str:
        """An address of the sandbox that nobody has used: a page with three pictures."""
        return f"http://{host}/a/{secrets.token_hex(6)}"

    def remove(self, url: str) -> None:
        """The host removes the page and its pictures, at once."""
        place = Place.of(url)
        assert place is not None
        self.sandbox.control.removals.ask(place, timedelta(0))

    def restore(self, url: str) -> None:
        place = Place.of(url)
        assert place is not None
        self.sandbox.control.removals.restore(place)


@pytest.fixture
def outside(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """The world, and the settings by which worker and viewer reach it (and nothing else)."""
    folder = tmp_path / "sandbox"
    keys = {"police_key": FOLDER / "police-be.secret.asc"}
    sandbox = Sandbox(
        Options(folder, prompt=timedelta(0), hotline_cert=FOLDER / "keys/hotline.pub.asc", **keys)
    )
    sandbox.start()
    site = Site()
    _add_to_map(folder / "map.json", site)
    host, port = sandbox.ports["dns"].address
    monkeypatch.setenv("VIGIE_NAMESERVERS", f"{host}:{port}")
    monkeypatch.setenv("VIGIE_SANDBOX_MAP", str(folder / "map.json"))
    settings.SANDBOX = True
    settings.RDAP_BOOTSTRAP = folder
    settings.COUNTRY_DATABASE = folder / "countries.mmdb"
    host, port = sandbox.ports["smtp"].address
    settings.SMTP_URL = f"smtp://{host}:{port}"
    egress.cache_clear()
    yield Outside(sandbox, site, folder)
    egress.cache_clear()
    site.stop()
    sandbox.stop()


def _add_to_map(path: Path, site: Site) -> None:
    served = {"80": list(site.endpoint)}
    path.write_text(json.dumps({**json.loads(path.read_text()), BELGIAN: served, DUTCH: served}))
