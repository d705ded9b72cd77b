"""Archives are read in memory, whatever they hold; nothing is unpacked, nothing is missed."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from vigie.matching.engine.tests.pictures import colours, saved
from vigie.matching.screen import archives, unpacking
from vigie.matching.screen.archives import in_archive, kind_of
from vigie.matching.screen.sources import Found
from vigie.matching.screen.tests.support import screened

pytestmark = pytest.mark.pure
PICTURE = saved(colours(1, 300, 200))
MEMBERS = {"a/one.png": PICTURE, "../../two.png": b"words", "/etc/three": b"", "ü": b"more"}
PACKED = {"tar": bytes, "tar.gz": gzip.compress, "tar.bz2": bz2.compress, "tar.xz": lzma.compress}


def tar_of(members: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return output.getvalue()


def zip_of(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return output.getvalue()


def read(data: bytes, tmp_path: Path, most: int = 10**8) -> list[Found]:
    path = tmp_path / "archive"
    path.write_bytes(data)
    assert kind_of(path)
    found = list(in_archive(path, lambda _path: True, most))
    return [Found(f.path.removeprefix(f"{path}!/"), f.data, f.outcome, f.digests) for f in found]


@pytest.mark.parametrize("kind", [*PACKED, "zip"])
def test_every_member_is_read_and_nothing_is_written(kind, tmp_path, monkeypatch):
    data = zip_of(MEMBERS) if kind == "zip" else PACKED[kind](tar_of(MEMBERS))
    found = read(data, tmp_path)
    assert {one.path: one.data for one in found} == MEMBERS
    assert {one.outcome for one in found} == {""} and all(len(one.digests) == 3 for one in found)
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]
    assert not (tmp_path.parent.parent / "two.png").exists()


def test_through_the_command(tmp_path):
    path = tmp_path / "some.zip"
    path.write_bytes(zip_of(MEMBERS))
    lines = screened(path)
    assert [line["path"] for line in lines] == [f"{path}!/{name}" for name in MEMBERS]
    assert [line["outcome"] for line in lines] == ["ok", *["not_a_picture"] * 3]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_called_as_another_s_second_has_a_line_of_its_own(tmp_path):
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.jpg", "a.jpg", "a.jpg#2", "a.jpg"):
            archive.writestr(name, PICTURE)
    names = [line["path"].rpartition("!/")[2] for line in screened(path)]
    assert names == ["a.jpg", "a.jpg#2", "a.jpg#2#2", "a.jpg#3"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_again_is_another_file(tmp_path):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for data in (b"1", b"2", b"3"):
            archive.writestr("same", data)
    found = read(output.getvalue(), tmp_path)
    assert [(one.path, one.data) for one in found] == [
        ("same", b"1"),
        ("same#2", b"2"),
        ("same#3", b"3"),
    ]


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_of_a_member_that_is_too_long_the_hashes_alone_are_kept(kind, tmp_path):
    members = {"long": b"x" * 5_000_000, "short": b"y"}
    data = zip_of(members) if kind == "zip" else tar_of(members)
    long, short = read(data, tmp_path, most=4_999_999)
    assert (long.data, long.outcome, len(long.digests)) == (b"", "too_large", 3)
    assert short.data == b"y"


@pytest.mark.parametrize("kind", ["tar.gz", "zip"])
def test_a_bomb_is_not_unpacked_to_its_end(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "ALWAYS", 3_000_000)
    members = {"small": b"1", **{f"zeros {n}": bytes(5_000_000) for n in range(4)}}
    data = zip_of(members) if kind == "zip" else gzip.compress(tar_of(members))
    found = read(data, tmp_path, most=10_000)
    assert found[0].data == b"1"
    if kind == "zip":
        assert [one.path for one in found] == list(members)
        assert {one.outcome for one in found[1:]} == {"archive_limit"}
    else:
        assert found[-1].outcome == "archive_broken"
        assert sum(one.outcome == "too_large" for one in found) < 4


def _pax(length: int) -> bytes:
    """A tar whose first header says that it is so long."""
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, length
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(2_000_000)


def _deep() -> bytes:
    """Long names of long names of long names."""
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1
    return (info.tobuf() + bytes(512)) * 20_000


BROKEN = {
    "a header of gigabytes": lambda: _pax(7_000_000_000),
    "headers of headers": _deep,
    "a cut end": lambda: gzip.compress(tar_of(MEMBERS))[:-200],
    "a cut tar": lambda: tar_of({"a": bytes(100_000)})[:60_000],
    "not gzip at all": lambda: b"\x1f\x8b" + bytes(200),
    "xz that asks for much memory": lambda: lzma.compress(
        tar_of(MEMBERS), filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    ),
}


def test_a_zip_of_endless_names_is_not_read_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "DIRECTORY", 2_000)
    few, many = ({f"{n:03}": b"" for n in range(count)} for count in (10, 50))
    assert len(read(zip_of(few), tmp_path)) == 10
    assert [one.outcome for one in read(zip_of(many), tmp_path)] == ["archive_broken"]


@pytest.mark.parametrize("name", BROKEN)
def test_an_archive_that_breaks_says_so_in_a_line_of_its_own(name, tmp_path):
    last = read(BROKEN[name](), tmp_path)[-1]
    assert (last.path, last.outcome) == ("", "archive_broken")


def test_a_picture_with_a_zip_at_its_end_is_a_picture(tmp_path):
    path = tmp_path / "both.png"
    path.write_bytes(PICTURE + zip_of(MEMBERS))
    assert kind_of(path) == ""
    (line,) = screened(path)
    assert (line["path"], line["outcome"]) == (str(path), "ok")


def test_what_cannot_be_read_of_a_zip_stops_nothing_else(tmp_path):
    data = bytearray(zip_of({"one": b"1" * 99, "two": b"2" * 99, "three": b"3"}, 0))
    data[data.find(b"1" * 99)] ^= 1  # a wrong checksum
    at = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 1)
    struct.pack_into("<H", data, at + 8, 1)  # "two" says that it is encrypted
    found = read(bytes(data), tmp_path)
    assert [one.outcome for one in found] == ["unreadable", "encrypted", ""]
    (packed,) = read(zip_of({"a": b"1"}, zipfile.ZIP_LZMA), tmp_path)
    assert packed.outcome == "unreadable"


def damaged(at: int) -> bytes:
    data = bytearray(tar_of({f"{n}.txt": b"words" for n in range(10)}))
    data[at] ^= 1
    return bytes(data)


WHOLE = tar_of({f"{n}.txt": b"words" for n in range(10)})
CUT = {
    "a checksum": damaged(4 * 1024 + 150),
    "within a header": WHOLE[: 4 * 1024 + 200],
    "between two members": WHOLE[: 4 * 1024],
}


def test_the_oldest_kind_of_tar_is_known_by_its_checksum(tmp_path):
    info = tarfile.TarInfo("one.png")
    info.size = len(PICTURE)
    header = bytearray(info.tobuf(tarfile.USTAR_FORMAT))
    header[257:512] = bytes(255)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    data = bytes(header) + PICTURE + bytes(-len(PICTURE) % 512 + 1024)
    assert [(one.path, one.data) for one in read(data, tmp_path)] == [("one.png", PICTURE)]
    assert archives.looks_packed(data) and not archives.looks_packed(PICTURE)


@pytest.mark.parametrize("kind", PACKED)
def test_a_tar_behind_a_tar_is_read_too_and_what_is_none_is_said(kind, tmp_path):
    both = tar_of({"a": b"1"}) + tar_of({"a": b"2", "b": b"3"})
    found = read(PACKED[kind](both), tmp_path)
    assert [(one.path, one.data) for one in found] == [("a", b"1"), ("a#2", b"2"), ("b", b"3")]
    *_, last = read(PACKED[kind](both + b"words" * 300), tmp_path)
    assert last.outcome == "archive_broken"


@pytest.mark.parametrize("kind", ["tar", "tar.gz"])
@pytest.mark.parametrize("name", CUT)
def test_a_damaged_tar_says_so_after_what_could_be_read(name, kind, tmp_path):
    found = read(PACKED[kind](CUT[name]), tmp_path)
    assert [one.outcome for one in found] == [""] * 4 + ["archive_broken"]
