"""The public pages, as a browser without JavaScript sees them."""

import datetime
import re
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.surfaces import be_surface
from vigie.figures.models import PublishedFigures
from vigie.intake import receipts, views
from vigie.intake.models import Letter, ShownReceipt
from vigie.intake.services import InboxUnavailable, NewReport

pytestmark = pytest.mark.django_db(databases=["default", "front"])

LANGUAGES = ["fr", "nl", "de", "en"]
HOTLINE = [
    *("report/", "report/sent/", "for-me/", "for-me/sent/", "receipt/", "how/", "help/"),
    *("privacy/", "accessibility/"),
]
PAGES = ["", "figures/", "facts/", "doors/", *HOTLINE]
EVERY_PAGE = [f"/{language}/{page}" for language in LANGUAGES for page in PAGES]


@pytest.fixture
def reader(settings, monkeypatch) -> Client:
    """A visitor of the public program: its addresses, its middleware, its context, no more."""
    be_surface("public", settings, monkeypatch)
    return Client()


class Markup(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def _page(reader: Client, path: str) -> tuple[str, Markup]:
    answer = reader.get(path)
    assert answer.status_code == 200
    text = answer.content.decode()
    return text, Markup(text)


def _receipt(markup: Markup) -> str:
    return next(str(i["value"]) for i in markup.all("input") if i.get("name") == "receipt")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_answers_in_its_language_without_code_or_cookie(reader, path):
    answer = reader.get(path)
    markup = Markup(answer.content.decode())
    assert answer.status_code == 200
    assert not answer.cookies
    assert markup.all("html")[0]["lang"] == path[1:3]
    assert not markup.all("style")
    # Files of our own, and only these: one takes an address up from behind the #, one copies.
    scripts = [script.get("src") for script in markup.all("script")]
    ours = {"report/": ["/static/js/address.js"], "doors/": ["/static/js/copy.js"]}
    assert scripts == ours.get(path[4:], [])
    assert not any("style" in attrs for _, attrs in markup.tags)
    assert not any(name.startswith("on") for _, attrs in markup.tags for name in attrs)


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_has_one_heading_one_main_part_and_a_way_to_skip_to_it(reader, path):
    _, markup = _page(reader, path)
    assert len(markup.all("h1")) == 1
    assert markup.all("main")[0]["id"] == "content"
    assert markup.all("a")[0]["href"] == "#content"


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_no_page_speaks_of_the_desk_or_loads_from_elsewhere(reader, path, settings):
    text, markup = _page(reader, path)
    assert not re.search(r"\bdesk\b", text.lower())
    assert settings.DESK_URL not in text
    loaded = [a.get("src") or a.get("href") for t in ("img", "link") for a in markup.all(t)]
    ours = ("/static/", "/campaign/", f"{path}app.webmanifest")
    assert all(str(url).startswith(ours) for url in loaded)


@pytest.mark.parametrize("page", PAGES)
def test_the_language_links_lead_to_the_same_page(reader, page):
    _, markup = _page(reader, f"/fr/{page}")
    links = [a["href"] for a in markup.all("a") if "hreflang" in a]
    assert links == [f"/{language}/{page}" for language in LANGUAGES]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("de-AT,de;q=0.9,en;q=0.5", "/de/"), ("nl", "/nl/"), ("pt", "/fr/"), ("", "/fr/")],
)
def test_the_first_address_leads_to_the_browsers_best_language(reader, wanted, given):
    answer = reader.get("/", headers={"accept-language": wanted})
    assert (answer.status_code, answer["Location"]) == (302, given)


def test_a_report_is_thanked_for_on_a_page_that_a_reload_can_repeat(reader):
    blank = {"receipt": _receipt(_page(reader, "/en/report/")[1])}
    for _ in range(2):
        answer = reader.post("/en/report/", {**blank, "where": "https://galerie.example.test/a"})
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Your report has arrived" in text and "galerie" not in text
    assert Letter.objects.count() == 1


def test_an_empty_place_is_refused_in_words_and_nothing_typed_is_lost(reader):
    _, blank = _page(reader, "/en/report/")
    typed = {"comment": "a <b>word</b>", "contact": "me", "kind": "app", "seen": "today"}
    answer = reader.post("/en/report/", {**typed, "where": " \n", "receipt": _receipt(blank)})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Tell us where you saw it" in text
    assert "a &lt;b&gt;word&lt;/b&gt;" in text
    along = {str(i["name"]): i["value"] for i in Markup(text).all("input") if "value" in i}
    assert {**along, **typed} == along, "another door's fields are kept for the next try"
    assert _receipt(Markup(text)) == _receipt(blank)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("receipt", ["", "not one of ours", "\0", "x" * 9000])
def test_a_wrong_receipt_never_costs_the_report(reader, receipt):
    answer = reader.post("/fr/report/", {"where": "ici", "receipt": receipt})
    assert answer.status_code == 200
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("where", ["a\0b", "‮\ud7ff", "é" * 200_000, "<script>", "%00%ff"])
def test_any_text_is_taken(reader, where):
    assert reader.post("/de/report/", {"where": where}).status_code == 200
    assert Letter.objects.count() == 1


