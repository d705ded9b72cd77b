"""Connecting to an address that was checked, and to nothing else."""

import socket
import ssl
from functools import cache
from ipaddress import ip_address

from vigie.lib.fetch.egress import Egress, Endpoint
from vigie.lib.fetch.meter import Meter
from vigie.lib.fetch.results import FetchFailed, Outcome, failing_as

# A name may have hundreds of addresses; each one tried costs time.
MAX_ATTEMPTS = 4
# SSL_OP_LEGACY_SERVER_CONNECT: Python names it only from 3.12 on.
OP_LEGACY_SERVER_CONNECT = 0x4


def connect(
    addresses: tuple[str, ...], port: int, egress: Egress, meter: Meter
) -> tuple[socket.socket, str]:
    """An open connection to the first address that takes it, and that address.

    Raises `timed_out` or `connect_failed` as the last attempt ended.
    """
    failed = FetchFailed(Outcome.CONNECT_FAILED)
    for ip in addresses[:MAX_ATTEMPTS]:
        endpoint = egress.endpoint(ip, port)
        if endpoint is None:
            continue
        try:
            return _open(endpoint, egress.source_address, meter), ip
        except FetchFailed as error:
            failed = error
    raise failed


def _open(endpoint: Endpoint, source: str | None, meter: Meter) -> socket.socket:
    """`endpoint` holds a number, never a name: the system's resolver is not asked again."""
    is_ipv6 = ip_address(endpoint[0]).version == 6
    timeout = meter.left(meter.limits.connect_seconds)
    sock = socket.socket(socket.AF_INET6 if is_ipv6 else socket.AF_INET, socket.SOCK_STREAM)
    try:
        with failing_as(Outcome.CONNECT_FAILED):
            sock.settimeout(timeout)
            if source is not None:
                sock.bind((source, 0))
            sock.connect(endpoint)
    except FetchFailed:
        sock.close()
        raise
    return sock


def secure(sock: socket.socket, host: str, verify: bool, meter: Meter) -> ssl.SSLSocket:
    """TLS over an open connection, which it takes over; `tls_failed` or `timed_out`.

    `host` is what the certificate must carry; a name is also sent (SNI), a number never is.
    """
    with failing_as(Outcome.TLS_FAILED):
        sock.settimeout(meter.left(meter.limits.connect_seconds))
        # A handshake's time-out holds for the whole of it, not for each of its reads.
        return _context(verify).wrap_socket(sock, server_hostname=host.removesuffix("."))


@cache
def _context(verify: bool) -> ssl.SSLContext:
    """The strict defaults, or, for a host whose word counts for nothing, whatever it speaks.

    Made once: reading the machine's certificates takes 20 ms. No session is kept in it.
    """
    if verify:
        context = ssl.create_default_context()
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.options |= OP_LEGACY_SERVER_CONNECT
    context.set_alpn_protocols(["http/1.1"])
    return context
