"""A reporter's machine, over plain sockets: it marks whatever a browser could let fall."""

import re
import secrets
import socket
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

REPORTER = "127.9.8.7"
HEADERS = (
    *("User-Agent", "X-Forwarded-For", "Forwarded", "X-Real-IP", "Cookie", "Referer", "From"),
    *("X-Forwarded-Host", "X-Request-Id", "Via", "If-None-Match", "Sec-CH-UA", "DNT"),
)
TYPED = "application/x-www-form-urlencoded"
BOUNDARY = "a-boundary"
TOKEN = re.compile(rb'name="token" value="(\w+)"')


@dataclass
class Reporter:
    """A machine that marks whatever it sends, each thing with a word of its own.

    ``typed``: what it wrote into a field of a form, which a page may show to it again.
    """

    port: int
    token: str = field(default_factory=lambda: f"zq{secrets.token_hex(5)}")
    typed: str = field(default_factory=lambda: f"zt{secrets.token_hex(5)}")
    marks: list[str] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)

    def mark(self) -> str:
        self.marks.append(f"{self.token}x{len(self.marks)}y")
        return self.marks[-1]

    def headers(self) -> list[str]:
        lines = [f"{name}: {self.mark()}" for name in HEADERS]
        return [*lines, f"Accept-Language: en;q=1, {self.mark()};q=0.5"]

    def ask(self, line: str, body: bytes = b"", kind: str = "", *more: str) -> tuple[int, bytes]:
        """One request with all its marks; status (0: none came) and the whole answer."""
        head = [f"{line} HTTP/1.1", f"Host: localhost:{self.port}", *self.headers(), *more]
        head += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"] if kind else []
        sent = "\r\n".join([*head, "Connection: close", "", ""]).encode() + body
        answer = self.raw(sent)
        return int(answer.split(b" ", 2)[1]) if answer else 0, answer

    def raw(self, sent: bytes, *, ends: bool = False) -> bytes:
        """What comes back; ``ends``: nothing more is sent, whatever was promised."""
        with socket.create_connection(
            ("127.0.0.1", self.port), 30, source_address=(REPORTER, 0)
        ) as talk:
            got = bytearray()
            try:
                talk.sendall(sent)
                if ends:
                    talk.shutdown(socket.SHUT_WR)
                while piece := talk.recv(65536):
                    got += piece
            except ConnectionError:
                pass  # it was told too much and hung up: that is an answer too
        self.answers.append(bytes(got))
        return bytes(got)

    def form(self) -> dict[str, str]:
        """The form's hidden fields, from a page that was fetched with marks."""
        status, page = self.ask("GET /en/report/")
        assert status == 200
        tags = re.findall(r"<input[^>]+>", page.decode())
        named = {name[1]: tag for tag in tags if (name := re.search(r'name="([^"]+)"', tag))}
        value = re.search(r'value="([^"]*)"', named["receipt"])
        assert value
        return {"receipt": unescape(value[1])}


def _multipart(fields: dict[str, str], name: str, content: str) -> bytes:
    parts = [f'Content-Disposition: form-data; name="{k}"\r\n\r\n{v}' for k, v in fields.items()]
    parts.append(
        f'Content-Disposition: form-data; name="picture"; filename="{name}.jpg"\r\n'
        f"Content-Type: image/jpeg\r\n\r\n{content * 50}"
    )
    return ("".join(f"--{BOUNDARY}\r\n{p}\r\n" for p in parts) + f"--{BOUNDARY}--\r\n").encode()


def report(reporter: Reporter, where: str) -> bytes:
    """A report and one further page; what the first answer said, without its token."""
    body = urlencode({**reporter.form(), "where": where}).encode()
    status, page = reporter.ask("POST /en/report/", body, TYPED)
    assert status == 200
    add(reporter, page)
    return TOKEN.sub(b"", page.partition(b"\r\n\r\n")[2])


def add(reporter: Reporter, page: bytes) -> None:
    """What the next page adds to the report that this one thanks for."""
    found = TOKEN.search(page)
    assert found, "the page carries no token"
    fields = {"token": found[1].decode(), "page": "place", "act": "finish", "how": reporter.typed}
    assert reporter.ask("POST /en/report/more/", urlencode(fields).encode(), TYPED)[0] == 303


def report_with_a_file(reporter: Reporter, where: str) -> None:
    fields = {**reporter.form(), "where": where}
    body = _multipart(fields, reporter.mark(), reporter.mark())
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    status, page = reporter.ask("POST /en/report/", body, kind)
    assert status == 200
    assert b"We did not take the picture" in page


def requests_that_fail(reporter: Reporter) -> None:
    """Not found, not allowed, not understood, not for this host, too much: each says so."""
    mark = reporter.mark
    wrong = f"multipart/form-data; x={mark()}"
    refused = {
        reporter.ask(f"GET /en/{mark()}/?q={mark()}")[0]: 404,
        reporter.ask(f"POST /en/how/?q={mark()}", mark().encode(), TYPED)[0]: 405,
        reporter.ask("POST /en/report/", mark().encode(), wrong)[0]: 400,
        reporter.ask("POST /en/report/", f"receipt={mark()}".encode(), TYPED)[0]: 422,
    }
    assert list(refused) == list(refused.values())
    fields = "&".join(["x=1"] * 1_500).encode()
    assert reporter.ask("POST /en/report/", fields + mark().encode(), TYPED)[0] == 422
    # Longer than is kept: the page comes all the same, once everything was sent.
    assert reporter.ask("POST /en/report/", mark().encode() * 1_600_000, TYPED)[0] == 422
    reporter.ask("POST /en/receipt/", urlencode({"words": reporter.typed}).encode(), TYPED)
    api = (f"Authorization: Bearer {mark()}", f"Idempotency-Key: {mark()}")
    assert reporter.ask("POST /api/v1/reports", mark().encode(), "application/json", *api)[0] == 401
    reporter.ask(f"GET /static/{mark()}.css")
    reporter.raw(f"GET / HTTP/1.1\r\nHost: {mark()}.test\r\nConnection: close\r\n\r\n".encode())
    reporter.raw(f"{mark()} / HTTP/9.9\r\n{mark()}\r\n\r\n".encode())
    reporter.raw(f"GET /%ff%00{mark()} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                 .encode())  # fmt: skip
    reporter.raw(f"POST /en/report/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n"
                 f"where={mark()}".encode()[:120], ends=True)  # fmt: skip
