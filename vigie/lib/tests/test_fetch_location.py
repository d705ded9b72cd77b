"""Reading an address as a browser does."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vigie.lib.fetch import Egress, FetchFailed, Limits, Outcome, fetch, resolve
from vigie.lib.fetch.location import MAX_URL_CHARACTERS, Location

# Nothing here can be resolved or connected to: the sandbox has no name server and no port.
NOWHERE = Egress(nameservers=(), sandbox={"192.0.2.10": {}})
URLISH = st.text(alphabet="htps:/\\@[]%#?.0123456789abxfAX-_ \t\r\n\0éß①。‮\ud800", max_size=60)
HTTPISH = st.builds(str.__add__, st.sampled_from(["http://", "https:", "http:/\\"]), URLISH)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTP://Example.TEST:80/a/../b", "http://example.test/b"),
        ("https://example.test:443", "https://example.test/"),
        ("http:/\\example.test\\a", "http://example.test/a"),
        ("http://user:secret@example.test/", "http://example.test/"),
        ("http://example.test/a#fragment", "http://example.test/a"),
        ("http://example.test/a\r\nX-Injected: yes", "http://example.test/aX-Injected:%20yes"),
        ("http://example.test/a%0d%0aX: y", "http://example.test/a%0d%0aX:%20y"),
        ("http://example.test/\x00", "http://example.test/"),
        ("http://example.test/\x00a", "http://example.test/%00a"),
        ("  http://example.test/a b ", "http://example.test/a%20b"),
        ("http://faß.test/", "http://xn--fa-hia.test/"),
        ("http://bücher.test./", "http://xn--bcher-kva.test./"),
        ("http://EXAMPLE。test/", "http://example.test/"),
        ("http://[2001:DB8::0:10]:8080/", "http://[2001:db8::10]:8080/"),
        ("http://017700000001/", "http://127.0.0.1/"),
    ],
)
def test_an_address_has_one_spelling(text: str, url: str) -> None:
    assert Location.read(text).url == url


def test_a_location_is_taken_apart() -> None:
    location = Location.read("https://u:p@[2001:db8::10]:8443/a?b=c#d")
    assert location == Location(
        url="https://[2001:db8::10]:8443/a?b=c",
        secure=True,
        host="2001:db8::10",
        port=8443,
        authority="[2001:db8::10]:8443",
        target="/a?b=c",
    )


def test_an_address_that_grows_too_long_is_bad() -> None:
    with pytest.raises(FetchFailed) as failed:
        Location.read("http://example.test/" + "é" * (MAX_URL_CHARACTERS // 2))
    assert failed.value.outcome is Outcome.BAD_URL


@given(URLISH | HTTPISH | st.text())
@example("http://\ud800/")
@example("http://a..b/")
@example("http://" + "a" * 300 + "/")
@example("http://xn--/")
def test_no_text_makes_a_fetch_raise(text: str) -> None:
    fetched = fetch(text, NOWHERE, Limits(total_seconds=60))
    assert fetched.outcome not in (Outcome.OK, Outcome.TIMED_OUT)
    assert fetched.ip is None


@given(HTTPISH)
def test_what_is_read_again_stays_the_same(text: str) -> None:
    try:
        location = Location.read(text)
    except FetchFailed:
        return
    assert Location.read(location.url) == location
    sent = location.authority + location.target
    assert all("!" <= character <= "~" for character in sent)


@given(URLISH | st.text())
def test_no_text_makes_a_look_up_raise_anything_else(text: str) -> None:
    try:
        addresses = resolve(text, NOWHERE, time.monotonic() + 60)
    except FetchFailed as failed:
        assert failed.outcome in (Outcome.NO_SUCH_NAME, Outcome.DNS_FAILED)
    else:
        assert addresses
