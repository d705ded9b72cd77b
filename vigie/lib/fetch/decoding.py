"""Undoing Content-Encoding without ever holding more than was allowed."""

import zlib
from collections.abc import Iterable, Sequence

from vigie.lib.fetch.results import FetchFailed, Outcome

GZIP = frozenset({"gzip", "x-gzip"})
CODINGS = GZIP | {"deflate"}
GZIP_MAGIC = b"\x1f\x8b"
# Servers that compress twice by mistake exist; nobody does it three times.
MAX_CODINGS = 2
# A gzip body may be several files in a row. Without a cap, an outer coding could unfold into
# millions of empty ones, each cheap and all together endless.
MAX_MEMBERS = 64


def codings_of(values: Iterable[bytes]) -> tuple[str, ...]:
    """The codings that Content-Encoding headers name, in the order in which they were applied.

    Raises `bad_encoding` for one that we did not offer, and for too many.
    """
    named = ",".join(value.decode("latin-1") for value in values).lower().split(",")
    codings = tuple(name.strip() for name in named if name.strip() not in ("", "identity"))
    if len(codings) > MAX_CODINGS or not CODINGS.issuperset(codings):
        raise FetchFailed(Outcome.BAD_ENCODING)
    return codings


def decoded(chunks: Iterable[bytes], codings: Sequence[str], room: int) -> bytes:
    """The whole body, decoded; at most `room` bytes at every layer.

    Raises `bomb` when a decoder would give more, `too_large` when a plain body does, and
    `bad_encoding` for a stream that is damaged or cut short.
    """
    layers = [_Layer(coding, room) for coding in reversed(codings)]
    body = bytearray()
    for chunk in chunks:
        for layer in layers:
            chunk = layer.feed(chunk)
        body += chunk
        if len(body) > room:
            raise FetchFailed(Outcome.TOO_LARGE)
    for layer in layers:
        layer.finish()
    return bytes(body)


class _Layer:
    """One decoder. zlib is told how much it may give, so a bomb stops before it unfolds."""

    def __init__(self, coding: str, room: int) -> None:
        self._is_gzip = coding in GZIP
        self._room = room
        self._held = b""
        self._stream: zlib._Decompress | None = None
        self._members = 0
        self._over = False

    def feed(self, data: bytes) -> bytes:
        data, self._held = self._held + data, b""
        out = bytearray()
        while data and not self._over:
            if self._stream is None and len(data) < len(GZIP_MAGIC):
                self._held = data
                break
            if self._stream is None:
                self._stream = self._begin(data)
            if self._stream is not None:
                out += self._inflate(self._stream, data)
                data = self._stream.unused_data
                self._end_member(self._stream)
        return bytes(out)

    def finish(self) -> None:
        """Raise unless the stream came to its end; nothing at all is an empty body."""
        cut_at_the_start = self._held and not self._members
        if self._stream is not None or cut_at_the_start:
            raise FetchFailed(Outcome.BAD_ENCODING)

    def _begin(self, data: bytes) -> "zlib._Decompress | None":
        """A decoder for what starts here; None when it is only rubbish after the end."""
        if self._is_gzip:
            if self._members and not data.startswith(GZIP_MAGIC):
                self._over = True
                return None
            return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        # "deflate" is the zlib format (RFC 9110, 8.4.1.2), but some servers leave its header off.
        has_header = data[0] & 0x0F == zlib.DEFLATED and int.from_bytes(data[:2]) % 31 == 0
        return zlib.decompressobj(wbits=zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)

    def _inflate(self, stream: "zlib._Decompress", data: bytes) -> bytes:
        try:
            out = stream.decompress(data, self._room + 1)
        except zlib.error as error:
            raise FetchFailed(Outcome.BAD_ENCODING) from error
        if len(out) > self._room:
            raise FetchFailed(Outcome.BOMB)
        self._room -= len(out)
        return out

    def _end_member(self, stream: "zlib._Decompress") -> None:
        if not stream.eof:
            return
        self._stream = None
        self._members += 1
        self._over = not self._is_gzip
        if self._members > MAX_MEMBERS:
            raise FetchFailed(Outcome.BAD_ENCODING)
