"""However a form is wrapped, its report is read; what cannot be read gets a page that says so."""

import io
import logging
import tracemalloc
from base64 import b64encode
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from config.logs import Discreet
from vigie.intake.models import Letter
from vigie.intake.reading import fields_of
from vigie.items.locators import parse

pytestmark = [pytest.mark.django_db(databases=["default", "front"]), pytest.mark.rest]
PLAIN = "application/x-www-form-urlencoded"
WHERE = "https://a.test/x?é=1&b=2 and more"
NAMES = ["where", "comment"]


BOUNDARY = "xxBOUNDARYxx"


def address(name: str) -> str:
    with override("en"):
        return reverse(name, "config.public_urls")


@pytest.fixture
def log():
    """What our programs would write to their log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Discreet())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def parts(*named: tuple[str, str], end: str = "--") -> bytes:
    made = [f'Content-Disposition: form-data; name="{n}"\r\n\r\n{value}' for n, value in named]
    return ("".join(f"--{BOUNDARY}\r\n{p}\r\n" for p in made) + f"--{BOUNDARY}{end}\r\n").encode()


def picture(size: int) -> str:
    return f'x"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n{"x" * size}'


FORM = urlencode({"comment": "mine", "where": WHERE})
MANY = "&".join(["x=1"] * 50_000)
OLD = urlencode({"where": WHERE}, encoding="cp1252")
MULTI = f"multipart/form-data; boundary={BOUNDARY}"
TAKEN = {
    "as usual": (FORM.encode(), PLAIN),
    "fifty thousand fields": (f"{MANY}&{FORM}&{MANY}".encode(), PLAIN),
    "another charset is stated": (FORM.encode(), f"{PLAIN}; charset=utf-16"),
    "and is true": (FORM.encode("utf-16"), f'{PLAIN}; charset="UTF-16"'),
    "an old charset": (OLD.encode(), f"{PLAIN}; charset=iso-8859-1"),
    "no such charset": (FORM.encode(), f"{PLAIN}; charset=none"),
    "no content type": (FORM.encode(), ""),
    "another content type": (FORM.encode(), "text/plain"),
    "bare text": (WHERE.encode(), "text/plain"),
    "bare text, as if it were a form": (WHERE.encode(), PLAIN),
    "in parts": (parts(("comment", "mine"), ("where", WHERE)), MULTI),
    "parts in another charset": (parts(("where", WHERE)), f"{MULTI}; charset=utf-16"),
    "very many parts": (parts(("where", WHERE), *[("x", "1")] * 1_500), MULTI),
    "very many files": (parts(("where", WHERE), *[(picture(9), "")] * 150), MULTI),
    "parts that end too early": (parts(("where", WHERE), end=""), MULTI),
    "five thousand parts before it": (parts(*[("x", "1")] * 5_000, ("where", WHERE)), MULTI),
    "very many files before it": (parts(*[(picture(9), "")] * 150, ("where", WHERE)), MULTI),
    "a large file before it": (parts((picture(30_000_000), ""), ("where", WHERE)), MULTI),
    "no mark at the end": (parts(("where", WHERE))[: -len(BOUNDARY) - 8], MULTI),
    "half a mark at the end": (parts(("where", WHERE))[:-9], MULTI),
    "no boundary is stated": (parts(("where", WHERE)), "multipart/form-data"),
    "an empty boundary": (parts(("where", WHERE)), "multipart/form-data; boundary="),
    "another kind of parts": (parts(("where", WHERE)), f"multipart/mixed; boundary={BOUNDARY}"),
    "lines of another kind": (parts(("where", WHERE)).replace(b"\r\n", b"\n"), MULTI),
    "a part without a head": (b"--xxBOUNDARYxx\r\n\r\n\r\n" + parts(("where", WHERE)), MULTI),
    "a head without an end": (b"--xxBOUNDARYxx\r\n" + b"y" * 40_000 + b"\r\n"
                              + parts(("where", WHERE)), MULTI),
    "words before the parts": (b"hello\r\n\r\n" + parts(("where", WHERE)), MULTI),
    "a name without quotes": (parts(("where", WHERE)).replace(b'"where"', b"where"), MULTI),
    "a name in an unknown charset": (
        parts(("x", "1"), ("where", WHERE)).replace(b'name="x"', b"name*=none''x"), MULTI),
    "a part in base64": (
        parts(("where", "")).replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                                   + b64encode(WHERE.encode()), 1), MULTI),
    "another boundary is stated": (parts(("where", WHERE)), "multipart/form-data; boundary=no"),
    "two types are stated": (parts(("where", WHERE)), f"{PLAIN},{MULTI}"),
    "the other way round": (parts(("where", WHERE)), f"{MULTI},{PLAIN}"),
    "fields under the name of parts": (FORM.encode(), MULTI),
    "bare text under the name of parts": (WHERE.encode(), MULTI),
    "parts under the name of fields": (parts(("where", WHERE)), PLAIN),
    "a name with a star": (parts(("where", WHERE)).replace(b'"where"', b"").replace(
        b"name=", b"name*=utf-8''where"), MULTI),
    "a name of another kind": (parts(("url", WHERE)), MULTI),
    "sixty thousand empty parts before it": (
        f"--{BOUNDARY}\r\n\r\n".encode() * 60_000 + parts(("where", WHERE)), MULTI),
    "the same twice": (f"{FORM}&{FORM}".encode(), PLAIN),
}  # fmt: skip


@pytest.mark.parametrize("how", TAKEN)
def test_a_report_is_taken_however_it_is_wrapped(public_client, taken, how, log):
    body, content_type = TAKEN[how]
    answer = public_client.generic("POST", "/en/report/", body, content_type=content_type)
    assert answer.status_code == 200
    assert [report.where for report in taken] == [WHERE]
    assert "Traceback" not in log.getvalue()


def test_the_code_the_page_showed_is_taken_with_it(public_client, taken):
    page = public_client.get("/en/report/").content.decode()
    receipt = page.split('name="receipt" value="')[1].split('"')[0]
    body = f"{MANY}&{urlencode({'where': 'there', 'receipt': receipt})}"
    public_client.generic("POST", "/en/report/", body, content_type=f"{PLAIN}; charset=utf-16")
    assert taken[0].receipt == receipt


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"where=" + b"x" * 20_000_001, PLAIN),
        (parts(("where", "x" * 20_000_001), ("comment", "lost")), MULTI),
    ],
)
def test_of_what_is_too_long_the_beginning_is_kept_and_the_page_says_so(
    public_client, taken, body, content_type
):
    answer = public_client.generic("POST", "/en/report/", body, content_type=content_type)
    assert answer.status_code == 200
    assert "We kept the first part" in answer.content.decode()
    (report,) = taken
    assert set(report.where) == {"x"} and 19_999_990 < len(report.where) <= 20_000_000


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"where": "https://a.test/x"}', "application/json"),
        (b"%77here=https%3A%2F%2Fa.test%2Fx", PLAIN),
        (b"where%5B%5D=https%3A%2F%2Fa.test%2Fx", PLAIN),
        (rb'{"url": "https:\/\/a.test\/x"}', "application/json"),
        (b"https://a.test/x", "text/plain"),
        (b"Where=https%3A%2F%2Fa.test%2Fx", PLAIN),
    ],
)
def test_of_what_has_no_field_of_ours_an_address_is_taken(public_client, taken, body, content_type):
    answer = public_client.generic("POST", "/en/report/", body, content_type=content_type)
    assert answer.status_code == 200
    assert "https://a.test/x" in [place.canonical for place in parse(taken[0].where)]


@pytest.mark.parametrize(
    "body", [b"user=admin&password=1", b"", b"where=&x=https://a.test/", b"\x1f\x8b://", b"--\r\n"]
)
@pytest.mark.parametrize("content_type", [PLAIN, "multipart/form-data; x=1"])
def test_of_what_has_neither_nothing_is_taken(public_client, taken, body, content_type):
    answer = public_client.generic("POST", "/en/report/", body, content_type=content_type)
    assert (answer.status_code, taken) == (422, [])


def test_bare_words_of_a_site_are_an_address_too(public_client, taken):
    public_client.generic("POST", "/en/report/", b"www.a.test/y", content_type="text/plain")
    assert [report.where for report in taken] == ["www.a.test/y"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"where=a&" * 12_000 + b"where=last&comment=c", PLAIN),
        (parts(*[("where", "a")] * 12_000, ("where", "last"), ("comment", "c")), MULTI),
    ],
)
def test_of_a_field_that_comes_for_ever_all_is_kept(public_client, taken, body, content_type):
    assert public_client.generic("POST", "/en/report/", body, content_type=content_type)
    assert "last" in taken[0].where and len(taken[0].where) < 20_000


def noise() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((64, 64), 80).save(file, "PNG")
    return file.getvalue()


PNG = b64encode(noise()).decode()
FOLDED = "\n".join(PNG[at : at + 76] for at in range(0, len(PNG), 76))


@pytest.mark.parametrize(
    "written",
    [
        f"data:image/png;base64,{PNG}",
        f"data:;base64,{PNG}",
        f"see data:image/svg+xml;utf8,{'%3Csvg' * 40} there",
        PNG,
        FOLDED,
        f"a\n{FOLDED}\nhttps://b.test/",
    ],
)
def test_a_picture_pasted_as_text_is_left_out_and_the_page_says_why(public_client, taken, written):
    answer = public_client.post("/en/report/", {"where": f"https://a.test/ {written}"})
    assert "did not take the picture" in answer.content.decode()
    (report,) = taken
    assert "https://a.test/" in report.where and "left out" in report.where
    assert len(report.where) < 150 and ("b.test" in report.where) is ("b.test" in written)


def test_an_address_with_long_escapes_is_no_picture(public_client, taken):
    long = f"https://a.test/9j/4{'A1b2' * 200}?iVBORw0KGgo&x={'x' * 300} data:text"
    public_client.post("/en/report/", {"where": long})
    assert [report.where for report in taken] == [long]


def test_two_places_in_one_form_are_both_kept(public_client, taken):
    for body, kind in (
        (b"where=one&where=two&kind=app&kind=web&where=one", PLAIN),
        (parts(("where", "one"), ("where", "two"), ("kind", "app"), ("kind", "web")), MULTI),
    ):
        public_client.generic("POST", "/en/report/", body, content_type=kind)
        assert (taken[-1].where, taken[-1].kind) == ("one\ntwo", "web")


def test_a_sender_who_goes_away_leaves_no_traceback(public_client, taken, monkeypatch, log):
    def gone(request: object, *size: int) -> bytes:
        raise OSError

    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest.read", gone)
    answer = public_client.generic("POST", "/en/report/", FORM, content_type=PLAIN)
    assert answer.status_code == 400
    assert "not saved" in answer.content.decode()
    assert log.getvalue() == ""


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("report", {"where": "", "comment": "<" * 1_000_000}),
        ("own", {"where": "", "other": "<" * 1_000_000}),
        ("share", {"text": "<" * 1_000_000}),
        ("receipt", {"words": "<" * 1_000_000, "question": "<" * 9_000, "answer": "<" * 1_000_000}),
    ],
)
def test_a_page_repeats_of_what_was_typed_no_more_than_it_can_hold(public_client, path, fields):
    answer = public_client.post(address(path), urlencode(fields), content_type=PLAIN)
    assert len(answer.content) < 150_000
    assert ("Only the beginning is below" in answer.content.decode()) is (path != "own")


@pytest.mark.parametrize("path", ["report", "own", "more"])
def test_if_the_mailbox_cannot_be_reached_far_more_stays_on_the_page(
    public_client, monkeypatch, path
):
    def closed(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(Letter.objects, "bulk_create", closed)
    for size, cut in ((900_000, False), (2_000_001, True)):
        fields = {"where": "w" * size, "comment": "k", "page": "contact", "token": "t" * 9_000}
        fields |= {"contact": "w" * size} if path == "more" else {}
        answer = public_client.post(address(path), urlencode(fields), content_type=PLAIN)
        page = answer.content.decode()
        assert answer.status_code == 503 and "NOT saved" in page
        assert page.count("w" * 1_000) == min(size, 2_000_000) // 1_000
        assert ("Only the beginning is below" in page) is cut
        assert "t" * 100 not in page


def test_a_long_text_of_escapes_takes_a_few_times_its_size():
    body = b"where=" + b"%41" * 500_000
    request = RequestFactory().generic("POST", "/", body, content_type=PLAIN)
    assert request.body
    tracemalloc.start()
    try:
        assert len(fields_of(request, NAMES)["where"]) == 500_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(body) + 10_000_000


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 200_000])
@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_no_escape_is_torn_between_two_pieces(size, before):
    text = before + "é" * size
    body = urlencode({"where": text}).encode()
    request = RequestFactory().generic("POST", "/", body, content_type=PLAIN)
    assert fields_of(request, NAMES) == {"where": text}


def test_everything_that_was_sent_is_read_even_if_it_is_too_long(public_client: Client):
    """Or the sender's browser sees a broken line instead of the page."""
    unread: list[int] = []

    class Body:
        left = 30_000_000

        def read(self, size: int = -1) -> bytes:
            taken = min(self.left, size if size >= 0 else self.left)
            self.left -= taken
            unread[:] = [self.left]
            return b"x" * taken

        readline = read

        def close(self) -> None:
            pass

    answer = public_client.generic(
        "POST", "/en/report/", b"", content_type=PLAIN,
        **{"wsgi.input": Body(), "CONTENT_LENGTH": "30000000"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert unread == [0]
