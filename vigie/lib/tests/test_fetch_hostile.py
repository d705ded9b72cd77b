"""The table of hostile addresses: each one ends in its outcome, and the forbidden server never
hears of it. Run against the sandbox's way out and, where nothing is mapped, a production one."""

import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from vigie.lib.fetch import Limits, Outcome, fetch
from vigie.lib.fetch.exchange import READ_BYTES
from vigie.lib.tests.hostile_server import World

# Generous in time: only the drips below are meant to run out of it.
LIMITS = Limits(
    raw_bytes=300_000,
    body_bytes=200_000,
    header_bytes=16_384,
    redirects=5,
    total_seconds=60,
    connect_seconds=30,
)
IMPATIENT = Limits(raw_bytes=300_000, total_seconds=0.4, connect_seconds=0.3)

# PORT is the forbidden server's.
FORBIDDEN_URLS = (
    "http://127.0.0.1:PORT/",
    "http://localhost:PORT/",
    "http://LOCALHOST.:PORT/",
    "http://a.localhost:PORT/",
    "http://0x7f.1:PORT/",
    "http://2130706433:PORT/",
    "http://017700000001:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://127。0。0。1:PORT/",
    "http://127.1:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://%31%32%37.0.0.1:PORT/",
    "http://0:PORT/",
    "http://0.0.0.0:PORT/",
    "http://127.255.255.254:PORT/",
    "http://[::1]:PORT/",
    "http://[::]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::ffff:0:127.0.0.1]:PORT/",
    "http://[64:ff9b::7f00:1]:PORT/",
    "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2001:0:7f00:1::]:PORT/",
    "http://[2a00::5efe:127.0.0.1]:PORT/",
    "http://[fe80::1]:PORT/",
    "http://[fc00::1]:PORT/",
    "http://[fec0::1]:PORT/",
    "http://[ff02::1]:PORT/",
    "http://[fd00:ec2::254]/",
    "http://[::ffff:192.0.2.10]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://168.63.129.16/",
    "http://100.100.100.200/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "https://127.0.0.1:PORT/",
    "http://user:pass@127.0.0.1:PORT/",
    "http://hostile.test@127.0.0.1:PORT/",
    "http://hostile.test:80@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT\\@hostile.test/",
    "http:/\\127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT/",
    "ht\ntp://127.0.\r\n0.1:PORT/",
    "\x00\x1f http://127.0.0.1:PORT/",
    "http://hostile.test:0/",
    "http://hostile.test:25/",
)
OTHER_SCHEMES = (
    "file:///etc/passwd",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/_GET",
    "data:text/html,hello",
    "javascript:alert(1)",
    "ws://127.0.0.1:PORT/",
    "dict://127.0.0.1:PORT/",
    "unix:/run/socket",
    "hxxp://127.0.0.1:PORT/",
)
BAD_URLS = (
    "http://",
    "http://:80/",
    "http://user@/",
    "http://hostile.test:99999/",
    "http://hostile.test:-1/",
    "http://hostile.test:80a/",
    "http://%00/",
    "http://127.0.0.1%00.hostile.test:PORT/",
    "http://127.0.0.1\x00.hostile.test:PORT/",
    "http://hostile.test%0d%0a/",
    "http://host ile.test/",
    "http://1.2.3.4.5/",
    "http://256.0.0.1/",
    "http://[::1/",
    "http://[fe80::1%25lo]:PORT/",
    "http://[::ffff:127.0.0.1.]:PORT/",
    "http://hostile.test/" + "a" * 10_000,
)
BAD_TEXTS = ("", " ", "127.0.0.1:PORT", "//127.0.0.1:PORT/", "/fine", "\x00", "http://\ud800/")

