"""Undoing compression within bounds, and reading answers that are only bytes."""

import gzip
import socket
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.lib.fetch import FetchFailed, Limits, Outcome
from vigie.lib.fetch.decoding import codings_of, decoded
from vigie.lib.fetch.exchange import Exchange
from vigie.lib.fetch.location import Location
from vigie.lib.fetch.meter import Meter

ROOM = 1_000


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(body) + stream.flush()


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def ends_in(chunks: Iterator[bytes], codings: tuple[str, ...]) -> Outcome:
    with pytest.raises(FetchFailed) as failed:
        decoded(chunks, codings, ROOM)
    return failed.value.outcome


@given(st.binary(max_size=ROOM), st.integers(1, 50))
def test_what_was_encoded_comes_back_however_it_arrives(body: bytes, size: int) -> None:
    squeezed = gzip.compress(body)
    assert decoded(cut(body, size), (), ROOM) == body
    assert decoded(cut(squeezed, size), ("gzip",), ROOM) == body
    assert decoded(cut(squeezed + b"\0padding", size), ("x-gzip",), ROOM) == body
    assert decoded(cut(zlib.compress(body), size), ("deflate",), ROOM) == body
    assert decoded(cut(raw_deflate(body), size), ("deflate",), ROOM) == body
    twice = zlib.compress(body[: ROOM // 2])
    assert decoded(cut(gzip.compress(twice), size), ("deflate", "gzip"), ROOM) == body[: ROOM // 2]
    halves = gzip.compress(body[:10]) + gzip.compress(body[10:])
    assert decoded(cut(halves, size), ("gzip",), ROOM) == body


def test_an_empty_body_needs_no_decoding() -> None:
    assert decoded(iter([]), ("gzip", "deflate"), ROOM) == b""


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_byte_too_many_is_a_bomb(coding: str) -> None:
    squeeze = gzip.compress if coding == "gzip" else zlib.compress
    assert decoded(iter([squeeze(bytes(ROOM))]), (coding,), ROOM) == bytes(ROOM)
    assert ends_in(iter([squeeze(bytes(ROOM + 1))]), (coding,)) is Outcome.BOMB
    assert ends_in(cut(squeeze(bytes(10**6)), 3), (coding,)) is Outcome.BOMB
    inner = gzip.compress(gzip.compress(bytes(10**8)))
    assert ends_in(iter([inner]), ("gzip", "gzip")) is Outcome.BOMB


def test_a_bomb_never_unfolds() -> None:
    bomb = gzip.compress(bytes(10**7))
    tracemalloc.start()
    try:
        assert ends_in(iter([bomb]), ("gzip",)) is Outcome.BOMB
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10**6


def test_a_plain_body_is_only_too_large() -> None:
    assert ends_in(cut(bytes(ROOM + 1), 100), ()) is Outcome.TOO_LARGE


@pytest.mark.parametrize("length", [1, 2, 5, 12, 20])
def test_a_stream_cut_short_is_bad(length: int) -> None:
    assert ends_in(iter([gzip.compress(b"hello")[:length]]), ("gzip",)) is Outcome.BAD_ENCODING


def test_files_in_a_row_are_counted() -> None:
    row = gzip.compress(b"") * 1_000
    assert ends_in(iter([row]), ("gzip",)) is Outcome.BAD_ENCODING


@pytest.mark.parametrize(
    ("values", "codings"),
    [
        ([], ()),
        ([b""], ()),
        ([b"identity"], ()),
        ([b"GZip"], ("gzip",)),
        ([b"deflate, gzip"], ("deflate", "gzip")),
        ([b"deflate", b" x-gzip ,"], ("deflate", "x-gzip")),
    ],
)
def test_codings_are_read(values: list[bytes], codings: tuple[str, ...]) -> None:
    assert codings_of(values) == codings


@pytest.mark.parametrize("value", [b"br", b"zstd", b"gzip, br", b"gzip,gzip,gzip", b"\xff"])
def test_a_coding_that_was_not_offered_is_bad(value: bytes) -> None:
    with pytest.raises(FetchFailed) as failed:
        codings_of([value])
    assert failed.value.outcome is Outcome.BAD_ENCODING


@given(st.binary(max_size=200), st.sampled_from([b"gzip", b"deflate"]))
def test_no_bytes_make_a_decoder_raise_anything_else(data: bytes, coding: bytes) -> None:
    with suppress(FetchFailed):
        decoded(iter([data]), codings_of([coding, coding]), ROOM)


HEADS = (b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: ")
LATER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@given(st.sampled_from((*HEADS, LATER)), st.binary(max_size=200))
def test_no_answer_makes_an_exchange_raise_anything_else(head: bytes, rest: bytes) -> None:
    near, far = socket.socketpair()
    with near, far:
        exchange = Exchange(near, Meter(Limits(total_seconds=60)))
        exchange.ask(Location.read("http://example.test/"), "*/*")
        far.sendall(head + rest)
        far.shutdown(socket.SHUT_WR)
        with suppress(FetchFailed):
            exchange.head()
            list(exchange.body())
