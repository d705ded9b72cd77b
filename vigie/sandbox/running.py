"""The whole sandbox as one object: take the ports, start every server, stop them all."""

import socketserver
import threading
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

from vigie.sandbox import artefacts, dns, rdap, web
from vigie.sandbox.abuse import AbuseDesks, Delays
from vigie.sandbox.casebook import Casebook
from vigie.sandbox.certificate import tls_context
from vigie.sandbox.control import Control
from vigie.sandbox.courier import Courier
from vigie.sandbox.drop import Drop
from vigie.sandbox.files import Clock, system_clock
from vigie.sandbox.framing import RealReport
from vigie.sandbox.hosts import Host
from vigie.sandbox.listening import Address, Listening, take_ports
from vigie.sandbox.mailbox import Letter, Mailbox
from vigie.sandbox.openpgp import Keyring
from vigie.sandbox.police import Police
from vigie.sandbox.removals import Removals
from vigie.sandbox.serving import HttpServer, run
from vigie.sandbox.smtp import MailServer
from vigie.sandbox.world import PROVIDERS

SERVICES = (
    "web",
    "smtp",
    "dns",
    "rdap",
    *(provider.key for provider in PROVIDERS),
    *(artefacts.https_service(provider.key) for provider in PROVIDERS if provider.https),
)


class NotLoopback(Exception):
    """The sandbox was asked to listen where others could reach it."""


@dataclass(frozen=True)
class Options:
    """How to run: where to keep files, where to listen, how fast the hosts act."""

    directory: Path
    bind: str = "127.0.0.1"
    base_port: int = 0
    prompt: timedelta = timedelta(seconds=3)
    slow: timedelta = timedelta(seconds=90)
    police_key: Path | None = None
    hotline_cert: Path | None = None
    hotline_smtp: Address | None = None
    real_report: RealReport | None = None
    maildir: tuple[str, Path] | None = None


class Sandbox:
    """Listens once constructed (PortTaken, NotLoopback, CannotOpen), serves once started."""

    def __init__(self, options: Options, clock: Clock = system_clock) -> None:
        _check_loopback(options.bind)
        keyring = (
            Keyring.from_files(options.police_key, options.hotline_cert)
            if options.police_key
            else None
        )
        self.ports = take_ports(
            options.bind, options.base_port, SERVICES, datagrams=frozenset({"dns"})
        )
        directory = options.directory
        directory.mkdir(parents=True, exist_ok=True)
        (directory / artefacts.READY).unlink(missing_ok=True)  # only once the ports are ours
        self.options, self._clock = options, clock
        self._stopping = threading.Event()
        self._removals = Removals(directory / "removed.json", clock)
        self._mailbox = Mailbox(directory / "mail", clock)
        casebook = Casebook(directory / "police.json", clock)
        self._courier = Courier(self.ports["smtp"].address, options.hotline_smtp, clock)
        police = Police(self._mailbox, casebook, self._courier, keyring)
        self.control = Control(self._mailbox, self._removals, police, options.real_report)
        self._mail = self._mail_server()
        self._servers: list[socketserver.BaseServer] = []

    def start(self) -> None:
        """Start every server, then write `ready.json`."""
        artefacts.write_all(self.options.directory, self.ports, self._clock)
        self._mail.start()
        self._servers = [*self._web_servers(), *self._name_servers(self.ports["dns"])]
        for server in self._servers:
            run(server)
        artefacts.write_ready(self.options.directory, self.ports)

    def stop(self) -> None:
        """Stop all servers at once; letters not yet sent are lost, everything else is kept."""
        (self.options.directory / artefacts.READY).unlink(missing_ok=True)
        self._stopping.set()
        self._courier.stop()
        self._mail.stop()
        stops = [threading.Thread(target=_close, args=(server,)) for server in self._servers]
        for stop in stops:
            stop.start()
        for stop in stops:
            stop.join()

    def _mail_server(self) -> MailServer:
        delays = Delays(self.options.prompt, self.options.slow)
        desks = AbuseDesks(self._removals, self._courier, delays)
        if self.options.maildir is None:
            return MailServer(self.ports["smtp"].tcp, self._mailbox, desks.delivered)
        drop = Drop(*self.options.maildir)

        def delivered(letter: Letter, new: tuple[str, ...]) -> None:
            drop.delivered(letter, new)
            desks.delivered(letter, new)

        return MailServer(self.ports["smtp"].tcp, self._mailbox, delivered)

    def _web_servers(self) -> list[HttpServer]:
        servers = [
            HttpServer(self.ports["web"].tcp, partial(web.respond, self.control)),
            HttpServer(self.ports["rdap"].tcp, rdap.respond),
        ]
        for provider in PROVIDERS:
            host = Host(provider, self._removals, self._stopping)
            servers.append(HttpServer(self.ports[provider.key].tcp, host))
            if provider.https:
                tls = tls_context(self.options.directory, provider)
                secure = self.ports[artefacts.https_service(provider.key)].tcp
                servers.append(HttpServer(secure, host, tls))
        return servers

    def _name_servers(self, listening: Listening) -> list[socketserver.BaseServer]:
        servers: list[socketserver.BaseServer] = [dns.StreamServer(listening.tcp)]
        if listening.udp is not None:
            servers.append(dns.DatagramServer(listening.udp))
        return servers


def _close(server: socketserver.BaseServer) -> None:
    server.shutdown()
    server.server_close()


def _check_loopback(bind: str) -> None:
    """The sandbox speaks for the whole world to whoever asks: nobody else may ask."""
    try:
        if IPv4Address(bind).is_loopback:
            return
    except AddressValueError:
        pass
    raise NotLoopback(f"sandbox: --bind must be an IPv4 loopback address, not {bind}")
