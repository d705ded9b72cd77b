"""A script's way to the control pages: plain urllib over the JSON API, no proxy.

For the demonstration's walk, which knows the sandbox only from outside.
"""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

_OPENER = build_opener(ProxyHandler({}))  # the environment's proxy has no business on loopback


class SandboxRefused(Exception):
    """The sandbox answered with an error; the text is its reason."""


class SandboxClient:
    """Speaks to one sandbox, whose control address is `web` in `ready.json`."""

    def __init__(self, web: str) -> None:
        self._web = web.rstrip("/")

    def mail(self, to: str = "") -> list[dict[str, Any]]:
        """Letters, newest first: id, from, to, subject, text, attachments, …"""
        found: list[dict[str, Any]] = self._call(f"/api/mail?{urlencode({'to': to})}")
        return found

    def packs(self) -> list[dict[str, Any]]:
        """Referrals the police received, newest first, with each item's state."""
        found: list[dict[str, Any]] = self._call("/api/police")
        return found

    def police(self, pack: str, item: str, act: str) -> dict[str, Any]:
        """`acknowledge`, `authorise` or `contact`; returns the item's state."""
        path = "/".join(quote(part, safe="") for part in (pack, item, act))
        found: dict[str, Any] = self._call(f"/api/police/{path}", {})
        return found

    def restore(self, url: str) -> bool:
        """Put removed content back; False if nothing had been removed there."""
        return bool(self._call("/api/restore", {"url": url})["restored"])

    def host_state(self, url: str) -> dict[str, Any]:
        """provider, removed, asked, due of one address."""
        found: dict[str, Any] = self._call(f"/api/hosts/state?{urlencode({'url': url})}")
        return found

    def _call(self, path: str, body: dict[str, str] | None = None) -> Any:
        """GET, or POST if there is a body; raises SandboxRefused, or URLError if it is away."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._web + path, data, {"Content-Type": "application/json"})
        try:
            with _OPENER.open(request, timeout=10) as answer:
                return json.load(answer)
        except HTTPError as error:
            with error:
                raise SandboxRefused(_reason(error.read())) from error


def _reason(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, LookupError, TypeError):
        return body.decode(errors="replace")[:200]