def test_an_unknown_kind_is_taken_as_none(reader, taken):
    reader.post("/nl/report/", {"where": "hier", "kind": "'; drop"})
    assert (taken[0].kind, taken[0].language, taken[0].where) == ("", "nl", "hier")


def test_a_file_sent_along_is_dropped_and_the_report_kept(reader, taken):
    file = SimpleUploadedFile("a.jpg", b"\xff\xd8 not a picture", "image/jpeg")
    answer = reader.post("/en/report/", {"where": "there", "where_file": file})
    assert answer.status_code == 200
    assert taken[0].where == "there"
    text = answer.content.decode()
    assert "Your report has arrived" in text and "We did not take the picture" in text


def test_when_the_inbox_cannot_be_reached_the_page_says_so_and_keeps_everything(
    reader, monkeypatch
):
    def refuse(report: NewReport, flood: object) -> None:
        raise InboxUnavailable("OperationalError")

    monkeypatch.setattr(views, "receive", refuse)
    _, blank = _page(reader, "/en/report/")
    form = {"where": "https://a.example.test/", "comment": "mine", "receipt": _receipt(blank)}
    answer = reader.post("/en/report/", form)
    text = answer.content.decode()
    assert answer.status_code == 503
    assert "NOT saved" in text and "https://a.example.test/" in text and "mine" in text
    assert _receipt(Markup(text)) == _receipt(blank)


def test_the_receipt_of_a_new_report_shows_received_at_once(reader):
    _, blank = _page(reader, "/en/report/")
    reader.post("/en/report/", {"where": "there", "receipt": _receipt(blank)})
    text = reader.post("/nl/receipt/", {"words": _receipt(blank).upper()}).content.decode()
    current = re.search(r'<li class="(\w+)" aria-current="step">', text)
    assert current and current[1] == "current"
    assert text.count('class="ahead"') == 2


def test_a_closed_report_shows_its_week_and_no_outcome(reader):
    words = receipts.mint("en")
    hashed = receipts.receipt_hash(receipts.normalise(words) or "")
    ShownReceipt.objects.create(hash=hashed, course="closed", week=datetime.date(2026, 11, 16))
    text = reader.post("/en/receipt/", {"words": words}).content.decode()
    assert "16 November 2026" in text and text.count('class="past"') == 2
    assert "taken down" not in text


def test_an_unknown_code_is_called_unknown(reader):
    text = reader.post("/en/receipt/", {"words": "no such code"}).content.decode()
    assert "We know no such code" in text


def test_a_code_in_an_address_is_not_read(reader):
    text, _ = _page(reader, f"/en/receipt/?words={receipts.mint('en').replace(' ', '+')}")
    assert "We know no such code" not in text and 'aria-current="step"' not in text


def test_a_page_that_does_not_exist_repeats_nothing_of_what_was_asked(reader):
    answer = reader.get("/de/secret-path-of-a-child/?q=secret")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "secret" not in text and 'lang="de"' in text
    assert {"/fr/", "/nl/", "/de/", "/en/"} <= {str(a["href"]) for a in Markup(text).all("a")}


def test_a_request_that_cannot_be_read_says_that_nothing_was_saved(reader):
    answer = reader.post("/en/newsletter/", "x=1", content_type="multipart/form-data")
    assert answer.status_code == 400
    assert "not saved" in answer.content.decode()


def test_figures_too_small_to_tell_are_not_told(reader):
    values = {"reports": 12408, "items": None, "median_hours_to_removal": None, "minimum": 5}
    week = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
    PublishedFigures.objects.create(week=week, values=values)
    text, _ = _page(reader, "/en/figures/")
    assert "at least 12,408" in text and "too few to tell" in text


@pytest.mark.parametrize("page", ["", "report/", "receipt/", "help/", "how/"])
def test_the_demonstration_says_on_every_page_that_reports_go_nowhere(reader, settings, page):
    settings.DEMO = True
    text, _ = _page(reader, f"/en/{page}")
    assert "reports made here go nowhere" in text
    assert settings.ORGANISATION.data["real_report"]["url"] in text


@pytest.mark.parametrize("path", ["/en/report/sent/", "/en/how/", "/", "/en/help/", "/robots.txt"])
def test_a_page_without_a_form_takes_no_post(reader, path):
    assert reader.post(path).status_code == 405


def test_the_program_says_whether_it_can_write(reader):
    assert reader.get("/healthz").content == b"ok\n"


@pytest.mark.parametrize("path", ["/en/report", "/report/", "/report", "/en/for-me"])
def test_a_form_sent_to_an_address_without_slash_or_language_is_not_left_behind(
    public_client, path
):
    answer = public_client.post(path, {"where": "https://a.test/x", "comment": "mine"}, follow=True)
    assert {status for _, status in answer.redirect_chain} <= {303, 307, 308}
    assert Letter.objects.count() == 1


def test_what_is_no_code_by_far_does_not_come_back_as_a_larger_page(public_client):
    page = public_client.post("/en/receipt/", {"words": "'" * 1_000_000})
    assert len(page.content) < 30_000
