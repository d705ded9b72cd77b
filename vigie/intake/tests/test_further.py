"""The pages after a report: each adds to it, none is needed, and nothing that was typed is lost."""

import json
import re
import uuid
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from vigie.intake import further
from vigie.intake.continuing import letter_of, token_of
from vigie.intake.models import Letter
from vigie.intake.pressure import OF_ONE_SITE
from vigie.intake.services import InboxUnavailable
from vigie.items import keys
from vigie.lib.seal import new_identity, unseal

pytestmark = pytest.mark.django_db(databases=["default", "front"])
REPORT, MORE = "/en/report/", "/en/report/more/"


@pytest.fixture
def operators(settings) -> str:
    identity, settings.OPERATORS_RECIPIENT = new_identity()
    return identity


def hidden(answer) -> dict[str, str]:
    found = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()
    )
    return {name: unescape(value) for name, value in found}


def said(answer) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def first(public_client) -> dict[str, str]:
    """The hidden fields of the page that thanks for a report."""
    answer = public_client.post(REPORT, {"where": "https://a.test/x"})
    assert answer.status_code == 200
    return hidden(answer)


def told(letter: Letter) -> dict[str, object]:
    return json.loads(keys.opened(letter.where))


def added() -> list[Letter]:
    return [letter for letter in Letter.objects.all() if told(letter)["adds_to"]]


# --- one report ------------------------------------------------------------------------------


def test_three_pages_add_to_the_report_that_was_sent(public_client, first, operators):
    report = Letter.objects.get()
    page = first
    steps = [
        {"danger": "yes", "child": "the girl next door"},
        {"kind": "app", "how": "the third door", "seen": "today"},
        {"contact": "me@a.test", "comment": "be careful"},
    ]
    for typed in steps:
        answer = public_client.post(MORE, {**page, **typed, "act": "next"})
        page = hidden(answer)
    assert (answer.status_code, answer["Location"]) == (303, "/en/report/sent/")
    assert {told(letter)["adds_to"] for letter in added()} == {report.pk.hex}
    words = [json.loads(unseal(operators, bytes(letter.words))) for letter in added()]
    by_page = {one["page"]: one for one in words}
    assert list(further.FIELDS) == ["danger", "place", "contact"]
    assert by_page["danger"]["child"] == "the girl next door"
    assert (by_page["place"]["kind"], by_page["place"]["how"]) == ("app", "the third door")
    assert by_page["contact"]["contact"] == "me@a.test"


def test_the_worker_learns_of_an_addition_nothing_but_its_report_and_the_danger(
    public_client, first
):
    public_client.post(MORE, {**first, "child": "secretchild", "danger": "yes"})
    (letter,) = added()
    assert told(letter)["danger"] is True
    assert "secretchild" not in keys.opened(letter.where)


@pytest.mark.parametrize(
    ("typed", "danger"),
    [
        ({"danger": "yes"}, True),
        ({"child": "he hurts her"}, True),  # words without a tick: better one call too many
        ({"danger": "no", "child": "only a drawing"}, False),
        ({"danger": "no"}, False),
    ],
)
def test_who_says_so_or_writes_so_has_said_danger(public_client, first, typed, danger):
    public_client.post(MORE, {**first, **typed})
    (letter,) = added()
    assert told(letter)["danger"] is danger


def test_a_page_sent_twice_is_one_addition_and_another_text_is_another(public_client, first):
    for how in ("a door", "a door", "a window"):
        public_client.post(MORE, {**first, "page": "place", "how": how})
    assert len(added()) == 2


@pytest.mark.parametrize("typed", [{}, {"how": "  \n"}, {"kind": "'; drop"}])
def test_a_page_on_which_nothing_is_said_adds_nothing_and_leads_on(public_client, first, typed):
    answer = public_client.post(MORE, {**first, "page": "place", **typed, "act": "next"})
    assert hidden(answer)["page"] == "contact"
    assert not added()


def test_skipping_sends_nothing_and_leads_on_with_the_same_token(public_client, first):
    answer = public_client.post(MORE, {**first, "child": "never mind", "act": "skip"})
    assert hidden(answer) == {**first, "page": "place"}
    assert "now part of your report" not in said(answer)
    assert not added()


def test_finishing_sends_what_was_typed_and_leads_to_the_thanks(public_client, first):
    answer = public_client.post(MORE, {**first, "child": "one more thing", "act": "finish"})
    assert (answer.status_code, answer["Location"]) == (303, "/en/report/sent/")
    assert len(added()) == 1


def test_whoever_comes_by_the_address_alone_is_thanked(public_client):
    answer = public_client.get(MORE)
    assert (answer.status_code, answer["Location"]) == (303, "/en/report/sent/")


