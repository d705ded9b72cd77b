"""Name service for the sandbox's names, over UDP and TCP (RFC 1035): A, AAAA, MX, PTR.

A name that exists without the type asked for is an empty answer, any other is NXDOMAIN; both
carry the SOA, as resolvers expect (RFC 2308).
"""

import socket
import socketserver
import struct
from ipaddress import ip_address
from typing import Any, Final

from dnslib import (
    AAAA,
    CLASS,
    MX,
    OPCODE,
    PTR,
    QTYPE,
    RCODE,
    RR,
    SOA,
    A,
    DNSError,
    DNSRecord,
)

from vigie.sandbox.world import MAIL_DOMAINS, MAIL_NAME, is_v4, names

_TTL: Final = 5  # seconds: a demonstration changes quickly
_SOA: Final = SOA("ns.registre.test.", "hostmaster.registre.test.", (1, 60, 60, 3600, _TTL))


def _zone() -> dict[str, list[tuple[str, Any]]]:
    """Lower-case names without the last dot, and their records by type."""
    zone: dict[str, list[tuple[str, Any]]] = {}
    for name, addresses in names().items():
        for address in addresses:
            kind, data = ("A", A(address)) if is_v4(address) else ("AAAA", AAAA(address))
            zone.setdefault(name, []).append((kind, data))
            reverse = ip_address(address).reverse_pointer
            zone.setdefault(reverse, []).append(("PTR", PTR(name)))
    for domain in MAIL_DOMAINS:
        zone.setdefault(domain, []).append(("MX", MX(MAIL_NAME, 10)))
    for name in tuple(zone):  # the parent of a site's name exists, if only as an empty node
        if name.endswith(".test"):
            zone.setdefault(name.partition(".")[2], [])
    return zone


_ZONE: Final = _zone()


def answer(query: bytes) -> bytes | None:
    """The reply to one message; None if it is not a query at all."""
    try:
        request = DNSRecord.parse(query)
    except (DNSError, ValueError, struct.error):
        return None
    if request.header.qr or not request.questions:
        return None
    reply = request.reply(aa=1, ra=0)
    if request.header.opcode != OPCODE.QUERY:
        reply.header.rcode = RCODE.NOTIMP
        return bytes(reply.pack())
    _fill(reply, request.q)
    return bytes(reply.pack())


def _fill(reply: Any, question: Any) -> None:
    records = _ZONE.get(str(question.qname).rstrip(".").lower())
    if records is None:
        reply.header.rcode = RCODE.NXDOMAIN
    wanted = QTYPE.get(question.qtype)
    for kind, data in records or ():
        if kind == wanted or wanted == "ANY":
            reply.add_answer(RR(question.qname, getattr(QTYPE, kind), CLASS.IN, _TTL, data))
    if not reply.rr:
        reply.add_auth(RR("test.", QTYPE.SOA, CLASS.IN, _TTL, _SOA))


class _Datagram(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        query, sock = self.request
        reply = answer(query)
        if reply is not None:
            sock.sendto(reply, self.client_address)


class _Stream(socketserver.StreamRequestHandler):
    """Queries over TCP, each behind its length in two bytes (RFC 7766)."""

    timeout = 5

    def handle(self) -> None:
        try:
            while len(head := self.rfile.read(2)) == 2:
                reply = answer(self.rfile.read(int.from_bytes(head)))
                if reply is None:
                    return
                self.wfile.write(len(reply).to_bytes(2) + reply)
        except OSError:  # the client left, or was silent for too long
            return


class DatagramServer(socketserver.ThreadingUDPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock.getsockname()[:2], _Datagram, bind_and_activate=False)
        self.socket.close()
        self.socket = sock


class StreamServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock.getsockname()[:2], _Stream, bind_and_activate=False)
        self.socket.close()
        self.socket = sock