# Answers, one after the other, to the questions about trap.test.
NAMES: dict[str, tuple[dict[str, list[tuple[str, ...]]], Outcome]] = {
    "private": ({"A": [("A 127.0.0.1",)]}, Outcome.REFUSED_ADDRESS),
    "metadata": ({"A": [("A 169.254.169.254",)]}, Outcome.REFUSED_ADDRESS),
    "one of several": ({"A": [("A 192.0.2.10", "A 127.0.0.1")]}, Outcome.REFUSED_ADDRESS),
    "the other family": (
        {"A": [("A 192.0.2.10",)], "AAAA": [("AAAA ::1",)]},
        Outcome.REFUSED_ADDRESS,
    ),
    "mapped": ({"AAAA": [("AAAA ::ffff:127.0.0.1",)]}, Outcome.REFUSED_ADDRESS),
    "mapped sandbox": ({"AAAA": [("AAAA ::ffff:192.0.2.10",)]}, Outcome.REFUSED_ADDRESS),
    "translated": ({"AAAA": [("AAAA 64:ff9b::7f00:1",)]}, Outcome.REFUSED_ADDRESS),
    "alias": ({"A": [("CNAME inner.test.", "A 127.0.0.1")]}, Outcome.REFUSED_ADDRESS),
    "aliases": (
        {"A": [("CNAME a.test.", "CNAME b.test.", "CNAME c.test.", "A 10.0.0.1")]},
        Outcome.REFUSED_ADDRESS,
    ),
    "alias loop": ({"A": [("CNAME a.test.", "CNAME trap.test.")]}, Outcome.DNS_FAILED),
    "alias to nothing": ({"A": [("CNAME a.test.",)]}, Outcome.NO_SUCH_NAME),
    "no address": ({"MX": [("A 127.0.0.1",)]}, Outcome.NO_SUCH_NAME),
    "unknown": ({}, Outcome.NO_SUCH_NAME),
    "failing": ({"A": [("SERVFAIL",)], "AAAA": [("SERVFAIL",)]}, Outcome.DNS_FAILED),
}

SCENES = {
    "further": Outcome.TOO_MANY_REDIRECTS,
    "to-long": Outcome.BAD_URL,
    "self": Outcome.REDIRECT_LOOP,
    "ping": Outcome.REDIRECT_LOOP,
    "gzip-bomb": Outcome.BOMB,
    "gzip-bomb-twice": Outcome.BOMB,
    "gzip-thrice": Outcome.BAD_ENCODING,
    "gzip-many": Outcome.BAD_ENCODING,
    "gzip-cut": Outcome.BAD_ENCODING,
    "gzip-not": Outcome.BAD_ENCODING,
    "brotli": Outcome.BAD_ENCODING,
    "endless-headers": Outcome.TOO_LARGE,
    "endless-continue": Outcome.TOO_LARGE,
    "endless-body": Outcome.TOO_LARGE,
    "endless-after-gzip": Outcome.TOO_LARGE,
    "endless-chunks": Outcome.TOO_LARGE,
    "endless-trailers": Outcome.TOO_LARGE,
    "endless-chunk-size": Outcome.TOO_LARGE,
    "huge-header": Outcome.TOO_LARGE,
    "large": Outcome.TOO_LARGE,
    "length-too-long": Outcome.BAD_RESPONSE,
    "length-negative": Outcome.BAD_RESPONSE,
    "length-endless": Outcome.BAD_RESPONSE,
    "length-twice": Outcome.BAD_RESPONSE,
    "malformed": Outcome.BAD_RESPONSE,
    "not-http": Outcome.BAD_RESPONSE,
    "closes": Outcome.BAD_RESPONSE,
    "switches": Outcome.BAD_RESPONSE,
    "nul-header": Outcome.BAD_RESPONSE,
    "bad-chunk": Outcome.BAD_RESPONSE,
    "other-transfer": Outcome.BAD_RESPONSE,
}
DRIPS = (
    "http://hostile.test/drip-status",
    "http://hostile.test/drip-headers",
    "http://hostile.test/drip-body",
    "http://hostile.test/drip-chunks",
    "http://hostile.test/drip-gzip",
    "http://hostile.test/silence",
    "http://192.0.2.13/",
    "https://192.0.2.14/",
)
DEAD_ENDS = {
    "http://192.0.2.12/": Outcome.CONNECT_FAILED,
    "http://192.0.2.10:8080/": Outcome.CONNECT_FAILED,
    "http://1.1.1.1/": Outcome.CONNECT_FAILED,
    "http://[2606:4700::1111]/": Outcome.CONNECT_FAILED,
    "https://192.0.2.11/": Outcome.TLS_FAILED,
    "http://192.0.2.99/": Outcome.REFUSED_ADDRESS,
    "http://abcdefghijklmnop.onion/": Outcome.NO_SUCH_NAME,
    "http://hostile..test/": Outcome.NO_SUCH_NAME,
    "http://.hostile.test/": Outcome.NO_SUCH_NAME,
    "http://" + "a" * 64 + ".test/": Outcome.NO_SUCH_NAME,
    "http://" + "a." * 130 + "test/": Outcome.NO_SUCH_NAME,
    "http://bücher.test/": Outcome.NO_SUCH_NAME,
}