def test_another_language_leads_to_the_thanks_and_not_to_an_empty_form(public_client):
    page = public_client.post(REPORT, {"where": "https://a.test/x"}).content.decode()
    links = re.findall(r'<a href="([^"]+)" hreflang="(\w+)"', page)
    assert links == [(f"/{code}/report/sent/", code) for code in ("fr", "nl", "de", "en")]


# --- whatever goes wrong ---------------------------------------------------------------------


def forged(token: str) -> dict[str, str]:
    other = uuid.uuid4().hex
    return {
        "none": "",
        "of another report": other + token[32:],
        "cut short": token[:-1],
        "with something behind it": token + "0",
        "no hexadecimal": "é" * 64,
        "a lone half of a pair": "\ud800" * 64,
        "a megabyte": "0" * 1_000_000,
    }


@pytest.mark.parametrize("how", forged("0" * 64))
def test_a_token_that_is_not_ours_costs_nothing_of_what_was_typed(
    public_client, first, operators, how
):
    report = Letter.objects.get()
    sent = {**first, "token": forged(first["token"])[how], "page": "place", "act": "next"}
    sent["token"] = sent["token"].encode("utf-8", "replace").decode()
    answer = public_client.post(MORE, {**sent, "how": "behind the third door", "seen": "today"})
    assert not added()
    new = Letter.objects.exclude(pk=report.pk).get()
    assert "behind the third door" in str(told(new)["where"])
    assert json.loads(unseal(operators, bytes(new.words)))["seen"] == "today"
    assert "as a new report" in said(answer)
    # And the next page adds to that one.
    public_client.post(MORE, {**hidden(answer), "comment": "still me"})
    assert told(added()[0])["adds_to"] == new.pk.hex


def test_a_token_without_a_report_keeps_the_danger(public_client):
    public_client.post(MORE, {"token": "x", "page": "danger", "child": "he hurts her"})
    assert told(Letter.objects.get())["danger"] is True


def test_a_page_that_does_not_say_which_it_is_keeps_every_field(public_client, first, operators):
    everything = {name: f"typed {name}" for name in further.EVERY_FIELD} | {"kind": "web"}
    public_client.post(MORE, {"token": first["token"], "page": "other", **everything})
    (letter,) = added()
    words = json.loads(unseal(operators, bytes(letter.words)))
    assert {**words, **everything, "danger": True, "page": "contact"} == words


def test_while_the_inbox_is_away_the_page_keeps_what_was_typed(public_client, first, monkeypatch):
    def refuse(*sent: object) -> None:
        raise InboxUnavailable("OperationalError")

    monkeypatch.setattr(further, "add", refuse)
    typed = {"kind": "app", "how": "a <b>door</b>", "seen": "today"}
    answer = public_client.post(MORE, {**first, "page": "place", **typed})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "This page was NOT saved" in page and "a &lt;b&gt;door&lt;/b&gt;" in page
    assert 'value="today"' in page and '<option value="app" selected>' in page
    assert hidden(answer) == {**first, "page": "place"}


@pytest.mark.parametrize("act", ["next", "finish"])
def test_a_picture_with_a_further_page_is_dropped_and_the_page_says_why(public_client, first, act):
    file = SimpleUploadedFile("a.jpg", b"\xff\xd8 not a picture", "image/jpeg")
    sent = {**first, "act": act, "child": "look at this", "file": file}
    answer = public_client.post(MORE, sent)
    assert answer.status_code == 200
    assert "We did not take the picture" in said(answer)
    assert len(added()) == 1


# --- what a token is -------------------------------------------------------------------------


def test_a_token_speaks_of_one_letter_and_of_nothing_else(settings):
    letter = uuid.uuid4()
    assert letter_of(token_of(letter)) == letter
    assert token_of(letter) != token_of(uuid.uuid4())
    kept = token_of(letter)
    settings.RECEIPT_KEY = bytes(32)
    assert letter_of(kept) is None


def test_no_page_puts_the_token_or_what_was_typed_into_an_address(public_client, first):
    answer = public_client.post(MORE, {**first, "child": "secretchild", "act": "next"})
    page = answer.content.decode()
    assert "secretchild" not in page
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', page)
    assert addresses and not any(first["token"] in address for address in addresses)


def test_a_thousand_pages_for_one_report_are_a_flood_though_nothing_tells_who_sends(
    public_client, first
):
    for number in range(OF_ONE_SITE + 5):
        sent = {**first, "page": "contact", "act": "finish", "comment": str(number)}
        assert public_client.post(MORE, sent).status_code in (200, 303)
    assert Letter.objects.exclude(flood=None).count() == 5


def test_pages_without_their_report_are_measured_by_the_site_they_name(public_client):
    for number in range(OF_ONE_SITE + 5):
        sent = {"page": "contact", "act": "finish", "comment": f"https://more-flood.test/{number}"}
        public_client.post(MORE, sent)
    assert Letter.objects.exclude(flood=None).count() == 5
