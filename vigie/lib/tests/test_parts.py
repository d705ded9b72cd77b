"""A form with parts is read alike however it is cut up; nothing makes it slow, nothing stops it."""

import time
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.lib.parts import Part, Parts, boundary_of, part_of

pytestmark = pytest.mark.pure
HEAD = b'Content-Disposition: form-data; name="%s"\r\n\r\n'
# Made of what a mark is made of.
contents = st.lists(st.sampled_from([b"--xx", b"-", b"x", b"\r", b"\n", b"\r\n", b"--", b"a b"]))
values = contents.map(b"".join).filter(lambda v: b"\n--xx" not in b"\n" + v)


def form(found: list[bytes], end: bytes = b"--\r\n") -> bytes:
    parts = (b"--xx\r\n" + HEAD % b"a" + value + b"\r\n" for value in found)
    return b"".join(parts) + b"--xx" + end


def read(body: bytes, size: int) -> list[bytes]:
    """The parts' contents, fed in pieces of this size."""
    parts, found = Parts(b"xx"), list[bytearray]()

    def take(events: Iterable[Part | bytes]) -> None:
        for one in events:
            if isinstance(one, Part):
                found.append(bytearray())
            else:
                found[-1] += one

    for at in range(0, len(body), size):
        take(parts.feed(body[at : at + size]))
    take(parts.end())
    return [bytes(one) for one in found]


@given(st.lists(values, min_size=1, max_size=4), st.integers(1, 80), st.booleans())
def test_contents_come_out_as_they_went_in_however_they_are_cut_up(found, size, closed):
    assert read(form(found, b"--\r\n" if closed else b""), size) == found


@given(st.binary(max_size=300), st.integers(1, 80))
def test_nothing_raises_and_the_cut_changes_nothing(body, size):
    assert read(body, size) == read(body, 1_000)
    part_of(body)
    boundary_of(body.decode("latin-1"), body)


@given(st.integers(0, 70), st.integers(1, 80))
def test_of_a_body_that_is_torn_off_the_beginning_is_kept(cut, size):
    body = form([b"text"])
    for content in read(body[:cut], size):
        assert b"text".startswith(content.rstrip(b"\r"))


@pytest.mark.parametrize(
    "unit", [b"--xx\r\n\r\n\r\n", b"\n--xxy", b"\r", b"--x", b"\n", b"--xx\r\nA: b\r\n\r\n"]
)
def test_what_is_made_to_be_slow_is_read_in_linear_time(unit):
    body = b"--xx\r\n\r\n" + unit * (2_000_000 // len(unit))
    begun = time.process_time()
    read(body, 400_000)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("head", "name", "is_file"),
    [
        (b'content-disposition: FORM-DATA; NAME="a"', "a", False),
        (b'Content-Disposition: form-data;\r\n name="a"', "a", False),
        (b'Content-Disposition: form-data; name="a"; filename=""', "a", True),
        (b"Content-Disposition: form-data; name=a; filename*=utf-8''x", "a", True),
        (b"Content-Disposition: form-data; name*=utf-8''a", "a", False),
        (b"Content-Disposition: form-data; name*=a", "a", False),
        (b"Content-Disposition: form-data; name*=none''a", "", False),
        (b"\xff\xfe", "", False),
    ],
)
def test_what_a_head_says(head, name, is_file):
    part = part_of(head)
    assert (part.name, part.is_file) == (name, is_file)


@pytest.mark.parametrize(
    ("content_type", "start", "boundary"),
    [
        ("multipart/form-data; boundary=xx", b"hello\r\n--xx\r\n", b"xx"),
        ("multipart/form-data; boundary=yy", b"--xx\r\nContent-Disposition: form-data", b"xx"),
        ("multipart/form-data", b"--xx\r\ncontent-disposition: form-data", b"xx"),
        ("text/plain", b"--xx\r\ncontent-disposition: form-data", b"xx"),
        ("multipart/form-data; boundary=yy", b"where=here", b""),
        ("text/plain", b"--\r\nhttps://a.test/", b""),
        ("text/plain", b"--xx\r\nhttps://a.test/", b""),
    ],
)
def test_the_body_has_the_last_word_on_how_it_is_parted(content_type, start, boundary):
    assert boundary_of(content_type, start) == boundary
