"""A whole deployment on loopback, with a proxy that ends TLS and can be told to do wrong."""

import datetime
import os
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.demonstration import free_ports
from tests.environment import ROOT

ONION = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
HOP = {"connection", "transfer-encoding", "content-length"}


@dataclass
class Reply:
    """What the proxy is about to send back; a test's wrong changes it in place."""

    path: str
    method: str
    agent: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def is_page(self) -> bool:
        return any(k == "content-type" and v.startswith("text/html") for k, v in self.headers)

    def drop(self, name: str) -> None:
        self.headers = [pair for pair in self.headers if pair[0] != name.lower()]

    def put(self, name: str, value: str) -> None:
        self.headers.append((name.lower(), value))

    def insert(self, markup: str) -> None:
        self.body = self.body.replace(b"</body>", markup.encode() + b"</body>")


def as_it_came(reply: Reply) -> None:
    """The good proxy changes nothing."""


@dataclass
class Proxy:
    """In front of one program, by TLS."""

    port: int
    behind: int
    wrong: Callable[[Reply], None] = as_it_came
    routes: dict[str, int] = field(default_factory=dict)

    def serve(self, context: ssl.SSLContext) -> ThreadingHTTPServer:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65_536  # an answer in one piece: else each waits for an acknowledgement
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                port = proxy.routes.get(self.path, proxy.behind)
                sent = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
                with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as line:
                    sent |= {"X-Forwarded-Proto": "https"}
                    line.request(self.command, self.path, body, sent)
                    answer = line.getresponse()
                    reply = Reply(
                        self.path,
                        self.command,
                        self.headers.get("User-Agent", ""),
                        answer.status,
                        [(k.lower(), v) for k, v in answer.getheaders() if k.lower() not in HOP],
                        answer.read(),
                    )
                proxy.wrong(reply)
                self.send_response_only(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            do_POST = do_GET

            def log_message(self, *args: object) -> None:
                """This proxy keeps no log."""

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        return server


@dataclass
class Deployment:
    folder: Path
    site: Proxy
    desk: Proxy
    public_environment: dict[str, str]

    @property
    def public_url(self) -> str:
        return f"https://localhost:{self.site.port}"

    @property
    def desk_url(self) -> str:
        return f"https://127.0.0.1:{self.desk.port}"

    @property
    def authority(self) -> str:
        return str(self.folder / "ca.pem")


def certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    names = [x509.DNSName("localhost"), x509.DNSName("desk.test")]
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([*names, x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, SHA256())
    )
    (folder / "ca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tls.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "tls.pem")
    return context


def _wait(port: int, host: str, child: "subprocess.Popen[bytes]") -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + 30
    while time.monotonic() < end and child.poll() is None:
        try:
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/healthz", headers={"Host": host}
            )
            with opener.open(request, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{host} does not answer")


@contextmanager
def started(folder: Path, environ: dict[str, str], public_front: str) -> Iterator[Deployment]:
    """Both programs in production mode, each behind its proxy. ``public_front``: as its role."""
    base = free_ports()
    site, desk = Proxy(base + 10, base), Proxy(base + 11, base + 1)
    common = {
        **environ,
        "VIGIE_MODE": "production",
        "VIGIE_PUBLIC_URL": f"https://localhost:{site.port}",
        "VIGIE_DESK_URL": f"https://127.0.0.1:{desk.port}",
        "VIGIE_STATIC": str(folder / "static"),
        "VIGIE_ONION": ONION,
    }
    public = {k: v for k, v in common.items() if k not in ("VIGIE_DATABASE", "VIGIE_KEYS")}
    public |= {
        "VIGIE_SURFACE": "public",
        "VIGIE_HOSTS": "localhost",
        "VIGIE_FRONT_DATABASE": public_front,
    }
    inside = {**common, "VIGIE_SURFACE": "desk", "VIGIE_HOSTS": "127.0.0.1"}
    words = ["-m", "vigie.cli", "collectstatic", "--noinput", "-v0"]
    subprocess.run([sys.executable, *words], env=inside, cwd=ROOT, check=True)
    children = [_granian(public, site.behind, folder), _granian(inside, desk.behind, folder)]
    servers = []
    try:
        context = certificate(folder)
        servers = [site.serve(context), desk.serve(context)]
        for child, proxy, host in zip(
            children, (site, desk), ("localhost", "127.0.0.1"), strict=True
        ):
            _wait(proxy.behind, host, child)
        yield Deployment(folder, site, desk, public)
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


def _granian(environ: dict[str, str], port: int, folder: Path) -> "subprocess.Popen[bytes]":
    public = environ["VIGIE_SURFACE"] == "public"
    serves = ("rsgi", "config.door") if public else ("wsgi", "config.wsgi")
    command = [sys.executable, "-m", "granian", "--interface", serves[0], "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--no-access-log", "--log-level", "warning"]
    command += [f"{serves[1]}:application"]
    with (folder / f"{port}.log").open("wb") as log:
        environ = {"PATH": os.environ["PATH"], **environ}
        return subprocess.Popen(command, env=environ, cwd=ROOT, stdout=log, stderr=log)
