"""The letters: two parts that say the same, one press to leave, nothing that counts."""

import re
from datetime import timedelta

import pytest

from vigie.campaign.newsletter import letters, tokens
from vigie.campaign.newsletter.editions import Words, begin_edition
from vigie.campaign.newsletter.forms import EditionForm
from vigie.campaign.newsletter.models import Delivery
from vigie.campaign.newsletter.prose import paragraphs
from vigie.campaign.newsletter.tests.support import (
    EDITOR,
    MINOU,
    TEXTS,
    an_approved_edition,
    ask_for,
    html,
    plain,
    readers,
    rounds,
    tokens_in,
)

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def letter(post):
    """An edition as it arrived."""
    readers(MINOU)
    an_approved_edition()
    rounds()
    (arrived,) = post.taken
    return arrived


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("fr", "Point de contact Aurore"),
        ("nl", "Meldpunt Aurora"),
        ("de", "Meldestelle Aurora"),
        ("en", "Aurora hotline"),
    ],
)
def test_it_is_wholly_in_the_reader_s_language(post, language, name):
    readers(MINOU, language=language)
    an_approved_edition()
    rounds()
    (arrived,) = post.taken
    assert arrived["From"] == f"{name} <newsletter@aurore.test>"
    assert arrived["Subject"] == TEXTS[language].subject
    assert arrived["Content-Language"] == language
    assert f"http://localhost:8400/{language}/report/" in plain(arrived)
    assert f'<html lang="{language}">' in html(arrived)


def test_text_and_html_say_the_same(letter):
    assert "voici https://aurore.test/fr/ pour vous." in plain(letter)
    page = html(letter)
    assert '<a href="https://aurore.test/fr/">https://aurore.test/fr/</a> pour vous.' in page
    links = set(re.findall(r"https?://\S+", plain(letter)))
    assert set(re.findall(r'href="([^"]+)"', page)) == links


def test_one_press_in_the_mail_program_is_enough_to_leave(letter):
    token = tokens_in(letter)["unsubscribe"]
    expected = f"<http://localhost:8400/fr/newsletter/unsubscribe/{token}/>"
    assert letter["List-Unsubscribe"] == expected
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Id"] == "<newsletter.aurore.test>"


def test_a_long_link_stays_whole_in_its_header(settings):
    settings.PUBLIC_URL = f"https://{'long.' * 30}aurore.test/"
    (reader,) = readers(MINOU)
    written = letters.edition(Delivery(edition=an_approved_edition(), subscriber=reader))
    lines = written.as_bytes().split(b"\n\n")[0].decode().splitlines()
    (header,) = [line for line in lines if line.startswith("List-Unsubscribe:")]
    token = tokens.leave_token(reader.address_hash)
    assert header.endswith(f"aurore.test/fr/newsletter/unsubscribe/{token}/>")


def test_nothing_in_it_counts_or_calls_out(letter):
    page = html(letter).lower()
    for piece in ("<img", "<script", "<link", "<iframe", "<object", "url(", "src=", "@import"):
        assert piece not in page
    places = re.findall(r"https?://([^/\s\"<]+)", page)
    assert set(places) == {"localhost:8400", "aurore.test"}
    own = [name for name in letter if name.lower().startswith(("x-", "return-receipt"))]
    assert own == []
    assert "disposition-notification-to" not in {name.lower() for name in letter}


def test_two_readers_letters_differ_by_their_links_to_leave_alone(post):
    readers(MINOU, "mimi@aurore.test")
    an_approved_edition()
    rounds()
    texts = set()
    for arrived in post.taken:
        token = tokens_in(arrived)["unsubscribe"]
        texts.add(plain(arrived).replace(token, "") + html(arrived).replace(token, ""))
    assert len(texts) == 1


def test_markup_in_a_text_is_text():
    shown = "".join(paragraphs('<b>x</b> & <a href="javascript:x">\n\nhttps://a.test/?a=1&b="2"'))
    assert "&lt;b&gt;x&lt;/b&gt; &amp; &lt;a href=" in shown
    assert '<a href="https://a.test/?a=1&amp;b=">' in shown
    assert shown.count("<a ") == 1


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("see https://a.test.", "https://a.test"),
        ("(https://a.test/x)", "https://a.test/x"),
        ("https://a.test/x?y=1#z, then", "https://a.test/x?y=1#z"),
        ("« https://a.test/é »", "https://a.test/é"),
    ],
)
def test_an_address_links_to_itself_without_the_sentence_s_signs(text, linked):
    assert re.findall(r'href="([^"]+)"', "".join(paragraphs(text))) == [linked]


def form_with(subject: str) -> EditionForm:
    return EditionForm({"version": 0, "subject_fr": subject, "body_fr": "x"})


@pytest.mark.parametrize(
    "typed",
    [
        "News\r\nBcc: mimi@aurore.test",
        "News\nBcc: mimi@aurore.test",
        "News\u2028Bcc: mimi@aurore.test",
        "News\x0bBcc: mimi@aurore.test",
        "News\x85Bcc: mimi@aurore.test",
    ],
)
def test_a_subject_of_several_lines_is_one_line_and_no_header(post, typed):
    form = form_with(typed)
    assert form.is_valid(), form.errors
    texts = {**TEXTS, "fr": Words(form.texts["fr"].subject, "Bonjour")}
    assert texts["fr"].subject == "News Bcc: mimi@aurore.test"
    (reader,) = readers(MINOU)
    written = letters.edition(Delivery(edition=begin_edition(texts, EDITOR), subscriber=reader))
    assert written["Bcc"] is None
    assert written["Subject"] == "News Bcc: mimi@aurore.test"
    letters_header = written.as_bytes().split(b"\n\n")[0]
    assert b"\nBcc" not in letters_header


def test_a_nul_byte_reaches_no_letter():
    form = form_with("Ne\0ws")
    assert form.is_valid()
    assert form.texts["fr"].subject == "News"
    assert not EditionForm({"version": 0, "body_fr": "x\0"}).is_valid()


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("minou@münchen.test", "minou@xn--mnchen-3ya.test"),
        ("minou+chats@aurore.test", "minou+chats@aurore.test"),
        ("o'hara=1@aurore.test", "o'hara=1@aurore.test"),
        (f"{'a' * 64}@{'b' * 63}.{'c' * 63}.test", f"{'a' * 64}@{'b' * 63}.{'c' * 63}.test"),
        ("用户@aurore.test", "用户@aurore.test"),
    ],
)
def test_unusual_addresses_get_their_letter(outside, typed, arrives):
    ask_for(typed)
    (letter,) = outside.mail()
    assert letter.recipients == (arrives,)
    head = letter.raw.split(b"\r\n\r\n")[0].decode()
    assert f"\r\nTo: {arrives}\r\n" in head


def test_the_date_and_the_name_are_there_and_a_machine_sent_it(letter):
    assert letter["Date"].datetime.utcoffset() == timedelta(0)
    assert re.fullmatch(r"<edition-[0-9a-f-]{36}@aurore\.test>", letter["Message-ID"])
    assert letter["Auto-Submitted"] == "auto-generated"
