"""What one answer of a host means, and several together.

Said gone too early, material stays and nobody looks again. So only a clear word counts: what a
broken, slow, refusing or hiding host says is never taken for a removal.
"""

import time

import pytest

from vigie.lib.fetch import Fetched, Outcome
from vigie.watch.verdict import LONGEST_REMOVAL_PAGE, Verdict, together, verdict_of

pytestmark = pytest.mark.pure
GONE, THERE, UNCLEAR = Verdict.GONE, Verdict.THERE, Verdict.UNCLEAR
HTML, PHRASE = "text/html; charset=utf-8", "This content has been removed"
OTHER_STATUS = [201, 204, 206, 301, 302, 304, 400, 401, 402, 403, 405, 408, 418, 423, 429, 451]
BROKEN = [500, 502, 503, 504, 521, 522, 530]


def answered(status=200, body="", kind=HTML, outcome=Outcome.OK):
    return Fetched(outcome, "http://x.test/", status, kind, body.encode(), None, (), 0, 0.0, None)


def page(words, more=""):
    return f"<!doctype html><html><body><h1>{words}</h1>{more}</body></html>"


@pytest.mark.parametrize("status", [404, 410])
def test_not_found_and_gone_are_gone(status):
    assert verdict_of(answered(status)) == GONE
    assert verdict_of(answered(status, page("Welcome"))) == GONE


@pytest.mark.parametrize("status", OTHER_STATUS + BROKEN)
def test_every_other_status_says_nothing(status):
    assert verdict_of(answered(status, page(PHRASE))) == UNCLEAR


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.OK])
@pytest.mark.parametrize("status", [None, 200, 404, 410])
def test_what_was_not_read_whole_says_nothing_even_after_a_404(outcome, status):
    assert verdict_of(answered(status, "", outcome=outcome)) == UNCLEAR


@pytest.mark.parametrize(
    "words",
    [
        "This content has been removed",
        "THIS IMAGE WAS DELETED",
        "The file has been permanently removed",
        "This account has been taken\n down",
        "This <b>page</b> has <i>been</i> removed",
        "Ce contenu a été supprimé",
        "Cette page a été retirée",
        "Dieser Inhalt wurde entfernt",
        "Der Inhalt wurde gelöscht",
        "Deze inhoud is verwijderd",
        "De inhoud werd verwijderd",
    ],
)
def test_a_short_page_that_says_so_is_gone_in_four_languages(words):
    assert verdict_of(answered(body=page(words))) == GONE


@pytest.mark.parametrize(
    "words",
    [
        "Welcome",
        "Content may be removed at any time",
        "Removed content",
        "Log in to see this page",
        "Ihr Konto ist gelöscht worden, wenn",
        "",
    ],
)
def test_a_page_that_does_not_say_so_is_there(words):
    assert verdict_of(answered(body=page(words))) == THERE


def test_the_phrase_does_not_count_beside_pictures():
    assert verdict_of(answered(body=page(PHRASE)), pictures_on_page=1) == THERE


WORDS = "Holidays by the sea, and what we saw there. " * 12


@pytest.mark.parametrize("tag", ["title", "h1", "h2", "H1", 'h2 class="a"'])
def test_the_phrase_in_the_headline_of_a_short_page_is_gone(tag):
    html = f"<html><{tag}>{PHRASE}</{tag.split()[0]}><p>{WORDS}</p>"
    assert verdict_of(answered(body=html)) == GONE


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>Forum</h1><p>{WORDS}</p><p>A visitor: {PHRASE}, but it is still here.</p>",
        f"<h3>{PHRASE}</h3><p>{WORDS}</p>",
        f"<h1>Forum</h1><!-- <h1>{PHRASE}</h1> --><p>{WORDS}</p>",
        f"<h1>Forum</h1><!-- <h1>{PHRASE}</h1><p>{WORDS}</p>",
        f"<script>var a = '<h1>{PHRASE}</h1>'</script><p>{WORDS}</p>",
        f"<template><h1>{PHRASE}</h1></template><p>{WORDS}</p>",
        f"<p>Welcome</p><!-- {PHRASE} -->",
    ],
    ids=["text", "small", "comment", "open comment", "script", "template", "comment alone"],
)
def test_the_phrase_anywhere_else_is_not(html):
    assert verdict_of(answered(body=f"<!doctype html><html><body>{html}")) == THERE


def test_the_phrase_alone_counts_without_a_headline_on_a_page_of_few_words_only():
    assert verdict_of(answered(body=f"<p>{PHRASE}</p>" + "a" * 300)) == GONE
    assert verdict_of(answered(body=f"<p>{PHRASE}</p>" + "a" * 400)) == THERE


@pytest.mark.parametrize(
    "tag",
    ["img src=x", "IMG", "video", "iframe src=x", "source src=x", "object", "embed", "picture",
     "frame", "canvas"],
)  # fmt: skip
def test_the_phrase_does_not_count_on_a_page_that_shows_something(tag):
    assert verdict_of(answered(body=page(PHRASE, f"<{tag}>"))) == THERE


@pytest.mark.parametrize("html", ["<h1>" * 4000, "<!--" * 5000, "<h1" * 6000, "<script>" * 2400])
def test_a_page_made_to_be_slow_to_read_is_read_in_time(html):
    begun = time.monotonic()
    assert verdict_of(answered(body=html)) == THERE
    assert time.monotonic() - begun < 5


def test_the_phrase_does_not_count_on_a_long_page():
    filler = "x" * LONGEST_REMOVAL_PAGE
    assert verdict_of(answered(body=page(PHRASE, filler))) == THERE
    exactly = filler[: -len(page(PHRASE))]
    assert verdict_of(answered(body=page(PHRASE, exactly))) == GONE


@pytest.mark.parametrize("kind", ["image/jpeg", "text/plain", "application/pdf", ""])
def test_the_phrase_counts_on_pages_only(kind):
    assert verdict_of(answered(body=PHRASE, kind=kind)) == THERE


def test_a_page_of_any_bytes_is_read():
    broken = answered(body="")
    assert verdict_of(Fetched(**{**vars(broken), "body": b"\xff\xfe\x00<<<>" * 50})) == THERE


@pytest.mark.parametrize(
    ("verdicts", "means"),
    [
        ([GONE], GONE),
        ([GONE, GONE, GONE], GONE),
        ([GONE, THERE], THERE),
        ([THERE, GONE], THERE),
        ([UNCLEAR, THERE], THERE),
        ([GONE, UNCLEAR], UNCLEAR),
        ([UNCLEAR, GONE, GONE], UNCLEAR),
        ([UNCLEAR], UNCLEAR),
        ([THERE], THERE),
        ([], UNCLEAR),
    ],
)
def test_gone_only_if_all_are_and_there_if_any_is(verdicts, means):
    assert together(verdicts) == means