@pytest.fixture(scope="module")
def running() -> Iterator[World]:
    with World() as world:
        yield world


@pytest.fixture
def world(running: World) -> Iterator[World]:
    """The module's world, with the one check that every row shares."""
    yield running
    assert running.hits() == 0
    assert running.strayed() == []


@pytest.mark.parametrize("sandboxed", [True, False])
@pytest.mark.parametrize("url", FORBIDDEN_URLS)
def test_a_forbidden_address_is_refused(world: World, url: str, sandboxed: bool) -> None:
    egress = world.egress if sandboxed else world.open_egress
    fetched = fetch(url.replace("PORT", str(world.forbidden_port)), egress, LIMITS)
    assert fetched.outcome is Outcome.REFUSED_ADDRESS
    assert (fetched.ip, fetched.status, fetched.body) == (None, None, b"")
    assert "pass" not in fetched.url


@pytest.mark.parametrize("url", OTHER_SCHEMES)
def test_other_schemes_are_refused(world: World, url: str) -> None:
    url = url.replace("PORT", str(world.forbidden_port))
    assert fetch(url, world.open_egress, LIMITS).outcome is Outcome.REFUSED_SCHEME


@pytest.mark.parametrize("url", BAD_URLS + BAD_TEXTS)
def test_what_is_no_address_is_bad(world: World, url: str) -> None:
    url = url.replace("PORT", str(world.forbidden_port))
    fetched = fetch(url, world.open_egress, LIMITS)
    assert fetched.outcome is Outcome.BAD_URL
    assert fetched.hops == ()


def redirected(world: World, location: str) -> Outcome:
    location = location.replace("PORT", str(world.forbidden_port))
    fetched = fetch(f"http://hostile.test/to?{quote(location)}", world.egress, LIMITS)
    assert fetched.hops[0].status == 302
    return fetched.outcome


# A header cannot hold these, so a redirect cannot say them.
IN_HEADERS = [url for url in FORBIDDEN_URLS if not set(url) & set("\x00\x1f\r\n")]


@pytest.mark.parametrize("url", IN_HEADERS)
def test_a_redirect_to_a_forbidden_address_is_refused(world: World, url: str) -> None:
    assert redirected(world, url) is Outcome.REFUSED_ADDRESS


@pytest.mark.parametrize("url", OTHER_SCHEMES)
def test_a_redirect_to_another_scheme_is_refused(world: World, url: str) -> None:
    assert redirected(world, url) is Outcome.REFUSED_SCHEME


@pytest.mark.parametrize("url", [url for url in BAD_URLS[:-1] if "\x00" not in url])
def test_a_redirect_to_no_address_is_bad(world: World, url: str) -> None:
    assert redirected(world, url) is Outcome.BAD_URL


@pytest.mark.parametrize("url", ["//127.0.0.1:PORT/", "/\\127.0.0.1:PORT/", "\\\\127.1:PORT/"])
def test_a_relative_redirect_cannot_hide_another_host(world: World, url: str) -> None:
    assert redirected(world, url) is Outcome.REFUSED_ADDRESS


