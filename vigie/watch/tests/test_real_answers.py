"""The same judgement over real sockets: what hosts do instead of an honest 404.

Each answer is met twice, a day apart: only a clear word, said twice, ends in *removed*.
"""

import gzip

import pytest

from tests.outside import Says
from vigie.items.flow import State
from vigie.watch.tests.support import NOBODY, PATH, SILENT, look, referred

pytestmark = pytest.mark.django_db(databases="__all__")
BOMB = Says(body=gzip.compress(bytes(17_000_000), 1), headers={"Content-Encoding": "gzip"})
FORM = b"<!doctype html><h1>Log in</h1><form><input name=word type=password></form>"


def page(words: str, more: str = "") -> Says:
    return Says(body=f"<!doctype html><p>{words}</p>{more}".encode())


def to(where: str) -> Says:
    return Says(302, headers={"Location": where})


REMOVED = {
    "404": (Says(404), "http_404"),
    "410": (Says(410), "http_410"),
    "a page that says so": (page("Ce contenu a été supprimé."), "removal_page"),
    "sent on to a 404": (to("/nowhere"), "http_404"),
}
KEPT = {
    "401": (Says(401), "unclear", "http_401"),
    "403": (Says(403), "unclear", "http_403"),
    "429": (Says(429), "unclear", "http_429"),
    "451": (Says(451), "unclear", "http_451"),
    "500": (Says(500), "unclear", "http_500"),
    "503": (Says(503), "unclear", "http_503"),
    "sent to the front page": (to("/"), "there", "http_200"),
    "sent to a form to log in": (to("/login"), "there", "http_200"),
    "sent to a closed network": (to("http://169.254.169.254/"), "unclear", "refused_address"),
    "sent round in circles": (to(PATH), "unclear", "http_302"),
    "a bomb": (BOMB, "unclear", "http_200"),
    "the phrase and a picture": (
        page("Content has been removed", "<img src=/x.jpg>"),
        "there",
        "http_200",
    ),
    "the phrase in a long text": (
        page("Content has been removed", "x" * 21_000),
        "there",
        "http_200",
    ),
}


def twice(item):
    first, second = look(item, 0), look(item, 24)
    assert (first.verdict, first.page) == (second.verdict, second.page)
    return second.verdict, second.page


@pytest.fixture
def item(site):
    site.pages["/"], site.pages["/login"] = page("Welcome"), Says(body=FORM)
    return referred(site.url(PATH))


@pytest.mark.parametrize(("answer", "written"), REMOVED.values(), ids=REMOVED)
def test_said_clearly_twice_it_is_removed(answer, written, item, site):
    site.pages[PATH] = answer
    assert twice(item) == ("gone", written)
    assert item.state == State.REMOVED


@pytest.mark.parametrize(("answer", "verdict", "written"), KEPT.values(), ids=KEPT)
def test_whatever_else_a_host_says_it_is_not(answer, verdict, written, item, site):
    site.pages[PATH] = answer
    assert twice(item) == (verdict, written)
    assert item.state == State.REFERRED


def test_a_host_that_does_not_answer_in_time_says_nothing(site, settings):
    settings.LEASE_SECONDS = 0.5  # a visit has less than half of it
    item = referred(f"http://{SILENT}{PATH}")
    assert twice(item) == ("unclear", "timed_out")
    assert item.state == State.REFERRED


@pytest.mark.parametrize(
    ("where", "written"),
    [
        (f"http://{NOBODY}{PATH}", "connect_failed"),
        (f"http://vanished.test{PATH}", "no_such_name"),
        (f"http://192.168.1.1{PATH}", "refused_address"),
    ],
)
def test_a_host_that_cannot_be_reached_says_nothing(where, written, site):
    item = referred(where)
    assert twice(item) == ("unclear", written)
    assert item.state == State.REFERRED
