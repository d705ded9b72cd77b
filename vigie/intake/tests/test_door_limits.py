"""The limits of the door: who has to go when too much is on its way, and what is held meanwhile."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from config import door
from config.bodies import MOST_PHOTO, PHOTO, body_for
from config.door import THREADS, Door, environ_of
from vigie.campaign.card.admission import MOST_FILE_BYTES
from vigie.campaign.room import AT_ONCE

pytestmark = pytest.mark.pure
FILE = b'--xx\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n'
WORDS = b'\r\n--xx\r\nContent-Disposition: form-data; name="where"\r\n\r\nhere'
MULTI = {"content-type": "multipart/form-data; boundary=xx"}


@dataclass
class Scope:
    path: str = "/en/report/"
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    proto: str = "http"
    scheme: str = "http"
    server: str = "127.0.0.1:80"
    client: str = "[::1]:5"
    query_string: str = ""
    http_version: str = "1.1"
    authority: str | None = None


class Sender:
    """Sends its pieces; then stops for good, unless it ``ends``."""

    def __init__(self, *pieces: bytes, ends: bool = False) -> None:
        self.pieces, self.ends, self.answered = pieces, ends, asyncio.Event()
        self.status = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
            await asyncio.sleep(0)
        if not self.ends:
            await asyncio.Event().wait()

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.response_bytes(status, headers, b"")

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = status
        self.answered.set()


def application(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
    start("200 OK", [])
    return [environ["wsgi.input"].read()]


async def meet(at: Door, senders: list[Sender]) -> list[asyncio.Task[None]]:
    tasks = []
    for sender in senders:
        tasks.append(asyncio.ensure_future(at.__rsgi__(Scope(), sender)))
        await asyncio.sleep(0.01)
    return tasks


def stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()


def test_of_too_many_on_their_way_the_first_has_to_go(monkeypatch):
    monkeypatch.setattr(door, "MOST_WAITING", 3)

    async def run() -> list[int]:
        senders = [*(Sender(b"where=") for _ in range(5)), Sender(b"where=a", ends=True)]
        tasks = await meet(Door(application), senders)
        await asyncio.wait_for(senders[-1].answered.wait(), 5)
        stop(tasks)
        return [one.status for one in senders]

    assert asyncio.run(run()) == [408, 408, 408, 0, 0, 200]


def test_of_many_that_come_in_one_burst_no_more_stay_than_may(monkeypatch):
    monkeypatch.setattr(door, "MOST_WAITING", 20)

    async def run() -> tuple[int, int, int]:
        at = Door(application)
        senders = [Sender(b"where=") for _ in range(300)]
        tasks = [asyncio.ensure_future(at.__rsgi__(Scope(), one)) for one in senders]
        await asyncio.sleep(0.3)
        sent_away = sum(one.status == 408 for one in senders)
        waiting, held = len(at._coming), at._held
        stop(tasks)
        return sent_away, waiting, held

    assert asyncio.run(run()) == (280, 20, 20 * len(b"where="))


def test_photos_wait_in_a_line_without_a_thread_and_reports_go_by(monkeypatch):
    go_on, places = threading.Event(), list[bool]()

    def making(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        places.append(not environ["vigie.no_place"])
        if places[-1] and PHOTO.match(environ["PATH_INFO"]):
            go_on.wait(60)
        return application(environ, start)

    async def run() -> list[int]:
        at, tasks = Door(making), list[asyncio.Task[None]]()

        async def meets(path: str) -> Sender:
            sender = Sender(b"x", ends=True)
            tasks.append(asyncio.ensure_future(at.__rsgi__(Scope(path), sender)))
            await asyncio.sleep(0.01)
            return sender

        cards = [await meets("/en/card/") for _ in range(AT_ONCE + THREADS)]
        report = await meets("/en/report/")
        await asyncio.wait_for(report.answered.wait(), 60)
        assert len(places) == AT_ONCE + 1, "the others take no thread"
        monkeypatch.setattr(door, "PATIENCE", 0)
        in_vain = await meets("/en/card/preview/")
        await asyncio.wait_for(in_vain.answered.wait(), 60)
        go_on.set()
        await asyncio.gather(*tasks)
        return [one.status for one in [*cards, report, in_vain]]

    monkeypatch.setattr(door, "PATIENCE", 60)
    assert asyncio.run(run()) == [200] * (AT_ONCE + THREADS + 2)
    assert places == [True] * (AT_ONCE + 1) + [False] + [True] * THREADS


def test_of_too_much_that_is_held_whoever_sent_most_has_to_go(monkeypatch):
    monkeypatch.setattr(door, "MOST_HELD", 1_000)

    async def run() -> tuple[list[int], int]:
        at = Door(application)
        senders = [Sender(b"x" * 300), Sender(b"x" * 500), Sender(b"x" * 250, ends=True)]
        tasks = await meet(at, senders)
        await asyncio.wait_for(senders[-1].answered.wait(), 5)
        held = at._held
        stop(tasks)
        return [one.status for one in senders], held

    assert asyncio.run(run()) == ([0, 408, 200], 300)


def test_what_has_come_whole_counts_until_a_thread_has_it_and_large_ones_wait_for_each_other(
    monkeypatch,
):
    monkeypatch.setattr(door, "MOST_HELD", 1_000)
    monkeypatch.setattr(door, "LARGE", 200)
    go_on, inside, at_once = threading.Event(), list[int](), list[int]()

    def busy(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        if (size := int(environ["CONTENT_LENGTH"])) >= 200:
            inside.append(size)
            at_once.append(len(inside))
            go_on.wait(5)
            inside.remove(size)
        return application(environ, start)

    async def run() -> tuple[list[int], int]:
        at = Door(busy)
        senders = [Sender(b"x" * size, ends=True) for size in (400, 450, 500, 20, 300, 240)]
        tasks = await meet(at, senders)
        before = [one.status for one in senders]
        assert before == [0, 0, 408, 200, 0, 0], "only the largest had to go, the small went by"
        go_on.set()
        await asyncio.gather(*tasks)
        return [one.status for one in senders], at._held

    assert asyncio.run(run()) == ([200, 200, 408, 200, 200, 200], 0)
    assert at_once == [1] * 4, "of the large ones never two at a time"


def test_a_file_is_sent_from_the_disk_and_never_held(tmp_path):
    (tmp_path / "pack.zip").write_bytes(b"PK")
    closed = []

    def sends(environ: dict[str, Any], start: Callable[..., object]) -> Any:
        start("200 OK", [("Content-Length", "2")])
        file = (tmp_path / "pack.zip").open("rb")
        closed.append(file)
        return environ["wsgi.file_wrapper"](file)

    class Reader(Sender):
        def response_file(self, status: int, headers: list[tuple[str, str]], path: str) -> None:
            self.status, self.path = status, path

    async def run() -> Reader:
        reader = Reader(ends=True)
        await Door(sends).__rsgi__(Scope(method="GET"), reader)
        return reader

    reader = asyncio.run(run())
    assert (reader.status, reader.path) == (200, str(tmp_path / "pack.zip"))
    assert closed[0].closed


def test_who_falls_silent_is_let_go_and_who_goes_on_slowly_is_not(monkeypatch):
    monkeypatch.setattr(door, "SILENCE", 0.2)

    class Slow(Sender):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for letter in b"where=a":
                yield bytes([letter])
                await asyncio.sleep(0.05)

    async def run() -> list[int]:
        senders = [Sender(b"where="), Slow()]
        await asyncio.gather(*await meet(Door(application), senders))
        return [one.status for one in senders]

    assert asyncio.run(run()) == [408, 200]


def test_a_file_is_never_held_but_on_the_way_to_the_card_studio():
    for path in ("/en/report/", "/fr/own/", "/fr/card/"):
        body = body_for(path, MULTI)
        for piece in (FILE, *[b"\xff\xd8" * 30_000] * 50, WORDS):
            body.feed(piece)
        assert body.size < 1_000, path
        whole = body.whole()
        assert b'filename="a"' in whole and b"here" in whole, "the page must know of the file"
        assert whole.endswith(b"--xx--\r\n")


def test_the_studios_photo_is_held_as_it_came_and_a_larger_one_loses_only_its_end():
    head = FILE.replace(b'"f"', b'"photo"')
    for data in (bytes(range(256)) * 9_000 + b"\r\n\r", b"\xff\xd8\r\n" * 6_500_000):
        body = body_for("/fr/card/", MULTI)
        for at in range(0, len(whole := head + data + WORDS + b"\r\n--xx--\r\n"), 1 << 20):
            body.feed(whole[at : at + (1 << 20)])
        assert body.size < MOST_PHOTO + 1_000
        kept, words = body.whole().split(b"\r\n\r\n", 1)[1].split(b"\r\n--xx", 1)
        assert kept == data[:MOST_PHOTO] and b"here" in words
        assert len(kept) > MOST_FILE_BYTES or kept == data


def test_what_is_beyond_the_limit_is_forgotten_as_it_comes(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    for headers, first in (({}, b"where="), (MULTI, WORDS)):
        body = body_for("/en/report/", headers)
        body.feed(first)
        for _ in range(40):
            body.feed(b"y" * 100_000)
        assert 1_000 < body.size <= 1_001_000


def test_a_header_with_an_underscore_passes_for_no_other():
    headers = {"x-forwarded-for": "192.0.2.1", "x_forwarded_for": "203.0.113.1", "host": "a.test"}
    environ = environ_of(Scope(headers=headers, path="/caf\u00e9%41"), b"body")
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/caf\u00e9%41", "decoded once"
    assert (environ["CONTENT_LENGTH"], environ["REMOTE_ADDR"]) == ("4", "::1")
