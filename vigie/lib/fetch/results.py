"""What a fetch may spend, and what it ends in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from ssl import SSLError

MEBIBYTE = 1024 * 1024


class Outcome(StrEnum):
    """How a fetch ended. `OK` says that an answer was read whole, whatever its status."""

    OK = "ok"
    BAD_URL = "bad_url"
    REFUSED_SCHEME = "refused_scheme"
    REFUSED_ADDRESS = "refused_address"
    NO_SUCH_NAME = "no_such_name"
    DNS_FAILED = "dns_failed"
    CONNECT_FAILED = "connect_failed"
    TLS_FAILED = "tls_failed"
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REDIRECT_LOOP = "redirect_loop"
    BAD_RESPONSE = "bad_response"
    BAD_ENCODING = "bad_encoding"


@dataclass(frozen=True)
class Limits:
    """What one fetch may spend, over all its hops unless said otherwise.

    `raw_bytes`: received, headers included; `body_bytes`: a body once decompressed;
    `header_bytes`: the head of one answer; `connect_seconds`: one TCP connection, and again
    one TLS handshake; `total_seconds`: everything, name look-ups included.
    """

    raw_bytes: int = 32 * MEBIBYTE
    body_bytes: int = 32 * MEBIBYTE
    header_bytes: int = 64 * 1024
    redirects: int = 10
    total_seconds: float = 30.0
    connect_seconds: float = 5.0


@dataclass(frozen=True)
class Hop:
    """One address asked or refused; `ip` is the one connected to, `status` what it answered."""

    url: str
    ip: str | None
    status: int | None


@dataclass(frozen=True)
class Fetched:
    """The end of a fetch. `url`, `status` and `ip` are those of the last hop.

    `url` carries neither credentials nor fragment (for `bad_url` and `refused_scheme` on the
    first hop it is the text as given). `body` is empty unless the outcome is `ok`, and stays out
    of `repr`, so that it cannot slip into a log. `tls_verified` is None when nobody checked.
    """

    outcome: Outcome
    url: str
    status: int | None
    content_type: str
    body: bytes = field(repr=False)
    ip: str | None
    hops: tuple[Hop, ...]
    raw_bytes: int
    seconds: float
    tls_verified: bool | None


class FetchFailed(Exception):
    """A fetch, or a look-up, cannot go on; `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(str(outcome))
        self.outcome = outcome


@contextmanager
def failing_as(outcome: Outcome) -> Iterator[None]:
    """Turn what sockets raise into an outcome: time and TLS have their own, the rest is `outcome`.

    ValueError is there because the ssl module raises it for names that it cannot send.
    """
    try:
        yield
    except TimeoutError as error:
        raise FetchFailed(Outcome.TIMED_OUT) from error
    except SSLError as error:
        raise FetchFailed(Outcome.TLS_FAILED) from error
    except (OSError, ValueError) as error:
        raise FetchFailed(outcome) from error
