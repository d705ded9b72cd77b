"""What can be an e-mail address, and which two are the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vigie.campaign.newsletter.addresses import parse

pytestmark = pytest.mark.pure
LONGEST = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 57}.be"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("minou@aurore.test", "minou@aurore.test"),
        ("  Minou@Aurore.TEST \r\n", "Minou@aurore.test"),
        ("minou+chats@aurore.test", "minou+chats@aurore.test"),
        ("o'hara@aurore.test", "o'hara@aurore.test"),
        ("a_b-c.d=e@x-y.aurore.test", "a_b-c.d=e@x-y.aurore.test"),
        ("minou@straße.test", "minou@xn--strae-oqa.test"),
        ("minou@MÜNCHEN.test", "minou@xn--mnchen-3ya.test"),
        ("用户@例子.test", "用户@xn--fsqu00a.test"),
        ("ju\u0308rgen@aurore.test", "jürgen@aurore.test"),
        ("minou@aurore.test.", "minou@aurore.test"),
        (LONGEST, LONGEST),
    ],
)
def test_what_can_be_an_address_is_one(typed, written):
    assert str(parse(typed)) == written


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "@",
        "minou",
        "minou@",
        "@aurore.test",
        "minou@aurore",
        "minou@aurore..test",
        "minou@-aurore.test",
        "minou@.test",
        ".minou@aurore.test",
        "mi..nou@aurore.test",
        "mi nou@aurore.test",
        "minou@aurore.test, mimi@aurore.test",
        "Minou <minou@aurore.test>",
        '"mi nou"@aurore.test',
        "minou@[192.0.2.1]",
        "minou@192.0.2.1",
        "minou@mimi@aurore.test",
        "minou\0@aurore.test",
        "minou@aurore\0.test",
        "minou@aurore.test\nBcc: mimi@aurore.test",
        "minou@aurore.test\r\nSubject: other",
        "minou\u2028@aurore.test",
        "min\u202eou@aurore.test",
        "a" * 65 + "@aurore.test",
        "a" + LONGEST,
        "é" * 33 + "@aurore.test",
        "minou@" + "a" * 64 + ".test",
        "a" * 5_000_000,
        "@" * 5_000_000,
    ],
    ids=lambda typed: ascii(typed)[:30],
)
def test_what_cannot_be_an_address_is_none(typed):
    assert parse(typed) is None


def test_capitals_do_not_make_another_address_and_a_plus_does():
    assert parse("Minou@Aurore.test").canonical == parse("minou@aurore.test").canonical
    assert parse("minou+a@aurore.test").canonical != parse("minou@aurore.test").canonical


def test_many_addresses_with_a_plus_are_one_mailbox():
    mailboxes = {parse(f"Minou{tag}@aurore.test").mailbox for tag in ("", "+a", "+b+c")}
    assert mailboxes == {"minou@aurore.test"}


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=60).map(lambda text: f"{text[:20]}@{text[20:]}.test") | st.text())
def test_whatever_is_typed_an_address_is_one_line_and_stays_itself(typed):
    address = parse(typed)
    if address is not None:
        written = str(address)
        assert parse(written) == address
        assert len(written.splitlines()) == len(written.split()) == 1
        assert address.domain.isascii()
        assert written.count("@") == 1
