"""How the public program runs: a request has a thread only when all of it has come.

granian's own WSGI gives each request a thread at once, and a sender who stops in the middle keeps
it. With a handful of threads, a handful of such senders would keep every report out. Here bodies
are awaited, and only then one of a few threads answers (`config.wsgi`).

    python -m granian --interface rsgi --http 1 --backpressure 8192 config.door:application

(``--http 1``: else granian closes no line before it has said which protocol it speaks.
``--backpressure``: beyond as many lines granian takes none; here who is slow has to go instead.)

A file in a form is dropped as it comes (but for the photo of the card studio). What has no length
(``Transfer-Encoding: chunked``) is read like everything else, and has one afterwards. If such a
line breaks, that looks like its end: what came is kept.
"""

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, nullcontext
from io import BufferedReader
from pathlib import Path
from typing import Any
from wsgiref.util import FileWrapper

from django.conf import settings

from config.bodies import PHOTO, body_for
from config.wsgi import application as wsgi
from vigie.campaign.room import AT_ONCE

# Answering takes milliseconds; of more threads, Python and the database make no use. Of SQLite's
# writers each waits for the one before. At most five draw or wait to draw (`vigie.campaign.room`).
THREADS = 6 if "sqlite" in settings.DATABASES["front"]["ENGINE"] else 8
SILENCE = 60.0  # seconds without a byte
LONGEST = 1_800.0  # seconds for a whole body
MOST_READ = 1_000_000_000  # bytes of one body, a film in it: the rest is not awaited
MOST_WAITING = 2_000  # bodies on their way; of more, whoever has sent for longest has to go
MOST_HELD = 256_000_000  # bytes of all that is not yet answered; beyond, whoever sent most
PATIENCE = 20.0  # seconds that a photo waits until there is a place to make a card of it
LARGE = 2_000_000  # bytes; of such bodies one is answered at a time, for it takes ten times as much

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]
Answer = tuple[int, list[tuple[str, str]], bytes | Path]


class Sendable(FileWrapper):
    """PEP 3333's word for a file that the server may send itself: as slowly as it is read.

    ``path``: None if it is no whole file of the disk.
    """

    def __init__(self, file: Any, size: int = 65_536) -> None:
        super().__init__(file, size)
        self.path = Path(file.name) if isinstance(file, BufferedReader) else None


class Door:
    def __init__(self, application: WSGI) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(THREADS, "answer")
        self._free, self._large = asyncio.Semaphore(THREADS), asyncio.Lock()
        self._cards = asyncio.Semaphore(AT_ONCE)
        self._coming: dict[asyncio.Task[Any], None] = {}  # in the order in which they came
        self._sizes: dict[asyncio.Task[Any], int] = {}  # what is held, until it is answered
        self._held = 0

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """A task of its own, which can be told to stop."""
        if scope.proto != "http":
            return
        task = asyncio.create_task(self._answer(scope, protocol))
        task.add_done_callback(self._forget)
        try:
            status, headers, data = await task
        except (TimeoutError, asyncio.CancelledError, ConnectionError):
            protocol.response_empty(408, [("connection", "close")])
            return
        if isinstance(data, Path):
            protocol.response_file(status, headers, str(data))
        else:
            protocol.response_bytes(status, headers, data)

    async def _answer(self, scope: Any, protocol: Any) -> Answer:
        body = b"" if scope.method in ("GET", "HEAD") else await self._body_of(scope, protocol)
        environ, loop = environ_of(scope, body), asyncio.get_running_loop()
        large = self._large if len(body) >= LARGE else nullcontext()
        async with self._place(scope) as place, large, self._free:
            environ["vigie.no_place"] = not place
            self._forget(asyncio.current_task())  # of those in a thread there are few
            return await loop.run_in_executor(self._threads, self._ask, environ)

    @asynccontextmanager
    async def _place(self, scope: Any) -> AsyncIterator[bool]:
        """Is there one? A card is made in half a second: who sends a photo in the same moment as
        others waits in a line, which takes no thread, and is not asked for the photo again."""
        if scope.method != "POST" or not PHOTO.match(scope.path):
            yield True
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._cards.acquire()
        except TimeoutError:
            yield False
            return
        try:
            yield True
        finally:
            self._cards.release()

    async def _body_of(self, scope: Any, protocol: Any) -> bytes:
        loop = asyncio.get_running_loop()
        body, last = body_for(scope.path, scope.headers), loop.time() + LONGEST
        promised = str(scope.headers.get("content-length") or "")
        came = 0
        with self._on_its_way() as task:
            async with asyncio.timeout(SILENCE) as patience:
                async for piece in protocol:
                    came += len(piece)
                    body.feed(bytes(piece))
                    self._hold(task, body.size)
                    if came > MOST_READ:
                        break
                    patience.reschedule(min(loop.time() + SILENCE, last))
        if promised.isdecimal() and came < min(int(promised), MOST_READ):
            raise ConnectionError("half an address would be another address")
        return body.whole()

    @contextmanager
    def _on_its_way(self) -> Iterator[asyncio.Task[Any]]:
        task = asyncio.current_task()
        assert task
        self._coming[task] = None
        if len(self._coming) > MOST_WAITING:
            self._send_away(next(iter(self._coming)))
        try:
            yield task
        finally:
            self._coming.pop(task, None)

    def _hold(self, task: asyncio.Task[Any], size: int) -> None:
        self._held += size - self._sizes.get(task, 0)
        self._sizes[task] = size
        while self._held > MOST_HELD:
            self._send_away(max(self._sizes, key=self._sizes.__getitem__))

    def _send_away(self, task: asyncio.Task[Any]) -> None:
        """Forgotten at once: its own end comes at its turn, and many may arrive before that."""
        self._forget(task)
        task.cancel()

    def _forget(self, task: asyncio.Task[Any] | None) -> None:
        if task:
            self._coming.pop(task, None)
            self._held -= self._sizes.pop(task, 0)

    def _ask(self, environ: dict[str, Any]) -> Answer:
        """In a thread: what the application answers, whole, or the file that it sends."""
        status, headers = "500", list[tuple[str, str]]()

        def start(line: str, given: list[tuple[str, str]], _error: object = None) -> None:
            nonlocal status, headers
            status, headers = line, given

        answer = self._application(environ, start)
        try:
            data = getattr(answer, "path", None) or b"".join(answer)
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
        "wsgi.file_wrapper": Sendable,
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
