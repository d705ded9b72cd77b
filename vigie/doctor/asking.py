"""Asking a running program over HTTP, as a browser without cookies would; nothing is followed."""

import http.client
import ssl
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

SECONDS = 30  # the press's pack is made when it is first asked for
MOST = 5_000_000  # bytes of a page; ours are far smaller


@dataclass(frozen=True)
class Answer:
    """``from_address``: which address of this machine asked."""

    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    from_address: str

    def all_of(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str:
        return ", ".join(self.all_of(name))

    @property
    def is_page(self) -> bool:
        return self.one("Content-Type").startswith("text/html")


class Site:
    """One of the two programs at its address. ``authority``: a file of CA certificates to trust."""

    def __init__(self, url: str, authority: str | None = None) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        self.scheme, self.host, self.port = parts.scheme, parts.hostname or "", parts.port
        self.netloc = parts.netloc
        self.authority = authority

    @property
    def secure(self) -> bool:
        return self.scheme == "https"

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> Answer:
        """Raises `OSError` or `http.client.HTTPException` when nobody answers."""
        sent = {"Host": self.netloc, "Accept-Language": "en"}
        sent |= {k.replace("_", "-"): v for k, v in headers.items()}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            return self._asked(method, path, body, sent)
        except (http.client.RemoteDisconnected, ConnectionError):  # it had waited long enough
            self._line.close()
            return self._asked(method, path, body, sent)
        except (OSError, http.client.HTTPException):
            self._line.close()
            raise

    def _asked(self, method: str, path: str, body: str | None, sent: dict[str, str]) -> Answer:
        self._line.request(method, path, body, sent)
        from_address = self._line.sock.getsockname()[0]
        answer = self._line.getresponse()
        text = answer.read(MOST).decode("utf-8", "replace")
        if not answer.isclosed():  # a pack of pictures: the rest of it is of no interest
            self._line.close()
        return Answer(path, answer.status, tuple(answer.getheaders()), text, from_address)

    def close(self) -> None:
        self._line.close()

    @cached_property
    def _line(self) -> http.client.HTTPConnection:
        """One connection for all questions; http.client opens it again where it was closed."""
        if not self.secure:
            # RFC 6761: every name under localhost is this machine, whatever a resolver says.
            here = "127.0.0.1" if self.host.endswith(".localhost") else self.host
            return http.client.HTTPConnection(here, self.port, timeout=SECONDS)
        context = ssl.create_default_context(cafile=self.authority)
        return http.client.HTTPSConnection(self.host, self.port, timeout=SECONDS, context=context)
