"""Reading an address as a browser would, so that both mean the same machine."""

from dataclasses import dataclass
from typing import Self

from ada_url import URL, HostType

from vigie.lib.fetch.results import FetchFailed, Outcome

# Longer request lines are refused by the common servers (nginx, Apache) too.
MAX_URL_CHARACTERS = 8192
DEFAULT_PORTS = {"http:": 80, "https:": 443}


@dataclass(frozen=True)
class Location:
    """An http or https address in its parts; whatever could carry a secret is dropped.

    `url`: canonical text without credentials or fragment; `host`: a name in ASCII, or an IP
    address without brackets; `authority`: what the Host header says; `target`: path and query.
    """

    url: str
    secure: bool
    host: str
    port: int
    authority: str
    target: str

    @classmethod
    def read(cls, text: str, base: Self | None = None) -> Self:
        """Parse by the WHATWG standard; raises `bad_url` or `refused_scheme`.

        The standard, not this code, turns `0x7f.1` into 127.0.0.1 and drops line breaks, so
        nothing that reaches a socket can hold a control character.
        """
        if len(text) > MAX_URL_CHARACTERS:
            raise FetchFailed(Outcome.BAD_URL)
        try:
            url = URL(text, base.url if base else None)
        except ValueError as error:
            raise FetchFailed(Outcome.BAD_URL) from error
        if url.protocol not in DEFAULT_PORTS:
            raise FetchFailed(Outcome.REFUSED_SCHEME)
        return cls._from(url)

    @classmethod
    def _from(cls, url: URL) -> Self:
        target = url.pathname + url.search
        canonical = f"{url.protocol}//{url.host}{target}"
        if len(canonical) > MAX_URL_CHARACTERS:
            raise FetchFailed(Outcome.BAD_URL)
        is_ipv6 = url.host_type == HostType.IPV6
        return cls(
            url=canonical,
            secure=url.protocol == "https:",
            host=url.hostname[1:-1] if is_ipv6 else url.hostname,
            port=int(url.port) if url.port else DEFAULT_PORTS[url.protocol],
            authority=url.host,
            target=target,
        )
