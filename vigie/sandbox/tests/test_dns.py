import socket

import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.reversename
import pytest

from vigie.sandbox.running import Sandbox
from vigie.sandbox.world import MAIL_DOMAINS, MAIL_NAME, names


@pytest.fixture
def sandbox(quiet: Sandbox) -> Sandbox:
    return quiet


def query(sandbox: Sandbox, name: str, kind: str, *, tcp: bool = False) -> dns.message.Message:
    host, port = sandbox.ports["dns"].address
    send = dns.query.tcp if tcp else dns.query.udp
    return send(dns.message.make_query(name, kind), host, timeout=10, port=port)


def texts(answer: dns.message.Message) -> set[str]:
    return {record.to_text() for rrset in answer.answer for record in rrset}


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_every_site_has_its_addresses(sandbox: Sandbox, tcp: bool) -> None:
    for name, addresses in names().items():
        found = [query(sandbox, name, kind, tcp=tcp) for kind in ("A", "AAAA")]
        assert texts(found[0]) | texts(found[1]) == set(addresses)
        assert all(answer.flags & dns.flags.AA for answer in found)


def test_case_and_the_final_dot_do_not_matter(sandbox: Sandbox) -> None:
    assert texts(query(sandbox, "GALERIE.Nord.Test.", "A")) == {"192.0.2.10"}


def test_mail_domains_name_the_mail_server(sandbox: Sandbox) -> None:
    for domain in MAIL_DOMAINS:
        assert texts(query(sandbox, domain, "MX")) == {f"10 {MAIL_NAME}."}


def test_a_name_without_the_type_is_an_empty_answer_with_the_soa(sandbox: Sandbox) -> None:
    answer = query(sandbox, "images.nord.test", "AAAA")
    assert answer.rcode() == dns.rcode.NOERROR
    assert not answer.answer
    assert answer.authority[0].rdtype == dns.rdatatype.SOA


@pytest.mark.parametrize("name", ["nowhere.test", "example.org", "nord.test.evil"])
def test_any_other_name_does_not_exist(sandbox: Sandbox, name: str) -> None:
    assert query(sandbox, name, "A").rcode() == dns.rcode.NXDOMAIN


def test_an_address_leads_back_to_its_name(sandbox: Sandbox) -> None:
    for address in ("192.0.2.10", "2001:db8:1::10"):
        name = dns.reversename.from_address(address).to_text()
        assert texts(query(sandbox, name, "PTR")) == {"galerie.nord.test."}


def test_nonsense_is_ignored_and_the_server_lives_on(sandbox: Sandbox) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for junk in (b"", b"\x00", b"\xff" * 40, b"\x00" * 12):
            sock.sendto(junk, sandbox.ports["dns"].address)
    assert texts(query(sandbox, "forum.loire.test", "A")) == {"198.51.100.10"}
