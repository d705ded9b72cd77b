"""Stills of videos: the real child, given what is hostile, opens nothing but what it was given."""

import io
import json
import os
import struct
import subprocess
import sys

import pytest
from PIL import Image, ImageStat

from tests.environment import ROOT
from tests.outside import Says
from vigie.cases.looks import viewer
from vigie.cases.looks.viewer import OPTIONS, Still, still_at, view
from vigie.lib.containers import STILLS, called_video, video_kind
from vigie.lib.fetch import Limits
from vigie.lib.limited import run_limited
from vigie.sandbox.pictures import film, picture
from vigie.tracing.egress import egress

pytestmark = [pytest.mark.pure, pytest.mark.rest]
FILM = film("one")
VP8_START, DURATION, VIDEO_TRACK = b"\x9d\x01\x2a", b"\x44\x89\x88", b"\x83\x81\x01"


def _still(data: bytes, number: int = 1, **more: str) -> tuple[dict, bytes]:
    environ = {"OPENCV_FFMPEG_CAPTURE_OPTIONS": OPTIONS, "STILL_NUMBER": str(number), **more}
    output = run_limited(
        "vigie.cases.looks.video_still", data, seconds=15, memory_mb=1500, environ=environ
    )
    head, _, jpeg = output.partition(b"\n")
    return json.loads(head), jpeg


def _seen(outside, data: bytes, number: int = 1, kind: str = "video/webm") -> Still:
    outside.site.pages["/v"] = Says(body=data, type=kind)
    return view(outside.site.url("/v"), os.environ, number=number)


def _open(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


def test_the_viewer_shows_six_stills_that_differ_and_the_first_is_not_dark(outside):
    first, last = _seen(outside, FILM), _seen(outside, FILM, STILLS, kind="image/jpeg")
    assert (first.outcome, first.of, last.of) == ("ok", 6, 6)
    assert first.digests == last.digests and len(first.digests["sha256"]) == 64
    assert first.jpeg != last.jpeg
    assert _open(first.jpeg).size == (320, 240)
    assert ImageStat.Stat(_open(first.jpeg).convert("L")).mean[0] > 100, "it begins in the dark"


def test_there_is_no_seventh_still():
    assert _still(FILM, 7) == ({"outcome": "no_more", "of": 6}, b"")


OPEN_TO_ALL = "protocol_whitelist;file,http,tcp|extension_picky;0|safe;0"


@pytest.mark.parametrize(
    "listed", ["#EXTM3U\n#EXTINF:1,\n{}\n", "ffconcat version 1.0\nfile {}\n"], ids=["hls", "join"]
)
@pytest.mark.parametrize("options", [OPTIONS, OPEN_TO_ALL], ids=["ours", "open to all"])
def test_what_names_another_file_is_no_video_and_the_decoder_cannot_go_there(
    listed, options, tmp_path
):
    """Even where its bytes reached the decoder, and nothing told it what it may open."""
    other = tmp_path / "other.webm"
    other.write_bytes(FILM)
    data = listed.format(other).encode()
    assert video_kind(data) == ""
    found = _still(data, OPENCV_FFMPEG_CAPTURE_OPTIONS=options)
    assert found == ({"outcome": "no_picture", "of": 0}, b"")


def test_the_child_opens_no_file_and_no_connection_once_it_has_its_bytes():
    """The same, asked of the system: nothing that it could open has a number left."""
    script = (
        "import socket\n"
        "from vigie.cases.looks.video_still import open_nothing_more as shut; shut()\n"
        "for ask in (lambda: open('/etc/hostname'), socket.socket):\n"
        "    try: ask(); print('opened')\n"
        "    except OSError as no: print(no.strerror)"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["Too many open files"] * 2


def _with(mark: bytes, data: bytes) -> bytes:
    """The film with these bytes in the place of those after the mark."""
    at = FILM.index(mark) + len(mark)
    return FILM[:at] + data + FILM[at + len(data) :]


VAST = _with(VP8_START, struct.pack("<HH", 16383, 16383))
LONG = _with(DURATION, struct.pack(">d", 1e9))
SOUND = FILM.replace(VIDEO_TRACK, b"\x83\x81\x02", 1)


def test_a_film_that_says_it_has_a_million_frames_is_gone_through():
    assert _still(LONG)[0] == {"outcome": "ok", "of": 6}


def test_a_film_that_was_cut_off_shows_what_is_there():
    found, jpeg = _still(FILM[: len(FILM) // 2])
    assert found["outcome"] == "ok" and 1 <= found["of"] <= 6 and jpeg


@pytest.mark.parametrize("data", [SOUND, FILM[:300]], ids=["sound", "a head alone"])
def test_where_no_moving_picture_is_it_says_so(outside, data):
    assert data != FILM
    found = _seen(outside, data)
    assert (found.outcome, found.jpeg, len(found.digests)) == ("no_picture", b"", 3)


def test_a_frame_of_268_million_pixels_ends_within_the_limits(outside):
    found = _seen(outside, VAST)
    assert found.outcome in ("no_picture", "too_hard") and not found.jpeg


def test_a_video_with_more_bytes_than_are_read_is_too_large(outside, monkeypatch):
    few = Limits(raw_bytes=20_000, body_bytes=20_000)
    monkeypatch.setattr(viewer, "VIDEO_LIMITS", few)
    outside.site.pages["/v"] = Says(body=FILM, type="video/webm")
    assert still_at(outside.site.url("/v"), egress()) == Still("too_large")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("video/webm", FILM),
        ("video/mp4", b"\0\0\0\x20ftypisom"),
        ("", b"\0\0\0\x20ftypavif"),
        ("", b"\0\0\0\x20ftypheic"),
        ("", picture("cat", "webp")),
        ("video/x-msvideo", b"RIFF\0\0\0\0AVI LIST"),
        ("", b"RIFF\0\0\0\0WAVEfmt "),
        ("video/mp2t", (b"\x47" + bytes(187)) * 3),
        ("", b""),
    ],
)
def test_a_video_is_known_by_its_own_bytes(kind, data):
    assert video_kind(data) == kind


def test_how_much_is_read_hangs_on_what_it_is_called():
    assert called_video("video/mp4; codecs=x", "http://a.test/x")
    assert called_video("application/octet-stream", "http://a.test/x.MP4?y=1")
    assert not called_video("text/html", "http://a.test/x.mp4")
    assert not called_video("image/png", "http://a.test/x.mp4")


@pytest.mark.parametrize("data", [FILM, picture("cat", "jpg")], ids=["video", "picture"])
def test_whoever_asks_for_outlines_is_sent_edges_and_nothing_else(outside, data):
    outside.site.pages["/v"] = Says(body=data)
    shown = _open(view(outside.site.url("/v"), os.environ, outlines=True).jpeg).convert("RGB")
    hue, _saturation, _value = (ImageStat.Stat(one) for one in shown.convert("HSV").split())
    assert hue.extrema == [(0, 0)], "no colour"
    light = shown.convert("L").histogram()
    assert sum(light[230:]) > 0.6 * sum(light), "most of it is paper"
    assert sum(light[:128]) > 100, "and there are lines"
