"""How the public program runs: a request has a thread only when all of it has come.

granian's own WSGI gives each request a thread at once, and a sender who stops in the middle keeps
it. With a handful of threads, a handful of such senders would keep every report out. Here bodies
are awaited, and only then one of a few threads answers (`config.wsgi`).

    python -m granian --interface rsgi --backpressure 8192 config.door:application

(``--backpressure``: beyond as many lines granian takes none; here who is slow has to go instead.)

A file in a form is dropped as it comes (but for the photo of the card studio). What has no length
(``Transfer-Encoding: chunked``) is read like everything else, and has one afterwards. If such a
line breaks, that looks like its end: what came is kept.
"""

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings

from config.bodies import Body, body_for
from config.wsgi import application as wsgi

# Answering takes milliseconds; of more threads, Python and the database make no use. Of SQLite's
# writers each waits for the one before.
THREADS = 4 if "sqlite" in settings.DATABASES["front"]["ENGINE"] else 8
SILENCE = 60.0  # seconds without a byte
LONGEST = 1_800.0  # seconds for a whole body
MOST_READ = 1_000_000_000  # bytes of one body, a film in it: the rest is not awaited
MOST_WAITING = 2_000  # bodies on their way; of more, whoever has sent for longest has to go
MOST_HELD = 256_000_000  # bytes of them all; beyond, whoever sent most

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Door:
    def __init__(self, application: WSGI) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(THREADS, "answer")
        self._waiting: dict[asyncio.Task[Any], Body] = {}  # in the order in which they came
        self._held = 0

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """A task of its own, which can be told to stop."""
        if scope.proto != "http":
            return
        status, headers, data = await asyncio.create_task(self._answer(scope, protocol))
        protocol.response_bytes(status, headers, data)

    async def _answer(self, scope: Any, protocol: Any) -> tuple[int, list[tuple[str, str]], bytes]:
        body = b""
        if scope.method not in ("GET", "HEAD"):
            try:
                body = await self._body_of(scope, protocol)
            except (TimeoutError, asyncio.CancelledError, ConnectionError):
                return 408, [("content-type", "text/plain"), ("connection", "close")], b""
        environ = environ_of(scope, body)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._ask, environ)

    async def _body_of(self, scope: Any, protocol: Any) -> bytes:
        loop = asyncio.get_running_loop()
        body, last = body_for(scope.path, scope.headers), loop.time() + LONGEST
        promised = str(scope.headers.get("content-length") or "")
        came = 0
        async with self._on_its_way(body), asyncio.timeout(SILENCE) as patience:
            async for piece in protocol:
                before, came = body.size, came + len(piece)
                body.feed(bytes(piece))
                self._hold(body.size - before)
                if came > MOST_READ:
                    return body.whole()
                patience.reschedule(min(loop.time() + SILENCE, last))
        if promised.isdecimal() and came < int(promised):
            raise ConnectionError("half an address would be another address")
        return body.whole()

    @asynccontextmanager
    async def _on_its_way(self, body: Body) -> AsyncIterator[None]:
        task = asyncio.current_task()
        assert task
        self._waiting[task] = body
        while len(self._waiting) > MOST_WAITING:
            self._send_away(next(iter(self._waiting)))
        try:
            yield
        finally:
            if task in self._waiting:
                self._forget(task)

    def _hold(self, more: int) -> None:
        self._held += more
        while self._held > MOST_HELD and self._waiting:
            self._send_away(max(self._waiting, key=lambda task: self._waiting[task].size))

    def _send_away(self, task: asyncio.Task[Any]) -> None:
        """Forgotten at once: its own end comes at its turn, and many may arrive before that."""
        self._forget(task)
        task.cancel()

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._held -= self._waiting.pop(task).size

    def _ask(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        """In a thread: what the application answers, whole."""
        status, headers = "500", list[tuple[str, str]]()

        def start(line: str, given: list[tuple[str, str]], _error: object = None) -> None:
            nonlocal status, headers
            status, headers = line, given

        answer = self._application(environ, start)
        try:
            data = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        lowered = [(name.lower(), value) for name, value in headers]
        return int(status.split()[0]), lowered, data


def environ_of(scope: Any, body: bytes) -> dict[str, Any]:
    """As PEP 3333 wants it. Of headers that come twice, all are kept, in their order."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode(errors="surrogatepass").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # it would pass for the one with a hyphen
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    # HTTP/1.0 need not say whom it wants.
    environ.setdefault("HTTP_HOST", scope.authority or settings.ALLOWED_HOSTS[0])
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


application = Door(wsgi)
