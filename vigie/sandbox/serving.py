"""HTTP served from plain functions: a request in, an answer out.

The web hosts, the registry and the control pages are each one such function, which makes them
testable without a socket. Nothing is logged: a stand-in has no business keeping addresses.
"""

import socket
import socketserver
import ssl
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote

MAX_BODY = 1_000_000


@dataclass(frozen=True)
class Request:
    """What a client asked; `path` is percent-decoded, `host` lower case and without a port.

    The names in `headers` are lower case.
    """

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    host: str = ""
    authority: str = ""
    content_type: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A response. `drip` replaces the body by a stream of unknown length."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    drip: Iterator[bytes] | None = None


Respond = Callable[[Request], Answer]


class HttpServer(ThreadingHTTPServer):
    """An HTTP(S) server on a socket that is already bound."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = False

    def __init__(
        self, sock: socket.socket, respond: Respond, tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(sock.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = sock
        if tls is not None:  # the handshake happens in the client's thread, not in accept()
            self.socket = tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        self.respond = respond

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or stumbles over TLS, is the outside world's everyday life."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    disable_nagle_algorithm = True  # head and body are two writes
    server: HttpServer

    def do_GET(self) -> None:
        self._serve()

    do_HEAD = do_POST = do_PUT = do_GET

    def version_string(self) -> str:
        return "sandbox"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: no client address is printed or kept."""

    def _serve(self) -> None:
        request = self._request()
        if request is None:
            self._send(Answer(413, b"too large\n"))
            return
        try:
            answer = self.server.respond(request)
        except Exception:
            traceback.print_exc()
            answer = Answer(500, b"the sandbox failed\n")
        self._send(answer)

    def _request(self) -> Request | None:
        """The request with its body; None if the body is larger than anything sensible."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            return None
        path, _, query = self.path.partition("?")
        authority = self.headers.get("Host", "").strip().lower()
        return Request(
            method=self.command,
            path=unquote(path),
            query=dict(parse_qsl(query)),
            host=authority.rpartition(":")[0] if _has_port(authority) else authority,
            authority=authority,
            content_type=self.headers.get_content_type(),
            body=self.rfile.read(int(length)),
            headers={name.lower(): value for name, value in self.headers.items()},
        )

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        if answer.drip is None:
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            for piece in answer.drip or (answer.body,):
                self.wfile.write(piece)


def _has_port(authority: str) -> bool:
    return authority.rpartition(":")[2].isdecimal() and ":" in authority


def run(server: socketserver.BaseServer) -> threading.Thread:
    """Serve in a thread until `shutdown()`; a short poll keeps stopping quick."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    return thread
