"""The running public program at its own port: what a sender who is slow, odd or hostile can do."""

import http.client
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.nginx import NGINX, in_front
from vigie.doctor.tests.deployment import certificate
from vigie.intake.doors.tests.conftest import public_program  # noqa: F401  fixture
from vigie.intake.models import Letter
from vigie.items import keys
from vigie.items.models import Item
from vigie.items.services import open_letter

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
PATH = "/en/report/"
PLAIN = "application/x-www-form-urlencoded"
MULTI = "multipart/form-data; boundary=xx"
STALLED, HONEST = 50, 20


class Place:
    """Where it answers; one request as bytes, however odd."""

    def __init__(self, address: str) -> None:
        self.host, self.port = urlsplit(address).hostname or "", urlsplit(address).port or 0

    def line(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=20)

    def say(self, *pieces: bytes) -> tuple[int, str]:
        """Send pieces, and read what comes until the line is closed or idle."""
        with self.line() as line:
            for piece in pieces:
                line.sendall(piece)
            answer = http.client.HTTPResponse(line)
            answer.begin()
            return answer.status, answer.read().decode()

    def head(self, *lines: str, version: str = "1.1", path: str = PATH) -> bytes:
        first = [f"POST {path} HTTP/{version}", f"Host: {self.host}:{self.port}"]
        return "\r\n".join([*first, *lines, "", ""]).encode()

    def report(self, where: str) -> int:
        line = http.client.HTTPConnection(self.host, self.port, timeout=20)
        line.request("POST", PATH, urlencode({"where": where}), {"Content-Type": PLAIN})
        status = line.getresponse().status
        line.close()
        return status

    @contextmanager
    def stalled(self, count: int) -> Iterator[None]:
        """Senders who promise a body, or a head, and stop in the middle of it."""
        lines = []
        begun = self.head(f"Content-Type: {PLAIN}", "Content-Length: 1000") + b"where=http"
        chunk = self.head("Transfer-Encoding: chunked") + b"5\r\nwhe"
        for number in range(count):
            lines.append(self.line())
            lines[-1].sendall((begun, chunk, begun[:40], b"")[number % 4])
        yield
        for one in lines:
            one.close()


@pytest.fixture
def place(public_program: str) -> Place:  # noqa: F811
    return Place(public_program)


def places() -> set[str]:
    for letter in Letter.objects.all():
        open_letter(letter)
    return {keys.opened(item.locator) for item in Item.objects.all()}


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


def parts(*named: tuple[str, bytes], end: bytes = b"--xx--\r\n") -> bytes:
    head = b'--xx\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return b"".join(head % (name.encode(), value) for name, value in named) + end


def test_fifty_who_stop_in_the_middle_keep_none_of_twenty_reports_out(place):
    wanted = [f"https://a{n}.test/" for n in range(HONEST)]
    with place.stalled(STALLED), ThreadPoolExecutor(HONEST) as people:
        begun = time.monotonic()
        assert set(people.map(place.report, wanted)) == {200}
        assert time.monotonic() - begun < 5
        assert Letter.objects.count() == HONEST
    assert places() == set(wanted)


@pytest.fixture
def behind(place: Place, tmp_path: Path) -> Iterator[Place]:
    """The same program behind nginx, by its door for Tor."""
    certificate(tmp_path)
    with in_front(place.port, 9, tmp_path, tmp_path) as (_, onion):
        twin = Place(f"http://127.0.0.1:{onion}")
        for _ in range(100):
            try:
                twin.line().close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        yield twin


@pytest.mark.skipif(NGINX is None, reason="nginx is not here: its configuration was not tried")
def test_the_same_behind_nginx_and_a_film_of_any_size_is_dropped(behind):
    wanted = [f"https://a{n}.test/" for n in range(HONEST)]
    with behind.stalled(STALLED), ThreadPoolExecutor(HONEST) as people:
        begun = time.monotonic()
        assert set(people.map(behind.report, wanted)) == {200}
        assert time.monotonic() - begun < 5
    film = b'--xx\r\nContent-Disposition: form-data; name="f"; filename="a.mp4"\r\n\r\n'
    rest = b"\r\n" + parts(("where", b"https://film.test/"))
    size, piece = 120, b"\xff\xd8" * 500_000
    length = len(film) + size * len(piece) + len(rest)
    head = behind.head(f"Content-Type: {MULTI}", f"Content-Length: {length}")
    status, page = behind.say(head + film, *[piece] * size, rest)
    assert (status, "did not take the picture" in page) == (200, True)
    assert places() == {*wanted, "https://film.test/"}


def test_an_odd_sender_is_understood(place):
    body = urlencode({"where": "https://{}.test/"}).encode()
    picture = b'x"; filename="a.mp4"\r\nX: "', b"\xff\xd8" * 2_000_000

    def form(name: str) -> bytes:
        return body.replace(b"%7B%7D", name.encode())

    def long(name: str, *before: tuple[str, bytes], end: bytes = b"--xx--\r\n") -> bytes:
        first = [
            (head.decode() if isinstance(head, bytes) else head, data) for head, data in before
        ]
        return parts(*first, ("where", f"https://{name}.test/".encode()), end=end)

    def sized(data: bytes, *lines: str) -> bytes:
        return place.head(f"Content-Length: {len(data)}", *lines) + data

    plain, multi, in_chunks = (
        f"Content-Type: {PLAIN}",
        f"Content-Type: {MULTI}",
        "Transfer-Encoding: chunked",
    )
    old = place.head(plain, f"Content-Length: {len(form('old'))}", version="1.0") + form("old")
    said = {
        "old": old,
        "chunks": place.head(plain, in_chunks) + chunked(form("chunks"), 3),
        "chunkedparts": place.head(multi, in_chunks)
        + chunked(long("chunkedparts", picture), 70_001),
        "untyped": sized(form("untyped")),
        "file": sized(long("file", picture), multi),
        "fields": sized(long("fields", *[("x", b"1")] * 5_000), multi),
        "open": sized(long("open", end=b""), multi),
        "nothing": sized(long("nothing"), "Content-Type: multipart/form-data"),
        "wide": sized(form("wide").decode().encode("utf-16"), f"{plain}; charset=utf-16"),
    }
    for name, request in said.items():
        status, page = place.say(request)
        assert (status, "has arrived" in page) == (200, True), name
        assert ("did not take the picture" in page) is (name in ("file", "chunkedparts")), name
    assert places() == {f"https://{name}.test/" for name in said}
    waits = place.head(plain, "Content-Length: 25", "Expect: 100-continue")
    with place.line() as line:
        line.sendall(waits)
        assert line.recv(100).startswith(b"HTTP/1.1 100"), "curl waits a second for it"


def test_who_goes_away_in_the_middle_leaves_nothing_and_the_program_answers(place):
    for _ in range(30):
        with place.line() as line:
            line.sendall(place.head(f"Content-Type: {PLAIN}", "Content-Length: 90") + b"where=x")
    assert place.report("https://a.test/") == 200
    assert places() == {"https://a.test/"}
