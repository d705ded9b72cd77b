"""A visitor of the report form over one kept connection: cheap, so that the server is measured."""

import socket
from contextlib import suppress
from urllib.parse import urlencode

from vigie.intake.receipts import WORDS, word_list

END = b"\r\n\r\n"


def report_of(number: int) -> bytes:
    """The form's body: a place like those that people report."""
    where = f"https://bench-{number % 997}.test/a/{number}?page=2"
    return urlencode({"where": where, "receipt": receipt_of(number)}).encode()


def receipt_of(number: int) -> str:
    words = word_list("en")
    rest, spoken = number, []
    for _ in range(WORDS):
        rest, index = divmod(rest, len(words))
        spoken.append(words[index])
    return " ".join(spoken)


class Visitor:
    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def answers(self) -> bool:
        request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        return self._ask(request).startswith(b"HTTP/1.1 200")

    def thanked(self, body: bytes) -> bool:
        """Was the report taken? False when the connection broke, or it was not."""
        head = (
            "POST /en/report/ HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body).startswith((b"HTTP/1.1 200", b"HTTP/1.1 303"))

    def _ask(self, request: bytes) -> bytes:
        with suppress(OSError, ValueError):
            if self._socket is None:
                self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=30)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(request)
            return self._answer(self._socket)
        if self._socket:
            self._socket.close()
        self._socket = None
        return b""

    def _answer(self, connection: socket.socket) -> bytes:
        data = b""
        while END not in data:
            data += self._some(connection)
        head, _, body = data.partition(END)
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        while len(body) < length:
            body += self._some(connection)
        return head

    @staticmethod
    def _some(connection: socket.socket) -> bytes:
        data = connection.recv(65_536)
        if not data:
            raise ConnectionResetError
        return data
