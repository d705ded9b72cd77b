"""One request and its answer on an open connection, every byte and second of it counted."""

import socket
from collections.abc import Iterator

import h11

from vigie.lib.fetch.location import Location
from vigie.lib.fetch.meter import Meter
from vigie.lib.fetch.results import FetchFailed, Outcome, failing_as

READ_BYTES = 64 * 1024
HEADERS_TOO_LARGE = 431
# One fixed, common browser, so that a look of ours stands out as little as it can.
USER_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
# What that browser asks a page with, and a picture: one look of ours must not differ from another.
PAGE_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PICTURE_ACCEPT = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"


class Exchange:
    """Speaks HTTP/1.1 once. No cookie, referrer or credential is ever sent."""

    def __init__(self, sock: socket.socket, meter: Meter) -> None:
        self._sock = sock
        self._meter = meter
        self._state = h11.Connection(
            h11.CLIENT, max_incomplete_event_size=meter.limits.header_bytes
        )

    def ask(self, location: Location, accept: str) -> None:
        request = h11.Request(
            method="GET",
            target=location.target,
            headers=[
                ("Host", location.authority),
                ("User-Agent", USER_AGENT),
                ("Accept", accept),
                ("Accept-Language", "en-US,en;q=0.5"),
                ("Accept-Encoding", "gzip, deflate"),
                ("Connection", "close"),
            ],
        )
        lines = (self._state.send(request) or b"") + (self._state.send(h11.EndOfMessage()) or b"")
        timeout = self._meter.left()
        with failing_as(Outcome.BAD_RESPONSE):
            self._sock.settimeout(timeout)
            self._sock.sendall(lines)

    def head(self) -> h11.Response:
        """The answer's status and headers, past any number of "please wait" that fits the limit.

        Raises `too_large`, `bad_response`, `timed_out`, `tls_failed`.
        """
        before = self._meter.raw_bytes
        while True:
            event = self._next()
            if isinstance(event, h11.Response):
                return event
            if not isinstance(event, h11.InformationalResponse):
                raise FetchFailed(Outcome.BAD_RESPONSE)
            if self._meter.raw_bytes - before > self._meter.limits.header_bytes:
                raise FetchFailed(Outcome.TOO_LARGE)

    def body(self) -> Iterator[bytes]:
        """The body as it arrives, still encoded; it ends only if it is complete."""
        while True:
            event = self._next()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return
            else:
                raise FetchFailed(Outcome.BAD_RESPONSE)

    def _next(self) -> object:
        """The next event, of any of h11's types; its readers look for those they expect."""
        while True:
            try:
                event = self._state.next_event()
            except h11.RemoteProtocolError as error:
                too_large = error.error_status_hint == HEADERS_TOO_LARGE
                outcome = Outcome.TOO_LARGE if too_large else Outcome.BAD_RESPONSE
                raise FetchFailed(outcome) from error
            if event is not h11.NEED_DATA:
                return event
            self._state.receive_data(self._read())

    def _read(self) -> bytes:
        timeout = self._meter.left()
        with failing_as(Outcome.BAD_RESPONSE):
            self._sock.settimeout(timeout)
            data = self._sock.recv(READ_BYTES)
        self._meter.count(len(data))
        return data
