"""The registry's RDAP server (RFC 9082 queries): networks, domains, redirects, errors.

`/malformed/<kind>/…` is the same registry on a bad day; see `malformed.py` for the kinds.
"""

import json

from vigie.sandbox import registry
from vigie.sandbox.malformed import KINDS, RDAP
from vigie.sandbox.serving import Answer, Request
from vigie.sandbox.world import network_of

_REGIONAL = "/regional"


def respond(request: Request) -> Answer:
    """Answer one query; `/regional/…` is the second registry, which answers by itself."""
    path = request.path
    if path.startswith("/malformed/"):
        kind = KINDS.get(path.split("/")[2])
        return kind() if kind else _error(404, "No such kind")
    regional = path.startswith(f"{_REGIONAL}/")
    kind_of, _, wanted = path.removeprefix(_REGIONAL if regional else "").strip("/").partition("/")
    url = f"http://{request.authority}{path}"
    if kind_of == "ip" and wanted:
        return _ip(wanted, url, regional=regional, authority=request.authority)
    if kind_of == "domain" and wanted:
        found = registry.domain(wanted.lower().rstrip("."), url)
        return _error(404, "Not found", wanted) if found is None else _answer(200, found)
    if kind_of == "help":
        return _answer(200, {"rdapConformance": registry.CONFORMANCE, "notices": []})
    return _error(400, "Bad request", "This server answers ip, domain and help.")


def _ip(wanted: str, url: str, *, regional: bool, authority: str) -> Answer:
    try:
        found = network_of(wanted)
    except ValueError:
        return _error(400, "Bad request", "That is not an IP address or prefix.")
    if found is None:
        return _error(404, "Not found", "No network is registered for that address.")
    provider, block = found
    if provider.redirected and not regional:
        target = f"http://{authority}{_REGIONAL}/ip/{wanted}"
        return Answer(302, content_type=RDAP, headers=(("Location", target),))
    return _answer(200, registry.network(provider, block, url))


def _answer(status: int, value: registry.Json) -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), RDAP)


def _error(code: int, title: str, *description: str) -> Answer:
    return _answer(code, registry.error(code, title, *description))
