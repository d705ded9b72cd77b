"""From a name to the addresses that may be connected to."""

from ipaddress import ip_address

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver

from vigie.lib.fetch.addresses import REFUSED_PORTS
from vigie.lib.fetch.egress import Egress
from vigie.lib.fetch.location import Location
from vigie.lib.fetch.meter import seconds_left
from vigie.lib.fetch.results import FetchFailed, Outcome

QUESTION_SECONDS = 5.0


def checked_addresses(location: Location, egress: Egress, deadline: float) -> tuple[str, ...]:
    """All addresses of a location, every one of them acceptable.

    One that is not condemns the rest: an honest site has no private address, and a name that
    has one is trying something. Raises `refused_address`, and whatever `resolve` raises.
    """
    if location.port in REFUSED_PORTS:
        raise FetchFailed(Outcome.REFUSED_ADDRESS)
    addresses = resolve(location.host, egress, deadline)
    if not all(egress.accepts(address) for address in addresses):
        raise FetchFailed(Outcome.REFUSED_ADDRESS)
    return addresses


def resolve(host: str, egress: Egress, deadline: float) -> tuple[str, ...]:
    """All A and AAAA addresses of a host, in canonical text, *unchecked*; an address is its own.

    `deadline` is a moment of `time.monotonic()`. Raises FetchFailed: `no_such_name` (also for a
    name without any address), `dns_failed`, `timed_out`. When only one of the two questions
    fails, the other's answer stands: many servers stumble over AAAA.
    """
    literal = _literal(host)
    if literal:
        return (literal,)
    name = _name(host)
    if name.is_subdomain(LOCALHOST):
        return ("127.0.0.1", "::1")
    if name.is_subdomain(ONION):
        raise FetchFailed(Outcome.NO_SUCH_NAME)
    resolver = _resolver(egress)
    answers = [_ask(resolver, name, kind, deadline) for kind in ("A", "AAAA")]
    found = tuple(address for answer in answers if answer for address in answer)
    if not found:
        failed = None in answers
        raise FetchFailed(Outcome.DNS_FAILED if failed else Outcome.NO_SUCH_NAME)
    return found


# Two kinds of name that no DNS server is ever asked about: RFC 6761, 6.3 (localhost is this
# machine) and RFC 7686, 2 (an onion name in a DNS query tells the network what we look at).
LOCALHOST = dns.name.from_text("localhost.")
ONION = dns.name.from_text("onion.")


def _literal(host: str) -> str | None:
    try:
        return str(ip_address(host))
    except ValueError:
        return None


def _name(host: str) -> dns.name.Name:
    """Label by label: `from_text` reads escapes, and a second reading is one too many."""
    try:
        labels = host.removesuffix(".").encode("ascii").split(b".")
        return dns.name.Name([*labels, b""])
    except (dns.exception.DNSException, UnicodeEncodeError) as error:
        raise FetchFailed(Outcome.NO_SUCH_NAME) from error


def _resolver(egress: Egress) -> dns.resolver.Resolver:
    """The egress' own nameservers, else the system's; the sandbox never asks the system's."""
    if egress.sandbox and not egress.nameservers:
        raise FetchFailed(Outcome.DNS_FAILED)
    try:
        resolver = dns.resolver.Resolver(configure=not egress.nameservers)
    except dns.exception.DNSException as error:
        raise FetchFailed(Outcome.DNS_FAILED) from error
    if egress.nameservers:
        resolver.nameservers = [
            dns.nameserver.Do53Nameserver(host, port) for host, port in egress.nameservers
        ]
    return resolver


def _ask(
    resolver: dns.resolver.Resolver, name: dns.name.Name, kind: str, deadline: float
) -> tuple[str, ...] | None:
    """The answer to one question, which may be empty; None when nobody could give one."""
    lifetime = min(QUESTION_SECONDS, seconds_left(deadline))
    try:
        answer = resolver.resolve(
            name, kind, search=False, lifetime=lifetime, raise_on_no_answer=False
        )
    except dns.resolver.NXDOMAIN as error:
        raise FetchFailed(Outcome.NO_SUCH_NAME) from error
    except (dns.exception.DNSException, OSError):
        seconds_left(deadline)
        return None
    return tuple(str(ip_address(record.to_text())) for record in answer.rrset or ())