@pytest.mark.parametrize("sandboxed", [True, False])
@pytest.mark.parametrize("case", NAMES)
def test_a_name_that_leads_astray(world: World, case: str, sandboxed: bool) -> None:
    answers, outcome = NAMES[case]
    for kind in ("A", "AAAA", "MX"):
        world.names.say("trap.test", kind, *answers.get(kind, []))
        if kind not in answers:
            del world.names.answers["trap.test", kind]
    egress = world.egress if sandboxed else world.open_egress
    fetched = fetch(f"http://trap.test:{world.forbidden_port}/", egress, LIMITS)
    assert fetched.outcome is outcome


def test_a_name_that_changes_its_mind_is_asked_only_once(world: World) -> None:
    world.names.say("rebind.test", "A", ("A 192.0.2.10",), ("A 127.0.0.1",))
    fetched = fetch("http://rebind.test/fine", world.egress, LIMITS)
    assert (fetched.outcome, fetched.ip, fetched.body) == (Outcome.OK, "192.0.2.10", b"hello")
    assert world.names.asked["rebind.test", "A"] == 1


def test_a_name_that_has_changed_its_mind_is_refused_at_the_next_hop(world: World) -> None:
    world.names.say("turn.test", "A", ("A 192.0.2.10",), ("A 127.0.0.1",))
    onward = f"http://turn.test:{world.forbidden_port}/"
    fetched = fetch(f"http://turn.test/to?{quote(onward)}", world.egress, LIMITS)
    assert fetched.outcome is Outcome.REFUSED_ADDRESS
    assert [(hop.ip, hop.status) for hop in fetched.hops] == [("192.0.2.10", 302), (None, None)]


@pytest.mark.parametrize("scene", SCENES)
def test_a_site_that_misbehaves(world: World, scene: str) -> None:
    fetched = fetch(f"http://hostile.test/{scene}", world.egress, LIMITS)
    assert fetched.outcome is SCENES[scene]
    assert fetched.body == b""
    assert fetched.raw_bytes <= LIMITS.raw_bytes + READ_BYTES


@pytest.mark.parametrize("scene", ["endless-headers", "endless-continue", "huge-header"])
def test_a_head_is_not_read_beyond_its_limit(world: World, scene: str) -> None:
    fetched = fetch(f"http://hostile.test/{scene}", world.egress, LIMITS)
    assert (fetched.outcome, fetched.status) == (Outcome.TOO_LARGE, None)
    assert fetched.raw_bytes <= LIMITS.header_bytes + READ_BYTES


@pytest.mark.parametrize("url", DRIPS)
def test_a_drip_runs_out_of_time(world: World, url: str) -> None:
    assert fetch(url, world.egress, IMPATIENT).outcome is Outcome.TIMED_OUT


def test_a_name_server_that_says_nothing_runs_out_of_time(world: World) -> None:
    world.names.say("mute.test", "A", ("SILENCE",))
    assert fetch("http://mute.test/", world.egress, IMPATIENT).outcome is Outcome.TIMED_OUT


@pytest.mark.parametrize("url", DEAD_ENDS)
def test_a_dead_end(world: World, url: str) -> None:
    assert fetch(url, world.egress, LIMITS).outcome is DEAD_ENDS[url]


def test_nobody_is_asked_about_onion_names_or_localhost(world: World) -> None:
    fetch("http://secret.onion/", world.egress, LIMITS)
    fetch("http://sub.localhost/", world.egress, LIMITS)
    names = {name for name, _kind in world.names.asked}
    assert not [name for name in names if name.endswith(("onion", "localhost"))]


def test_the_forbidden_server_does_count() -> None:
    """Nought proves nothing unless a visitor would have been counted."""
    with World() as world:
        for server in world.forbidden:
            with socket.create_connection(server.endpoint) as talk:
                assert talk.recv(65536).endswith(b"secret")
        assert world.hits() == len(world.forbidden)
        assert [place[1] for place in world.strayed()] == [
            server.endpoint[1] for server in world.forbidden
        ]
