"""Accounts and invitations: however somebody writes one, it is one; two that differ stay two."""

import pytest
from hypothesis import example, given, settings

from tests.environment import THOROUGH
from vigie.items.locators import Kind, parse
from vigie.items.tests.texts import ACCOUNTS, TEXTS

pytestmark = pytest.mark.pure
ONE = {
    "telegram:foo": [
        "t.me/foo", "https://t.me/s/foo", "T.me/FOO", "http://t.me/Foo/", "telegram.me/foo",
        "https://t.me/@foo", "https://t.me/s/foo?before=120", "foo.t.me", "Telegram @foo",
        "@Foo on Telegram.", "telegram: @FOO", "Telegram:foo", "telegram:@foo", "see (t.me/foo)",
        "Telegram : Foo", "on telegram, @foo.",
    ],
    "telegram:foo/12": ["t.me/foo/12", "https://t.me/s/Foo/12", "t.me/FOO/12?single"],
    "telegram:foo_bot?start=AbC": ["t.me/Foo_Bot?start=AbC", "https://t.me/foo_bot/?start=AbC"],
    "telegram:+AbC": ["t.me/joinchat/AbC", "https://t.me/+AbC", "telegram.me/joinchat/AbC"],
    "telegram:c/1234/56": ["t.me/c/1234/56"],
    "whatsapp:3200000000": ["https://wa.me/3200000000", "wa.me/+3200000000?text=hello"],
    "whatsapp:invite/AbC": ["chat.whatsapp.com/AbC", "https://chat.whatsapp.com/invite/AbC"],
    "discord:invite/AbC": ["https://discord.gg/AbC", "discord.com/invite/AbC",
                           "discordapp.com/invite/AbC?event=1"],
    "discord:abc": ["Discord @AbC", "discord: abc"],
    "messenger:some.name": ["https://m.me/Some.Name", "m.me/some.name?ref=x"],
    "messenger:j/AbC": ["m.me/j/AbC/"],
    "signal:#CjQKIA": ["https://signal.group/#CjQKIA"],
    "signal:#p/+3200000000": ["https://signal.me/#p/+3200000000"],
    "snapchat:name": ["snapchat: Name", "Snapchat @name"],
    "?:@some.name": ["@Some.Name", "look at @some.name."],
}  # fmt: skip
APART = [
    *("t.me/+AbC", "t.me/+abc", "t.me/abc", "t.me/abc/1", "t.me/abc?start=x", "@abc"),
    *("discord.gg/AbC", "discord.gg/abc", "Discord @abc"),
    *("chat.whatsapp.com/AbC", "WhatsApp @abc"),
]
PAGES = [
    "https://discord.com/terms",
    "https://discord.com/",
    "https://discord.com/channels/12/34",
    "https://t.me/addstickers/Name",
    "https://t.me/share/url?url=x",
    "https://t.me/",
    "https://signal.me/x",
    "https://t.me.example.test/foo",
]


@pytest.mark.parametrize(
    ("text", "canonical"), [(text, canonical) for canonical, texts in ONE.items() for text in texts]
)
def test_one_account_has_one_spelling(text, canonical):
    (locator,) = parse(text)
    assert (locator.kind, locator.canonical) == (Kind.ACCOUNT, canonical)


@pytest.mark.parametrize("canonical", ONE)
def test_a_spelling_read_again_is_itself(canonical):
    assert [locator.canonical for locator in parse(canonical)] == [canonical]


def test_what_differs_stays_apart():
    spelled = [locator.canonical for text in APART for locator in parse(text)]
    assert len(set(spelled)) == len(APART)


@pytest.mark.parametrize("address", PAGES)
def test_what_is_neither_account_nor_invitation_is_a_page(address):
    (locator,) = parse(address)
    assert (locator.kind, locator.canonical) == (Kind.WEB, address)


@settings(deadline=None, derandomize=True, max_examples=600 if THOROUGH else 200)
@given(ACCOUNTS)
@example("telegram some.Name")
@example("Telegram @some.name")
@example("instagramİx")
@example("@İx")
def test_an_account_read_again_is_itself(text):
    for locator in parse(text):
        if locator.kind == Kind.ACCOUNT:
            (again,) = parse(locator.canonical)
            assert (again.kind, again.canonical) == (locator.kind, locator.canonical)


@settings(deadline=None, derandomize=True, max_examples=600 if THOROUGH else 200)
@given(TEXTS)
@example("a [\n.\n] test")
@example("a\nb\0 c")
def test_a_description_read_again_is_itself(text):
    for locator in parse(text):
        if locator.kind == Kind.DESCRIPTION:
            assert parse(locator.canonical) == [locator]
