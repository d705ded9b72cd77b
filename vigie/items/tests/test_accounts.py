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
    "whatsapp:3200000000": ["https://wa.me/3200000000", "wa.me/+3200000000?text=hello",
                            "WhatsApp +32 000 000 00", "whatsapp: 0032 (000) 00-000"],
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


@pytest.mark.parametrize(
    ("line", "accounts"),
    [
        ("Instagram @a_one, Telegram @b_two", "instagram:a_one telegram:b_two"),
        ("Instagram @a_one Telegram @b_two", "instagram:a_one telegram:b_two"),
        ("Instagram: @a_one / Telegram: @b_two", "instagram:a_one telegram:b_two"),
        ("Instagram (@a_one) and Telegram (@b_two)", "instagram:a_one telegram:b_two"),
        ("@a_one on Instagram and @b_two on Telegram.", "instagram:a_one telegram:b_two"),
        ("@a_one sur Instagram @b_two sur Telegram", "instagram:a_one telegram:b_two"),
        ("@a_one Instagram @b_two Telegram", "instagram:a_one telegram:b_two"),
        ("@a_one (Instagram), @b_two (Telegram)", "instagram:a_one telegram:b_two"),
        ("on Telegram @a_one, auf TikTok @b_two", "telegram:a_one tiktok:b_two"),
        ("Telegram: https://t.me/+AbC and @a_one on Instagram", "telegram:+AbC instagram:a_one"),
        ("@a_one writes on Instagram and on Telegram", "?:@a_one"),
        ("on Instagram @a_one on Telegram", "?:@a_one"),
        ("Instagram @a_one and perhaps @b_two, or Telegram", "instagram:a_one ?:@b_two"),
        ("Telegram and perhaps @a_one and @b_two", "telegram:a_one telegram:b_two"),
        ("a session with @a_one", "?:@a_one"),
        ("a bad signal, but Signal: @a_one and @b_two", "signal:a_one signal:b_two"),
        ("@telegram", "?:@telegram"),
    ],
)
def test_of_several_platforms_each_name_has_the_one_beside_it(line, accounts):
    found = parse(line)
    assert {locator.kind for locator in found} == {Kind.ACCOUNT}
    assert [locator.canonical for locator in found] == accounts.split()


@pytest.mark.parametrize("hint", ["", "other"])
@pytest.mark.parametrize(
    "words",
    [
        "Lors d’une session de jeu en ligne, on m’a montré des images",
        "Il y a un bon signal dans la Gare du Nord",
        "Ein Mann im Zug, er sagte er sei auf Discord unterwegs",
        "Gaming session",
        "A man called Peter, in a group on WhatsApp",
    ],
)
def test_a_sentence_that_names_a_platform_stays_as_it_was_written(words, hint):
    (locator,) = parse(words, hint)
    assert (locator.kind, locator.canonical) == (Kind.DESCRIPTION, words)


def test_a_sentence_that_somebody_calls_an_account_keeps_its_capitals():
    words = "The group of Peter and Anna on WhatsApp"
    (locator,) = parse(words, "account")
    assert (locator.kind, locator.canonical) == (Kind.ACCOUNT, words)


@pytest.mark.parametrize(
    "name", ["Twitch Some Name", "Discord Kid#12", "Viber +32 470 00 00 00", "Signal +32 470 0"]
)
def test_a_platform_and_a_name_or_a_number_is_an_account(name):
    (locator,) = parse(name)
    assert (locator.kind, locator.canonical) == (Kind.ACCOUNT, name.casefold())


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
