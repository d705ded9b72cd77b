"""A WebP without its end: what is made of it is bounded, whatever its lengths claim."""

import pytest

from vigie.lib.webp import MORE, MOST, made_whole

pytestmark = pytest.mark.pure
HEAD = b"RIFF\xff\xff\xff\xffWEBP"


@pytest.mark.parametrize("data", [b"", b"RIFF", b"GIF89a", b"RIFF....AVI ...."])
def test_what_is_no_webp_stays_as_it_is(data):
    assert made_whole(data) == data


def test_a_picture_that_stops_is_filled_with_zeros_and_its_lengths_say_so():
    whole = made_whole(HEAD + b"VP8L" + (200).to_bytes(4, "little") + bytes(range(1, 102)))
    assert len(whole) == len(HEAD) + 8 + 200 + MORE
    lengths = [int.from_bytes(whole[at : at + 4], "little") for at in (4, 16)]
    assert lengths == [len(whole) - 8, len(whole) - 20]
    assert whole[20:121] == bytes(range(1, 102)) and not any(whole[121:])


@pytest.mark.parametrize(
    "rest",
    [
        b"VP8 \xff\xff\xff\xff" + bytes(40),
        b"ANMF\xff\xff\xff\xff" + bytes(16) + b"VP8 \xff\xff\xff\xff" + bytes(40),
    ],
    ids=["a picture", "a frame"],
)
def test_no_more_is_added_than_a_limit_whatever_the_file_claims(rest):
    assert MORE < len(made_whole(HEAD + rest)) < MOST + 200


@pytest.mark.parametrize(
    "rest",
    [
        b"",
        b"VP8",
        b"VP8 \xff\0\0\0" + bytes(9),
        b"ALPH\xff\0\0\0" + bytes(90),
        bytes(4_000_000),
        (b"ANMF\xff\xff\xff\xff" + bytes(16)) * 100_000,
    ],
    ids=["nothing", "a name", "no size", "no picture", "chunks of nothing", "frames in frames"],
)
def test_nothing_is_made_of_what_shows_nothing(rest):
    assert made_whole(HEAD + rest) == b"RIFF\4\0\0\0WEBP"
