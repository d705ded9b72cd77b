"""Speaking to a partner whose address the operator configured: https, credentials, small answers.

Not for reported addresses: those go through `lib.fetch`. Nothing here is hostile by trade, but a
partner may be broken or broken into: no redirect is followed, an answer has a largest size and
every request an end, and what is raised quotes neither addresses nor credentials nor answers.
"""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx

LOOPBACK = ("127.0.0.1", "::1", "localhost")
MEBIBYTE = 1024 * 1024


@cache
def _authorities() -> ssl.SSLContext:
    """Made once for all partners: reading the certificates takes 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


class PartnerFailed(Exception):
    """A partner did not answer as it should; ``reason`` is a few words, safe to log and show."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True)
class Limits:
    """``answer_bytes``: of one answer, decompressed; ``seconds``: one request from end to end."""

    answer_bytes: int = 32 * MEBIBYTE
    seconds: float = 60.0


class Partner:
    """One partner's service below ``base``; use it as a context.

    Raises `ValueError` for an address without TLS, loopback (the sandbox) excepted.
    """

    def __init__(
        self,
        base: str,
        *,
        basic: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        limits: Limits = Limits(),  # noqa: B008
    ) -> None:
        parts = urlsplit(base)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("a partner's address begins with https://")
        self._base, self._limits = base.rstrip("/") + "/", limits
        self._client = httpx.Client(
            auth=basic,
            headers=dict(headers or {}),
            timeout=min(limits.seconds, 20.0),
            trust_env=False,
            follow_redirects=False,
            verify=_authorities(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, **parameters: str | int) -> bytes:
        return self.send("GET", path, params=parameters or None)

    def send(self, method: str, path: str, **how: Any) -> bytes:
        """The body of a 2xx answer to ``path`` below the base. Raises `PartnerFailed`.

        ``how``: what `httpx.Client.stream` takes (``params``, ``json``, ``content``, ``headers``).
        """
        end = time.monotonic() + self._limits.seconds
        try:
            with self._client.stream(method, self._address(path), **how) as answer:
                if not answer.is_success:
                    raise PartnerFailed(f"answered {answer.status_code}", answer.status_code)
                return self._body(answer, end)
        except httpx.TimeoutException:
            raise PartnerFailed("took too long") from None
        except httpx.HTTPError as error:
            raise PartnerFailed(f"not reached: {type(error).__name__}") from None

    def _address(self, path: str) -> str:
        """An address of this partner and no other: credentials go with it."""
        address = urljoin(self._base, path.lstrip("/"))
        if not address.startswith(self._base):
            raise PartnerFailed("led elsewhere")
        return address

    def _body(self, answer: httpx.Response, end: float) -> bytes:
        pieces, size = [], 0
        for piece in answer.iter_bytes():
            size += len(piece)
            if size > self._limits.answer_bytes:
                raise PartnerFailed("answered too much")
            if time.monotonic() > end:
                raise PartnerFailed("took too long")
            pieces.append(piece)
        return b"".join(pieces)
