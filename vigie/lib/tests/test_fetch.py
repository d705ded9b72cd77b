"""An ordinary look: what is sent, what comes back, and how TLS is judged."""

import socket
import ssl
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from vigie.lib.fetch import Egress, Fetched, Hop, Limits, Outcome, connect, fetch
from vigie.lib.tests.hostile_server import Website, World

LIMITS = Limits(total_seconds=60, connect_seconds=30)
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hostile.test")])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of hostile.test that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hostile.test")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(built.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture(scope="module")
def told() -> list[str | None]:
    """The names that clients have sent in the clear (SNI)."""
    return []


@pytest.fixture(scope="module")
def tls(certificate: Path, told: list[str | None]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _talk, name, _context: told.append(name)
    return context


@pytest.fixture(scope="module")
def world(tls: ssl.SSLContext) -> Iterator[World]:
    with World(tls) as world:
        world.names.say("other.test", "A", ("A 192.0.2.10",))
        yield world
        assert world.hits() == 0
        assert world.strayed() == []


def look(world: World, url: str, *, verify_tls: bool = False, follow: bool = True) -> Fetched:
    return fetch(url, world.egress, LIMITS, verify_tls=verify_tls, follow=follow)


def test_an_answer_is_told_whole(world: World) -> None:
    fetched = look(world, "http://u:p@hostile.test/fine?x=1#y")
    assert fetched.outcome is Outcome.OK
    assert fetched.url == "http://hostile.test/fine?x=1"
    assert (fetched.status, fetched.body, fetched.ip) == (200, b"hello", "192.0.2.10")
    assert fetched.content_type == "text/plain; charset=utf-8"
    assert fetched.hops == (Hop("http://hostile.test/fine?x=1", "192.0.2.10", 200),)
    assert fetched.tls_verified is None
    assert fetched.raw_bytes > 5
    assert fetched.seconds >= 0


def test_an_error_page_is_an_answer(world: World) -> None:
    gone, unknown = look(world, "http://hostile.test/gone"), look(world, "http://hostile.test/")
    assert (gone.outcome, gone.status, gone.body) == (Outcome.OK, 410, b"removed")
    assert (unknown.outcome, unknown.status) == (Outcome.OK, 404)


def test_a_body_stays_out_of_a_log(world: World) -> None:
    assert "hello" not in repr(look(world, "http://hostile.test/fine"))


def test_nothing_personal_is_sent(world: World) -> None:
    world.site.heads.clear()
    look(world, "http://user:secret@hostile.test:80/fine")
    head = world.site.heads[-1]
    assert head.startswith("GET /fine HTTP/1.1\r\nHost: hostile.test\r\n")
    assert "Mozilla/5.0" in head
    assert "Accept-Encoding: gzip, deflate\r\n" in head
    assert "Connection: close\r\n" in head
    for absent in ("cookie", "referer", "authorization", "secret", "python"):
        assert absent not in head.lower()


def test_neither_cookie_nor_referrer_nor_credentials_travel_on(world: World) -> None:
    world.site.heads.clear()
    fetched = look(world, "http://user:secret@hostile.test/cookie")
    assert [hop.status for hop in fetched.hops] == [302, 200]
    for absent in ("cookie:", "referer:", "authorization:", "secret"):
        assert absent not in world.site.heads[-1].lower()
    onward = quote("http://user:secret@other.test/fine")
    fetched = look(world, f"http://hostile.test/to?{onward}")
    assert (fetched.outcome, fetched.url) == (Outcome.OK, "http://other.test/fine")
    assert "authorization:" not in world.site.heads[-1].lower()


def test_the_caller_says_what_it_accepts(world: World) -> None:
    fetch("http://hostile.test/fine", world.egress, LIMITS, accept="application/rdap+json")
    assert "Accept: application/rdap+json\r\n" in world.site.heads[-1]


def test_a_line_break_in_an_address_adds_no_header(world: World) -> None:
    look(world, "http://hostile.test/fine\r\nX-Injected: yes")
    assert world.site.heads[-1].startswith("GET /fineX-Injected:%20yes HTTP/1.1\r\n")
    look(world, "http://hostile.test/fine%0d%0aX-Injected:yes")
    assert "\r\nX-Injected" not in world.site.heads[-1]
    fetched = look(world, "http://hostile.test/split-location")
    assert fetched.outcome is Outcome.OK
    assert "X-Injected" not in world.site.heads[-1]


def test_an_address_with_slashes_the_wrong_way_goes_where_a_browser_goes(world: World) -> None:
    assert look(world, "http:/\\hostile.test\\fine").body == b"hello"


def test_the_body_of_a_redirect_is_not_read_but_if_it_is_not_followed(world: World) -> None:
    fetched = look(world, "http://hostile.test/cookie", follow=False)
    assert (fetched.outcome, fetched.status, fetched.body) == (Outcome.OK, 302, b"not to be read")
    assert len(fetched.hops) == 1


def test_a_redirect_that_leads_nowhere_is_an_answer(world: World) -> None:
    fetched = look(world, "http://hostile.test/no-location")
    assert (fetched.outcome, fetched.status, fetched.body) == (Outcome.OK, 302, b"odd")


def test_the_last_redirect_allowed_is_followed(world: World) -> None:
    once = Limits(redirects=1, total_seconds=60)
    assert fetch("http://hostile.test/cookie", world.egress, once).outcome is Outcome.OK
    never = Limits(redirects=0, total_seconds=60)
    fetched = fetch("http://hostile.test/cookie", world.egress, never)
    assert (fetched.outcome, fetched.status) == (Outcome.TOO_MANY_REDIRECTS, 302)


@pytest.mark.parametrize("scene", ["gzip", "gzip-twice"])
def test_a_compressed_body_is_unfolded(world: World, scene: str) -> None:
    assert look(world, f"http://hostile.test/{scene}").body == b"hello"


def test_a_body_ends_where_its_length_says(world: World) -> None:
    assert look(world, "http://hostile.test/length-too-short").body == b"he"


def test_an_ipv6_address_and_a_port_are_understood(world: World) -> None:
    fetched = look(world, "http://[2001:DB8::10]:8080/fine")
    assert (fetched.outcome, fetched.ip) == (Outcome.OK, "2001:db8::10")
    assert "\r\nHost: [2001:db8::10]:8080\r\n" in world.site.heads[-1]


def test_a_name_in_another_script_is_asked_for_in_ascii(world: World) -> None:
    world.names.say("xn--bcher-kva.test", "A", ("A 192.0.2.10",))
    fetched = look(world, "http://bücher.test/fine")
    assert (fetched.outcome, fetched.url) == (Outcome.OK, "http://xn--bcher-kva.test/fine")
    assert "\r\nHost: xn--bcher-kva.test\r\n" in world.site.heads[-1]


def test_the_next_address_is_tried_when_one_is_dead(world: World) -> None:
    world.names.say("spread.test", "A", ("A 192.0.2.12",))
    world.names.say("spread.test", "AAAA", ("AAAA 2001:db8::10",))
    fetched = look(world, "http://spread.test/fine")
    assert (fetched.outcome, fetched.ip) == (Outcome.OK, "2001:db8::10")


def test_a_trailing_dot_is_a_name_too(world: World) -> None:
    assert look(world, "http://hostile.test./fine").body == b"hello"
    assert look(world, "https://hostile.test./fine").body == b"hello"


def test_the_environments_proxies_are_not_trusted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{world.forbidden_port}")
    assert look(world, "http://hostile.test/fine").outcome is Outcome.OK


def test_a_certificate_that_nobody_vouches_for_is_read_past(
    world: World, told: list[str | None]
) -> None:
    fetched = look(world, "https://hostile.test/fine")
    assert (fetched.outcome, fetched.body, fetched.tls_verified) == (Outcome.OK, b"hello", None)
    assert told[-1] == "hostile.test"


def test_a_certificate_that_nobody_vouches_for_fails_when_it_matters(world: World) -> None:
    heads = len(world.secure_site.heads)
    fetched = look(world, "https://hostile.test/fine", verify_tls=True)
    assert (fetched.outcome, fetched.tls_verified) == (Outcome.TLS_FAILED, False)
    assert len(world.secure_site.heads) == heads


def test_a_certificate_that_is_trusted_is_said_to_be(
    world: World, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(connect, "_context", connect._context.__wrapped__)
    fetched = look(world, "https://hostile.test/fine", verify_tls=True)
    assert (fetched.outcome, fetched.tls_verified) == (Outcome.OK, True)
    other = look(world, "https://other.test/fine", verify_tls=True)
    assert (other.outcome, other.tls_verified) == (Outcome.TLS_FAILED, False)


def test_a_number_is_never_sent_as_a_name(world: World, told: list[str | None]) -> None:
    assert look(world, "https://192.0.2.10/fine").outcome is Outcome.OK
    assert told[-1] is None


def test_an_old_servers_tls_is_good_enough_to_look(world: World, certificate: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(certificate)
    old = Website(context)
    world.stand_ins.add(old.endpoint)
    egress = Egress(nameservers=(), sandbox={"192.0.2.20": {443: old.endpoint}})
    loose = fetch("https://192.0.2.20/fine", egress, LIMITS)
    strict = fetch("https://192.0.2.20/fine", egress, LIMITS, verify_tls=True)
    old.close()
    assert (loose.outcome, strict.outcome) == (Outcome.OK, Outcome.TLS_FAILED)


def test_the_systems_own_resolver_of_names_is_never_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connecting by name would ask it again, after the check."""

    def asked(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "getaddrinfo", asked)
    monkeypatch.setattr(socket, "gethostbyname", asked)
    assert look(world, "https://hostile.test/fine").outcome is Outcome.OK
