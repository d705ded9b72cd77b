"""What people paste, and the place that is understood. The identity of an item hangs on it.

Two texts that mean one place have one canonical form; reading a canonical form again changes
nothing; and no text whatever makes the reading fail, because a report must never be refused.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.environment import THOROUGH
from vigie.items import keys
from vigie.items.locators import Kind, parse, registered_domain
from vigie.items.tests.texts import ONION, TEXTS

pytestmark = pytest.mark.pure
SHA1 = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a"
BASE32 = "YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK"
MAGNET = f"magnet:?xt=urn:btih:{SHA1}"
PLACES = [
    # --- an address, as a browser would send it
    ("https://a.test/x", "web https://a.test/x"),
    ("HTTPS://A.TEST/Path?Q=1", "web https://a.test/Path?Q=1"),
    ("https://a.test", "web https://a.test/"),
    ("http://a.test:80/x", "web http://a.test/x"),
    ("https://a.test:8443/x", "web https://a.test:8443/x"),
    ("https://a.test/u/../b", "web https://a.test/b"),
    ("https://a.test\\x", "web https://a.test/x"),
    ("http://münchen.example.test/ü", "web http://xn--mnchen-3ya.example.test/%C3%BC"),
    ("http://xn--mnchen-3ya.example.test/%C3%BC", "web http://xn--mnchen-3ya.example.test/%C3%BC"),
    ("http://faß.example.test/", "web http://xn--fa-hia.example.test/"),
    ("http://exa\u00admple.test/", "web http://example.test/"),
    ("http://[2001:DB8::1]:8080/x", "web http://[2001:db8::1]:8080/x"),
    ("http://192.0.2.7/x", "web http://192.0.2.7/x"),
    ("http://0300.0.2.7/x", "web http://192.0.2.7/x"),
    # --- what names the visit and not the place is left out
    ("https://user:word@a.test/x", "web https://a.test/x"),
    ("https://a.test/x#part", "web https://a.test/x"),
    ("https://a.test/?q=1#part", "web https://a.test/?q=1"),
    # --- but a fragment that is the place is kept
    ("https://a.test/#room", "web https://a.test/#room"),
    (
        "https://matrix.example.test/#/#room:a.test",
        "web https://matrix.example.test/#/#room:a.test",
    ),
    ("https://a.test/app/#/albums/7", "web https://a.test/app/#/albums/7"),
    ("https://a.test/app#!/albums/7", "web https://a.test/app#!/albums/7"),
    ("https://mega.nz/folder/AbC#Key", "web https://mega.nz/folder/AbC#Key"),
    ("https://a.test/?utm_source=m&id=2&FBCLID=x&gclid=y", "web https://a.test/?id=2"),
    ("https://a.test/?utm_source=m", "web https://a.test/"),
    ("https://a.test/?b=%41&a=+&a", "web https://a.test/?b=%41&a=+&a"),
    # --- written so that nobody opens it by mistake
    ("hxxps://bad[.]example[.]test/a", "web https://bad.example.test/a"),
    ("hXXp://bad.example.test/a", "web http://bad.example.test/a"),
    ("h**p://a.test/x", "web http://a.test/x"),
    ("http[:]//a.test/x", "web http://a.test/x"),
    ("bad (dot) example {dot} test/x", "web http://bad.example.test/x"),
    ("bad[punt]example[point]test", "web http://bad.example.test/"),
    ("https:a.test/x", "web https://a.test/x"),
    ("https:/a.test/x", "web https://a.test/x"),
    ("http:\\\\a.test\\x", "web http://a.test/x"),
    # --- an address in an address, and signs that only end it once something was left out
    ("https://a.test/web/https:///b.test", "web https://a.test/web/https:///b.test"),
    ("hxxp://a.test/web/hxxp://b.test/", "web http://a.test/web/http://b.test/"),
    ("http://a.test////http://////b.test/", "web http://a.test////http://////b.test/"),
    ("https://a.test/x!?utm_a=b", "web https://a.test/x"),
    ("a.test/x?utm_a&?utm_b&c=d", "web http://a.test/x??utm_b&c=d"),
    ("http://a.test/\ud800", "web http://a.test/%EF%BF%BD"),
    # --- without a scheme
    ("example.test/page", "web http://example.test/page"),
    ("//a.test/x", "web http://a.test/x"),
    ("www.example.test:8080?q=1", "web http://www.example.test:8080/?q=1"),
    ("a.test.", "web http://a.test/"),
    ("http://a.test./x", "web http://a.test/x"),
    ("http://a.7../x", "web http://a.7../x"),
    ("192.0.2.7/x", "web http://192.0.2.7/x"),
    ("192.0.2.7:8080", "web http://192.0.2.7:8080/"),
    # --- inside other signs
    ("look (https://a.test/x).", "web https://a.test/x"),
    ("[here](https://a.test/x)", "web https://a.test/x"),
    ('he said "https://a.test/x", twice', "web https://a.test/x"),
    ("« https://a.test/x »", "web https://a.test/x"),
    ("<https://a.test/x>!", "web https://a.test/x"),
    ("'https://a.test/x'", "web https://a.test/x"),
    ("https://a.test/wiki/Name_(x)", "web https://a.test/wiki/Name_(x)"),
    ("Link:https://a.test/x;", "web https://a.test/x"),
    ("**https://a.test/x**", "web https://a.test/x"),
    ("\u2068http://a.test/x\u2069", "web http://a.test/x"),
    ("http://a.test/x\u200b", "web http://a.test/x"),
    ("\u202aa.test/x\u202c.", "web http://a.test/x"),
    ("هل رأيت http://a.test/x؟", "web http://a.test/x"),
    ("http://a.test/x。", "web http://a.test/x"),
    ("「http://a.test/x」", "web http://a.test/x"),
    ("http://a.test/\u0645\u06cc\u200c\u062e", "web http://a.test/%D9%85%DB%8C%E2%80%8C%D8%AE"),
    ("(see http://a.test/(1))", "web http://a.test/(1)"),
    ("(http://a.test/((1)))).", "web http://a.test/((1))"),
    ("\u2068Snapchat: Name\u2069", "account snapchat:name"),
    ("`https://a.test/x`", "web https://a.test/x"),
    ("\u202ehttps://a.test/x", "web https://a.test/x"),
    ("انظر https://a.test/x هنا", "web https://a.test/x"),
    # --- onion, with and without a scheme
    (f"http://{ONION}.onion/a", f"onion http://{ONION}.onion/a"),
    (f"{ONION.upper()}.ONION/a", f"onion http://{ONION}.onion/a"),
    # --- messengers and accounts
    ("https://t.me", "web https://t.me/"),
    ("@Some.Name", "account ?:@some.name"),
    ("Twitch and more", "account twitch and more"),
    # --- shared by hash, whatever the name and the trackers, and however the hash is written
    (f"magnet:?xt=urn:btih:{SHA1}&dn=x&tr=http://tracker.test/a", f"description {MAGNET}"),
    (f"MAGNET:?dn=x&xt=urn%3Abtih%3A{SHA1.upper()}.", f"description {MAGNET}"),
    (f"magnet:?xt=urn:btih:{BASE32}", f"description {MAGNET}"),
    ("magnet:?dn=x", "description magnet:?dn=x"),
    # --- what is no place of ours to visit
    ("snap: name", "description snap: name"),
    ("javascript:alert(1)", "description javascript:alert(1)"),
    ("data:text/html,x", "description data:text/html,x"),
    ("mailto:somebody@a.test", "description mailto:somebody@a.test"),
    ("somebody@a.test", "description somebody@a.test"),
    ("photo.jpg", "description photo.jpg"),
    ("a man  in\tthe park\n behind us", "description a man in the park behind us"),
    ("http://", "description http://"),
    ("https://[not]an address", "description https://[not]an address"),
]
SEVERAL = [
    ("https://a.test/1 https://a.test/2", ["https://a.test/1", "https://a.test/2"]),
    ("https://a.test/1\r\n\r\nb.test\u2028c.test", ["https://a.test/1", "http://b.test/", "http://c.test/"]),
    ("https://a.test/1\nHTTPS://A.test/1#x", ["https://a.test/1"]),
    ("http://a.test/1、http://b.test/2", ["http://a.test/1", "http://b.test/2"]),
    ("http://a.test/1،http://b.test/2؛", ["http://a.test/1", "http://b.test/2"]),
    ("b.test https://a.test/1", ["https://a.test/1", "http://b.test/"]),
    ("instagram: @one and @two", ["instagram:one", "instagram:two"]),
    ("https://www.instagram.com/one @one", ["https://www.instagram.com/one", "instagram:one"]),
]  # fmt: skip
NOTHING = ["", " ", "\n\n \t", "\0", "\0\n\0", "\u2028"]


@pytest.mark.parametrize(("text", "understood"), PLACES)
def test_one_place_is_understood(text, understood):
    (locator,) = parse(text)
    assert f"{locator.kind} {locator.canonical}" == understood


@pytest.mark.parametrize(("text", "canonical"), SEVERAL)
def test_several_places_are_each_found_once(text, canonical):
    assert [locator.canonical for locator in parse(text)] == canonical


@pytest.mark.parametrize("text", NOTHING)
def test_blank_is_no_place(text):
    assert parse(text) == []


@pytest.mark.parametrize(
    ("text", "hint", "kind"),
    [
        ("some name", "account", Kind.ACCOUNT),
        ("some game", "app", Kind.APP),
        ("some words", "web", Kind.DESCRIPTION),
        ("some words", "never heard of", Kind.DESCRIPTION),
        ("https://a.test/", "app", Kind.WEB),
    ],
)
def test_what_the_person_chose_decides_only_where_the_text_does_not(text, hint, kind):
    assert [locator.kind for locator in parse(text, hint)] == [kind]


def test_a_nul_ends_an_address_and_is_in_none():
    assert [locator.canonical for locator in parse("https://a.test/\0b")] == ["https://a.test/"]


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.test", "example.test"),
        ("co.uk", "co.uk"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("", ""),
    ],
)
def test_what_is_registered(host, domain):
    assert registered_domain(host) == domain


@settings(deadline=None, derandomize=True, max_examples=400 if THOROUGH else 150)
@given(TEXTS, st.sampled_from(["", "web", "onion", "account", "app", "other", "x"]))
@example("http://\ud800.test/", "")
@example("http://a.test:99999/", "")
@example("http://xn--/", "")
def test_no_text_is_refused_and_none_is_lost(text, hint):
    found = parse(text, hint)
    assert bool(found) == bool(text.replace("\0", " ").split())
    names = [(locator.kind, locator.canonical) for locator in found]
    assert len(set(names)) == len(names)
    for locator in found:
        assert locator.kind in set(Kind) and len(locator.kind) <= 12
        assert "\0" not in locator.canonical + locator.domain


@settings(deadline=None, derandomize=True, max_examples=400 if THOROUGH else 150)
@given(TEXTS)
@example("http://a.test/x?utm_a&utm_b")
@example("http://a.test/x)")
@example("bad[.]test/(dot)/%5B.%5D")
def test_a_canonical_address_read_again_is_itself(text):
    for locator in parse(text):
        if locator.kind in (Kind.WEB, Kind.ONION):
            (again,) = parse(locator.canonical)
            assert (again.kind, again.canonical) == (locator.kind, locator.canonical)
            assert again.domain == locator.domain


@settings(deadline=None, derandomize=True, max_examples=50)
@given(TEXTS)
def test_whatever_was_understood_can_be_sealed_and_searched_by(text):
    for locator in parse(text):
        assert keys.opened(keys.sealed(locator.canonical)) == locator.canonical
        assert len(keys.locator_hash(locator.kind, locator.canonical)) == 32
        assert len(keys.domain_hash(locator.domain)) == 32


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [
        ("tg://resolve?domain=some_name&post=3", "https://t.me/some_name"),
        ("tg://join?invite=AbCd-12", "https://t.me/+AbCd-12"),
        ("whatsapp://chat?code=AbCd12", "https://chat.whatsapp.com/AbCd12"),
    ],
)
def test_a_link_that_only_an_app_understands_is_the_place_it_opens(typed, same_as):
    assert parse(typed) == parse(same_as)


@pytest.mark.parametrize("typed", ["file:///etc/passwd", "tg://settings", "gopher://a/b"])
def test_what_no_browser_opens_is_no_address(typed):
    assert [one.kind for one in parse(typed)] == [Kind.DESCRIPTION]


def test_addresses_without_room_between_them_are_several():
    found = parse("http://a.test/1,http://b.test/2;hxxps://c.test/3")
    assert [one.canonical for one in found] == [
        "http://a.test/1",
        "http://b.test/2",
        "https://c.test/3",
    ]
