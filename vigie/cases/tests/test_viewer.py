"""The viewer: a process without keys or databases that hands back one small, clean still.

The process itself is watched, by the site that it fetches from: while it waits for its answer, the
system is asked what it was started with and what it holds open.
"""

import gzip
import hashlib
import io
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image

from tests.environment import FOLDER, ROOT
from tests.outside import Says
from vigie.cases.looks import viewer
from vigie.cases.looks.still import LONGEST_SIDE, still_of
from vigie.cases.looks.viewer import LIMITS, PASSED_ON, Still, view
from vigie.lib.fetch import Egress
from vigie.sandbox.pictures import picture

pytestmark = [pytest.mark.pure, pytest.mark.rest]
MARK = b"ocelot-7c1f"
GPS_TAG, ORIENTATION = 0x8825, 0x0112


def _photograph() -> bytes:
    """A large picture that says where it was taken, lies on its side, and has words in its head."""
    image = Image.open(io.BytesIO(picture("cat", "png"))).resize((1200, 800))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010E] = MARK.decode()
    exif.get_ifd(GPS_TAG).update({1: "N", 2: (50.0, 50.0, 42.0), 3: "E", 4: (4.0, 21.0, 0.0)})
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, comment=MARK, icc_profile=MARK * 9, xmp=MARK * 9)
    return target.getvalue() + MARK


PHOTOGRAPH = _photograph()


def _digests(body: bytes) -> dict[str, str]:
    return {kind: hashlib.new(kind, body).hexdigest() for kind in ("md5", "sha1", "sha256")}


def _seen(outside, body: bytes, path: str = "/picture") -> Still:
    outside.site.pages[path] = Says(body=body, type="image/jpeg")
    return view(outside.site.url(path), os.environ)


def test_the_still_is_small_stands_upright_and_says_nothing_of_where_it_was_taken(outside):
    source = Image.open(io.BytesIO(PHOTOGRAPH))
    assert source.getexif().get_ifd(GPS_TAG), "the source does say it"
    still = _seen(outside, PHOTOGRAPH)
    assert (still.outcome, still.digests) == ("ok", _digests(PHOTOGRAPH))
    shown = Image.open(io.BytesIO(still.jpeg))
    assert (shown.format, shown.size) == ("JPEG", (240, 360))
    assert not shown.getexif()
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert MARK not in still.jpeg


@dataclass
class Watched:
    """What the system knew of the viewer while it waited for its answer."""

    environment: dict[str, str] = field(default_factory=dict)
    command: str = ""
    folder: str = ""
    open_files: list[str] = field(default_factory=list)


def _watch(into: list[Watched]) -> None:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode().split("\0")
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if "vigie.cases.looks.viewer" not in command or parent != str(os.getpid()):
                continue
            lines = (process / "environ").read_bytes().decode().split("\0")
            files = [str(link.readlink()) for link in (process / "fd").iterdir()]
        except OSError:
            continue
        into.append(Watched(dict(line.split("=", 1) for line in lines if line), " ".join(command),
                            str((process / "cwd").readlink()), files))  # fmt: skip


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="asks Linux's /proc")
def test_the_viewers_process_holds_no_database_no_keys_and_no_secret(outside):
    watched: list[Watched] = []

    def watch_and_answer() -> Says:
        _watch(watched)
        return Says(body=PHOTOGRAPH, type="image/jpeg")

    outside.site.pages["/picture"] = watch_and_answer
    assert view(outside.site.url("/picture"), os.environ).outcome == "ok"
    (viewer,) = watched
    secrets = {"VIGIE_SECRET_KEY", "VIGIE_RECEIPT_KEY", "VIGIE_DATABASE", "VIGIE_KEYS"}
    assert secrets <= set(os.environ), "the program that starts it has them"
    assert set(viewer.environment) <= set(PASSED_ON)
    assert not secrets & set(viewer.environment)
    assert "VIGIE_NAMESERVERS" in viewer.environment, "it has the way out"
    values = "\n".join(viewer.environment.values())
    assert os.environ["VIGIE_RECEIPT_KEY"] not in values
    assert str(FOLDER) not in values
    assert "/picture" not in viewer.command, "any user of the machine can read a command line"
    real = [name for name in viewer.open_files if name.startswith("/") and "/dev/" not in name]
    assert real == [], "it holds no file open: no database, no key"


