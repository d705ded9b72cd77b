"""A progressive JPEG hashes as its whole file does, from a part of it, however it is made."""

import io

import numpy as np
import pytest
from PIL import Image

from vigie.matching.engine.luma import hash_picture
from vigie.matching.engine.scans import fewer_scans
from vigie.matching.engine.tests.pictures import colours, far, saved

pytestmark = pytest.mark.pure
PICTURE = colours(3, 1100, 800)
DATA = saved(PICTURE, "JPEG", quality=85, progressive=True)


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body


def _frame(names: bytes = b"\1\2\3") -> bytes:
    parts = b"".join(bytes((name, 0x11, 0)) for name in names)
    return _segment(0xC2, b"\x08\x04\0\x04\0" + bytes([len(names)]) + parts)


def _scan(names: bytes, first: int, last: int, before: int, left: int) -> bytes:
    parts = b"".join(bytes((name, 0)) for name in names)
    header = bytes([len(names)]) + parts + bytes((first, last, before << 4 | left))
    return _segment(0xDA, header) + b"data\xff\x00\xff\xd3data"


def _file(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xd9"


MEANS, MEANS_AS_FINE = _scan(b"\1\2\3", 0, 0, 0, 1), _scan(b"\1\2\3", 0, 0, 1, 0)
WAVES = _scan(b"\1", 1, 5, 0, 2)


@pytest.mark.parametrize(
    ("size", "quality"),
    [((600, 520), 30), ((600, 520), 90), ((1100, 1030), 60), ((2100, 2050), 75)],
)
def test_the_hash_is_within_six_bits_of_the_reference(size, quality):
    data = saved(colours(sum(size), *size), "JPEG", quality=quality, progressive=True)
    assert far(hash_picture(data).pdq.value, hash_picture(data, exact=True).pdq.value) <= 6


def test_most_of_the_file_is_left_out_and_all_of_the_size_stays():
    few = fewer_scans(DATA, 2)
    assert few is not None and len(few) < len(DATA) / 2
    assert Image.open(io.BytesIO(few)).size == PICTURE.size
    coarser = fewer_scans(DATA, 8)
    assert coarser is not None and len(coarser) < len(few)


def test_an_eighth_of_the_size_differs_by_what_a_decoder_smooths():
    pictures = []
    for data in (DATA, fewer_scans(DATA, 8)):
        with Image.open(io.BytesIO(data)) as picture:
            picture.draft("L", (130, 100))
            pictures.append(np.asarray(picture, np.float32))
    assert pictures[0].shape == (100, 138)
    assert np.abs(pictures[0] - pictures[1]).max() <= 4  # of 255


def test_colours_and_what_is_finest_go_and_tables_stay():
    table = _segment(0xC4, b"\x10 a table")
    colour, finer = _scan(b"\2", 1, 63, 0, 1), _scan(b"\1", 1, 5, 2, 1)
    fast = _scan(b"\1", 6, 63, 0, 0)
    whole = _file(_frame(), MEANS, colour, table, fast, WAVES, finer, table, MEANS_AS_FINE, finer)
    expected = _file(_frame(), MEANS, table, WAVES, table, MEANS_AS_FINE)
    assert fewer_scans(whole, 2) == expected


def test_waves_that_come_coarse_are_kept_until_they_are_fine():
    coarse, finer, fine = (_scan(b"\1", 1, 63, *bits) for bits in ((0, 4), (4, 3), (3, 2)))
    whole = _file(_frame(), MEANS, MEANS_AS_FINE, coarse, finer, fine, _scan(b"\1", 1, 63, 2, 1))
    assert fewer_scans(whole, 2) == _file(_frame(), MEANS, MEANS_AS_FINE, coarse, finer, fine)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        _file(),
        _file(MEANS_AS_FINE, WAVES),  # scans of nothing
        _file(_frame(b"RGB"), _scan(b"RGB", 0, 0, 0, 0), _scan(b"R", 1, 63, 0, 0)),
        _file(_frame(b"\1\2\3\4"), MEANS_AS_FINE, WAVES),
        _file(_frame(), MEANS, WAVES),  # the means never become fine
        _file(_frame(), MEANS_AS_FINE),  # no waves
        _file(_frame(), _segment(0xDA, b"\x03\x01\x00"), WAVES, MEANS_AS_FINE),
        _file(_frame(), _segment(0xDA, b"")),
        _file(_frame(), MEANS_AS_FINE, WAVES)[:-2],  # nothing ends the last scan
        _file(_frame(), MEANS_AS_FINE, b"\xff\xe1\xff\xff"),  # longer than the file
    ],
)
def test_what_is_not_so_made_is_left_whole(data):
    assert fewer_scans(data, 2) is None


@pytest.mark.parametrize("end", range(0, len(DATA), 3_001))
def test_a_file_that_breaks_off_ends_in_a_hash_near_by_or_in_an_error(end):
    try:
        found = hash_picture(DATA[:end])
    except OSError:
        return
    assert far(found.pdq.value, hash_picture(DATA).pdq.value) == 0


def test_a_jpeg_without_a_brightness_is_taken_whole():
    data = saved(PICTURE, "JPEG", quality=90, progressive=True, keep_rgb=True)
    assert far(hash_picture(data).pdq.value, hash_picture(data, exact=True).pdq.value) <= 6


def test_of_several_pictures_in_one_file_the_first_counts():
    output = io.BytesIO()
    more = {"save_all": True, "append_images": [colours(4, 1100, 800)]}
    PICTURE.save(output, "MPO", quality=85, progressive=True, **more)
    found = hash_picture(output.getvalue())
    assert found.mime == "image/mpo"
    assert far(found.pdq.value, hash_picture(DATA).pdq.value) <= 4
