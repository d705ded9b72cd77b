"""Ports are taken before anything starts: all of them, or none and one clear line."""

import socket
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

Address = tuple[str, int]


class PortTaken(Exception):
    """A port could not be taken; the text says which one and what to do."""


@dataclass(frozen=True)
class Listening:
    """The bound sockets of one service: `tcp` always, `udp` on the same number for DNS."""

    address: Address
    tcp: socket.socket
    udp: socket.socket | None = None

    def close(self) -> None:
        self.tcp.close()
        if self.udp is not None:
            self.udp.close()


def take_ports(
    bind: str, base: int, services: Sequence[str], datagrams: frozenset[str]
) -> dict[str, Listening]:
    """Bind one port for each service, consecutively from `base`; 0 lets the system choose.

    Services named in `datagrams` get UDP on the same port. Raises PortTaken, holding nothing.
    """
    with ExitStack() as undo:
        taken: dict[str, Listening] = {}
        for offset, service in enumerate(services):
            port = base + offset if base else 0
            try:
                taken[service] = _take(bind, port, with_udp=service in datagrams)
            except OSError as error:
                raise PortTaken(_advice(bind, port, service, error)) from error
            undo.callback(taken[service].close)
        undo.pop_all()
        return taken


def _advice(bind: str, port: int, service: str, error: OSError) -> str:
    why = error.strerror or str(error)
    return (
        f"sandbox: cannot listen on {bind}:{port} ({service}): {why}. "
        "Stop the program that has it, or choose another --base-port."
    )


def _take(bind: str, port: int, *, with_udp: bool) -> Listening:
    """A chosen number may be free for TCP and taken for UDP: then let the system choose again."""
    for attempt in range(20):
        tcp = _bound(socket.SOCK_STREAM, bind, port)
        address = bind, int(tcp.getsockname()[1])
        if not with_udp:
            return Listening(address, tcp)
        try:
            return Listening(address, tcp, _bound(socket.SOCK_DGRAM, *address))
        except OSError:
            tcp.close()
            if port or attempt == 19:
                raise
    raise AssertionError("unreachable")


def _bound(kind: socket.SocketKind, bind: str, port: int) -> socket.socket:
    """A bound socket. TCP may reuse an address in TIME_WAIT; with UDP that would share it."""
    # asyncio sends small answers at once only if it can see that the protocol is TCP
    protocol = socket.IPPROTO_TCP if kind is socket.SOCK_STREAM else socket.IPPROTO_UDP
    sock = socket.socket(socket.AF_INET, kind, protocol)
    try:
        if kind is socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((bind, port))
        if kind is socket.SOCK_STREAM:
            sock.listen(64)
    except OSError:
        sock.close()
        raise
    return sock
