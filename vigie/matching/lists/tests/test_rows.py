"""Whatever a row says, it is an entry or it is set aside: no reader of rows raises."""

import json
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vigie.lib.json_stream import JsonStream, NotJson
from vigie.lib.partner import PartnerFailed
from vigie.matching.lists import tables, vics
from vigie.matching.lists.clients import ncmec, stopncii
from vigie.matching.lists.values import BYTES, Bad, BadRow, Entry, canonical

pytestmark = pytest.mark.pure
FEW = settings(max_examples=60, deadline=None)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
FIELDS = ["MediaID", "Category", "MD5", "SHA1", "AlternativeHashes", "DateUpdated", "HashName"]
HEX = st.text("0123456789abcdefABCDEF", min_size=30, max_size=66)
MEDIA = st.dictionaries(st.sampled_from(FIELDS), JSON | HEX, max_size=7)
RECORD = st.dictionaries(
    st.sampled_from(["lastModtimestamp", "signalType", "hashValue", "hashStatus"]),
    JSON | HEX | st.sampled_from(["ImagePDQ", "VideoMD5", "Withdrawn"]),
)


def sound(rows) -> list:
    """All rows are what they may be; every value of an entry is as it is kept."""
    found = list(rows)
    for _number, row in found:
        assert isinstance(row, Entry | Bad)
        for kind, value in row.values if isinstance(row, Entry) else ():
            assert canonical(kind, value) == value
            assert len(value) == 2 * BYTES[kind]
    return found


@FEW
@given(st.lists(MEDIA | JSON, max_size=6))
def test_media_of_project_vic(media):
    body = json.dumps({"value": media}).encode()
    rows = sound(vics.rows(BytesIO(body)))
    assert len(rows) >= len([m for m in media if not isinstance(m, dict)])


@FEW
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.sampled_from([*BYTES]))
def test_any_bytes_as_any_kind_of_file(data, kind):
    sound(vics.rows(BytesIO(data)))
    sound(tables.rows_of_one_kind(BytesIO(data), kind))
    sound(tables.rows_of_table(BytesIO(b"md5;sha1;image id\n" + data)))


@FEW
@given(st.lists(RECORD | JSON, max_size=5))
def test_records_of_stopncii(records):
    page = stopncii.read_page(json.dumps({"hashRecords": records}).encode(), 10)
    sound(enumerate(page.rows, 1))


@FEW
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "member", "classification", "timestamp", "md5", "pdna"]),
            st.text("abcdef0123456789-T:Z é", max_size=40),
        ),
        max_size=4,
    )
)
def test_entries_of_ncmec(entries):
    root = Element("queryResult")
    images = SubElement(root, "images")
    for fields in entries:
        image = SubElement(images, "image")
        SubElement(image, "member", id=fields.get("member", ""))
        fingerprints = SubElement(image, "fingerprints")
        for name, text in fields.items():
            where = fingerprints if name in ncmec.KINDS else image
            if name != "member":
                SubElement(where, name).text = text
    rows = sound(enumerate(ncmec.read_page(tostring(root)).rows, 1))
    assert len(rows) == len(entries)


@FEW
@given(st.binary(max_size=200))
def test_any_bytes_as_a_partners_answer(data):
    for read in (ncmec.read_page, lambda body: stopncii.read_page(body, 10)):
        try:
            read(data)
        except PartnerFailed:
            pass


@FEW
@example([1.5, -2.5e-30, 1e300], 1)
@example([12, {"a": 1.25}], 2)
@given(JSON, st.integers(1, 40))
def test_a_stream_in_small_pieces_reads_what_the_library_reads(value, piece):
    class Slow(BytesIO):
        def read(self, size=-1):
            return super().read(min(piece, size) if size > 0 else piece)

    text = json.dumps({"a": value, "b": [value, value]}, ensure_ascii=False)
    stream = JsonStream(Slow(text.encode("utf-8", "replace")))
    whole = json.loads(text.encode("utf-8", "replace"), parse_float=str)
    found = {}
    for key in stream.members():
        found[key] = [stream.value() for _ in stream.elements()] if key == "b" else stream.value()
    assert repr(_shortened(whole)) == repr(found)


@FEW
@example(["a", "\\", '"'], 1)
@given(JSON, st.integers(1, 40))
def test_what_is_passed_over_ends_where_the_value_ends(value, piece):
    class Slow(BytesIO):
        def read(self, size=-1):
            return super().read(min(piece, size) if size > 0 else piece)

    for ascii_alone in (True, False):
        text = json.dumps({"a": value, "b": 7}, ensure_ascii=ascii_alone)
        stream = JsonStream(Slow(text.encode("utf-8", "replace")))
        found = [stream._pass_over() if key == "a" else stream.value() for key in stream.members()]
        length = len(
            json.dumps(value, ensure_ascii=ascii_alone).encode("utf-8", "replace").decode()
        )
        assert found == [length, 7]


def _shortened(value):
    """Integers past 18 digits stay text in a stream."""
    if isinstance(value, dict):
        return {k: _shortened(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shortened(v) for v in value]
    is_long = isinstance(value, int) and not isinstance(value, bool) and len(str(value)) > 18
    return str(value) if is_long else value


@pytest.mark.parametrize("text", ['{"a" 1}', '{"a":1', "{1:2}", '{"a":1]', '{"a":tru}', "", "x"])
def test_what_is_no_json_says_where(text):
    stream = JsonStream(BytesIO(text.encode()))
    with pytest.raises(NotJson):
        for _ in stream.members():
            stream.value()


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("md5", " " + "AB" * 16 + "\n", "ab" * 16),
        ("pdq", "/" * 42 + "8=", "ff" * 32),
        ("photodna", "/" * 192, "ff" * 144),
        ("sha256", "/" * 42 + "8=", None),
        ("md5", "ab" * 15, None),
        ("md5", "٠" * 32, None),
        ("photodna", "é" * 192, None),
    ],
)
def test_spellings_of_a_value(kind, text, kept):
    if kept is None:
        with pytest.raises(BadRow):
            canonical(kind, text)
    else:
        assert canonical(kind, text) == kept