def test_the_still_is_shown_where_not_one_byte_can_be_written_to_a_disk(outside):
    """The whole chain under a limit of no bytes a file; a fallback to a file would fail here."""
    outside.site.pages["/picture"] = Says(body=PHOTOGRAPH, type="image/jpeg")
    script = (
        "import os, sys; from vigie.cases.looks.viewer import view;"
        "still = view(sys.argv[1], os.environ); print(still.outcome, len(still.jpeg) > 999)"
    )
    command = [sys.executable, "-B", "-c", script, outside.site.url("/picture")]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *command],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == "ok True\n"


def _bomb() -> bytes:
    """A small file that unfolds to 100 million pixels."""
    target = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    "body", [PHOTOGRAPH[:700], _bomb, b"II*\0" + bytes(99)], ids=["cut off", "bomb", "tiff"]
)
def test_a_picture_that_cannot_be_read_is_too_hard_and_named_by_its_hash(outside, body):
    body = body() if callable(body) else body
    assert _seen(outside, body) == Still("too_hard", _digests(body))


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"words", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"PK\3\4" + bytes(99)),
        b"<!doctype html><title>Sign in</title><img src=/cat.jpg>",
    ],
    ids=["empty", "words", "svg", "archive", "page"],
)
def test_what_is_no_picture_is_said_to_be_none_and_named_by_its_hash(outside, body):
    assert _seen(outside, body) == Still("not_a_picture", _digests(body))


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("http://galerie.nord.test/i/none", "http_404"),
        ("http://galerie.nord.test/loop", "redirect_loop"),
        ("http://galerie.nord.test/private", "refused_address"),
        ("http://127.0.0.1/", "refused_address"),
        ("file:///etc/passwd", "refused_scheme"),
        ("", "bad_url"),
    ],
)
def test_what_cannot_be_fetched_has_an_outcome_and_no_still(outside, address, outcome):
    assert view(address, os.environ) == Still(outcome)


@pytest.mark.parametrize(
    ("headers", "body", "outcome"),
    [
        ({"Content-Length": str(2 * 1024**3)}, bytes(LIMITS.body_bytes + 1), "too_large"),
        ({}, bytes(LIMITS.body_bytes + 1), "too_large"),
        ({"Content-Encoding": "gzip"}, gzip.compress(bytes(LIMITS.body_bytes + 1)), "bomb"),
    ],
    ids=["it says 2 GB", "it goes on and on", "it unfolds"],
)
def test_what_is_too_large_is_left_and_said_to_be(outside, headers, body, outcome):
    outside.site.pages["/large"] = Says(body=body, type="image/jpeg", headers=headers)
    assert view(outside.site.url("/large"), os.environ) == Still(outcome)


def test_a_slow_server_is_left_when_its_time_is_over(outside, monkeypatch):
    monkeypatch.setattr(viewer, "LIMITS", replace(LIMITS, total_seconds=0.7))
    slow = viewer.still_at("http://galerie.nord.test/slow", Egress.from_environ(os.environ))
    assert slow == Still("timed_out")


def test_a_viewer_that_does_not_end_is_ended(outside, monkeypatch):
    """Whatever it waits for: the desk waits no longer, and nothing of it stays."""
    monkeypatch.setattr(viewer, "SECONDS", 1)
    assert LIMITS.total_seconds > 1
    begun = time.monotonic()
    assert view("http://galerie.nord.test/slow", os.environ) == Still("crashed")
    assert time.monotonic() - begun < 10
    assert not [one for one in Path("/proc").glob("[0-9]*/cmdline") if _is_ours(one)]


def _is_ours(process: Path) -> bool:
    """A viewer that this test started."""
    try:
        parent = (process.parent / "stat").read_text().rpartition(")")[2].split()[1]
        return b"vigie.cases.looks.viewer" in process.read_bytes() and parent == str(os.getpid())
    except OSError:
        return False


def test_without_a_way_out_the_viewer_falls_and_says_so(outside, tmp_path):
    """A sandbox map that is not there must not mean the open network."""
    broken = {**os.environ, "VIGIE_SANDBOX_MAP": str(tmp_path / "none.json")}
    assert view("http://galerie.nord.test/i/x-1.jpg", broken) == Still("crashed")


KINDS = [
    *(("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "P"), ("PNG", "RGBA")),
    *(("WEBP", "RGBA"), ("GIF", "P"), ("BMP", "RGB"), ("AVIF", "RGB")),
]


@pytest.mark.parametrize(("name", "mode"), KINDS)
def test_every_kind_of_picture_becomes_a_small_jpeg(name, mode):
    target = io.BytesIO()
    Image.open(io.BytesIO(picture("cat", "png"))).convert(mode).save(target, name)
    shown = Image.open(io.BytesIO(still_of(target.getvalue())))
    assert shown.format == "JPEG"
    assert max(shown.size) == LONGEST_SIDE
