"""The far side at its worst, on loopback: a name server that lies, a site that misbehaves, and a
server that nobody may reach. All real sockets; nothing in the code under test is replaced."""

import gzip
import socket
import socketserver
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Self
from urllib.parse import unquote_to_bytes

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from vigie.lib.fetch import Egress

Endpoint = tuple[str, int]
DRIP_SECONDS = 0.02
CONNECTED: list[Endpoint] = []


def _watch_connections(event: str, arguments: tuple[object, ...]) -> None:
    """Where this process really connects or sends to; the stand-ins' own threads are daemons."""
    if event in ("socket.connect", "socket.sendto") and not threading.current_thread().daemon:
        address = arguments[1]
        if isinstance(address, tuple):
            CONNECTED.append((str(address[0]), int(address[1])))


sys.addaudithook(_watch_connections)


class Listener:
    """Runs `greet` on each connection, in a thread of its own."""

    def __init__(self, greet: Callable[[socket.socket], None], host: str = "127.0.0.1") -> None:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    greet(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
            request_queue_size = 64

        self._server = Server((host, 0), Handler)
        self.endpoint: Endpoint = (host, int(self._server.server_address[1]))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Forbidden(Listener):
    """Counts who gets through. Its number must stay at nought."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.hits = 0
        super().__init__(self._hit, host)

    def _hit(self, talk: socket.socket) -> None:
        self.hits += 1
        talk.sendall(plain(b"secret"))


class Website(Listener):
    """Reads one request, remembers its head, and plays the scene that its path names."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.heads: list[str] = []
        self._tls = tls
        super().__init__(self._serve)

    def _serve(self, talk: socket.socket) -> None:
        if self._tls is not None:
            talk = self._tls.wrap_socket(talk, server_side=True)
        with talk:
            head = b""
            while b"\r\n\r\n" not in head:
                got = talk.recv(65536)
                if not got:
                    return
                head += got
            self.heads.append(head.decode("latin-1"))
            path, _, query = head.split(b" ")[1].partition(b"?")
            SCENES.get(path.decode().strip("/").split("/")[0], _not_found)(talk, query)


def plain(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join([*lines, b"", body])


def redirect(location: bytes, *headers: bytes) -> bytes:
    return plain(b"not to be read", b"Location: " + location, *headers, status=b"302 Found")


Scene = Callable[[socket.socket, bytes], None]


def says(answer: bytes) -> Scene:
    return lambda talk, _query: talk.sendall(answer)


def drips(start: bytes, drop: bytes) -> Scene:
    """One small piece at a time, for ever: no single read ever waits long."""

    def scene(talk: socket.socket, _query: bytes) -> None:
        talk.sendall(start)
        while True:
            talk.sendall(drop)
            time.sleep(DRIP_SECONDS)

    return scene


def floods(start: bytes, piece: bytes) -> Scene:
    def scene(talk: socket.socket, _query: bytes) -> None:
        talk.sendall(start)
        while True:
            talk.sendall(piece)

    return scene


def _to(talk: socket.socket, query: bytes) -> None:
    talk.sendall(redirect(unquote_to_bytes(query)))


def _further(talk: socket.socket, query: bytes) -> None:
    talk.sendall(redirect(b"/further?%d" % (int(query or b"0") + 1)))


def _not_found(talk: socket.socket, _query: bytes) -> None:
    talk.sendall(plain(b"nothing here", status=b"404 Not Found"))


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BIG = gzip.compress(bytes(4_000_000))
GZIPPED = b"Content-Encoding: gzip"
# Unfolds into many empty files: without a cap on their number it is work without end.
MANY_EMPTY = gzip.compress(gzip.compress(b"") * 5_000)

SCENES: dict[str, Scene] = {
    "fine": says(plain(b"hello", b"Content-Type: text/plain; charset=utf-8")),
    "gone": says(plain(b"removed", status=b"410 Gone")),
    "to": _to,
    "further": _further,
    "self": says(redirect(b"/self#again")),
    "ping": says(redirect(b"/pong")),
    "pong": says(redirect(b"/ping")),
    "no-location": says(plain(b"odd", status=b"302 Found")),
    "to-long": says(redirect(b"/" + b"a" * 10_000)),
    "cookie": says(redirect(b"/fine", b"Set-Cookie: id=1; Path=/")),
    "gzip": says(plain(gzip.compress(b"hello"), GZIPPED)),
    "gzip-twice": says(plain(gzip.compress(gzip.compress(b"hello")), GZIPPED + b", gzip")),
    "gzip-bomb": says(plain(BIG, GZIPPED)),
    "gzip-bomb-twice": says(plain(gzip.compress(BIG), GZIPPED, GZIPPED)),
    "gzip-thrice": says(plain(b"", GZIPPED + b", gzip, gzip")),
    "gzip-many": says(plain(MANY_EMPTY, GZIPPED + b", gzip")),
    "gzip-cut": says(plain(gzip.compress(b"hello")[:-4], GZIPPED)),
    "gzip-not": says(plain(b"hello, this is not gzip", GZIPPED)),
    "brotli": says(plain(b"hello", b"Content-Encoding: br")),
    "drip-headers": drips(OK, b"X: y\r\n"),
    "drip-status": drips(b"", b"H"),
    "drip-body": drips(OK + b"Content-Length: 100000\r\n\r\n", b"x"),
    "drip-chunks": drips(CHUNKED, b"1\r\nx\r\n"),
    "drip-gzip": drips(OK + b"Content-Encoding: gzip\r\n\r\n" + BIG[:100], BIG[100:101]),
    "silence": drips(b"", b""),
    "endless-headers": floods(OK, b"X-Header: " + b"y" * 100 + b"\r\n"),
    "endless-continue": floods(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless-body": floods(OK + b"\r\n", b"x" * 65536),
    "endless-after-gzip": floods(
        OK + GZIPPED + b"\r\n\r\n" + gzip.compress(b"hello"), bytes(65536)
    ),
    "endless-chunks": floods(CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n"),
    "endless-trailers": floods(CHUNKED + b"0\r\n", b"X-Trailer: y\r\n"),
    "endless-chunk-size": floods(CHUNKED, b"0" * 1024),
    "huge-header": says(plain(b"x", b"X-Big: " + b"y" * 1_000_000)),
    "large": says(plain(b"x" * 250_000)),
    "length-too-long": says(OK + b"Content-Length: 1000\r\n\r\nhello"),
    "length-too-short": says(OK + b"Content-Length: 2\r\n\r\nhello"),
    "length-negative": says(OK + b"Content-Length: -1\r\n\r\nhello"),
    "length-endless": says(OK + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\nhello"),
    "length-twice": says(OK + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\nhello"),
    "malformed": says(b"HTTP/1.1 OK 200\r\n\r\n"),
    "not-http": says(b"220 mail.test ESMTP\r\n"),
    "closes": says(b""),
    "switches": says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    "nul-header": says(plain(b"x", b"X-Nul: a\0b")),
    "split-location": says(redirect(b"/fine\r\nX-Injected: yes")),
    "bad-chunk": says(CHUNKED + b"zz\r\nhello"),
    "other-transfer": says(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
}


class Names:
    """A DNS server over UDP. Each question has a list of answers, given one after the other; the
    last one stays. An answer is a tuple of "TYPE value" texts (a CNAME renames what follows it),
    or the one word SERVFAIL or SILENCE. A name it does not know does not exist."""

    def __init__(self) -> None:
        self.asked: Counter[tuple[str, str]] = Counter()
        self.answers: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.endpoint: Endpoint = ("127.0.0.1", int(self._socket.getsockname()[1]))
        threading.Thread(target=self._serve, daemon=True).start()

    def say(self, name: str, kind: str, *answers: tuple[str, ...]) -> None:
        self.answers[name, kind] = list(answers)

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                wire, sender = self._socket.recvfrom(4096)
                answer = self._answer(dns.message.from_wire(wire))
                if answer is not None:
                    self._socket.sendto(answer.to_wire(), sender)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        owner = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked[owner, kind] += 1
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        said = self._next(owner, kind)
        if said is None:
            known = any(name == owner for name, _kind in self.answers)
            response.set_rcode(dns.rcode.NOERROR if known else dns.rcode.NXDOMAIN)
        elif said == ("SILENCE",):
            return None
        elif said == ("SERVFAIL",):
            response.set_rcode(dns.rcode.SERVFAIL)
        else:
            _fill(response, owner, said)
        return response

    def _next(self, owner: str, kind: str) -> tuple[str, ...] | None:
        answers = self.answers.get((owner, kind))
        if not answers:
            return None
        return answers.pop(0) if len(answers) > 1 else answers[0]


def _fill(response: dns.message.Message, owner: str, said: tuple[str, ...]) -> None:
    for record in said:
        kind, value = record.split(" ")
        response.answer.append(dns.rrset.from_text(owner + ".", 1, "IN", kind, value))
        if kind == "CNAME":
            owner = value.rstrip(".")


def _garble(talk: socket.socket) -> None:
    talk.recv(65536)
    talk.sendall(b"\x16\x03\x03\xff\xff" + b"garbage" * 50)


def _stay_silent(talk: socket.socket) -> None:
    while talk.recv(65536):
        pass


class World:
    """Everything at once, and the way out that leads to it.

    192.0.2.10 (hostile.test): the site; with a context, on 443 too. 192.0.2.11: garbage for TLS.
    192.0.2.12: nobody there. 192.0.2.13: a queue that is full. 192.0.2.14: TLS that never begins.
    2001:db8::10: the site again.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.forbidden = [Forbidden(), *([Forbidden("::1")] if _has_ipv6() else [])]
        self.site = Website()
        self.secure_site = Website(tls)
        self._garbage = Listener(_garble)
        self._mute = Listener(_stay_silent)
        self.names = Names()
        self._full, self._queued = _full_queue()
        closed = _unused_endpoint()
        self.egress = Egress(
            nameservers=(self.names.endpoint,),
            sandbox={
                "192.0.2.10": {80: self.site.endpoint, 443: self.secure_site.endpoint},
                "192.0.2.11": {443: self._garbage.endpoint},
                "192.0.2.12": {80: closed},
                "192.0.2.13": {80: self._full.getsockname()},
                "192.0.2.14": {443: self._mute.endpoint},
                "2001:db8::10": {80: self.site.endpoint, 8080: self.site.endpoint},
            },
        )
        mapped = {place for ports in self.egress.sandbox.values() for place in ports.values()}
        self.stand_ins = {self.names.endpoint, *mapped}
        # What a production machine would use: nothing is mapped, only checked.
        self.open_egress = Egress(nameservers=(self.names.endpoint,))
        self.names.say("hostile.test", "A", ("A 192.0.2.10",))

    def __enter__(self) -> Self:
        CONNECTED.clear()
        return self

    def __exit__(self, *_: object) -> None:
        listeners = (*self.forbidden, self.site, self.secure_site, self._garbage, self._mute)
        for listener in listeners:
            listener.close()
        self.names.close()
        for waiting in (self._full, *self._queued):
            waiting.close()

    @property
    def forbidden_port(self) -> int:
        return self.forbidden[0].endpoint[1]

    def strayed(self) -> list[Endpoint]:
        """Every connection of this process that was not to the stand-ins."""
        return [place for place in CONNECTED if place not in self.stand_ins]

    def hits(self) -> int:
        return sum(server.hits for server in self.forbidden)


def _unused_endpoint() -> Endpoint:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return ("127.0.0.1", int(probe.getsockname()[1]))


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _full_queue() -> tuple[socket.socket, list[socket.socket]]:
    """A listener that accepts nobody and whose queue is taken: a new caller gets no answer."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    queued = [socket.socket() for _ in range(4)]
    for waiting in queued:
        waiting.setblocking(False)
        waiting.connect_ex(listener.getsockname())
    return listener, queued
