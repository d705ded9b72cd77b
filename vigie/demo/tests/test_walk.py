"""The walk lets go its own notice alone, and ends in one line whatever it meets."""

import http.client
import urllib.error

import pytest

from vigie.demo import walk as module
from vigie.demo.browser import Form, Page
from vigie.demo.walk import Stuck, Walk, walk

pytestmark = pytest.mark.pure
MINE, OTHERS = "/queue/items/7/", "/queue/items/3/"


class Desk:
    """A lead's and an analyst's browser: what waits, what is listed, and what was sent."""

    def __init__(self, *about: str, notified: str = "") -> None:
        self.forms = [
            Form(f"/letters/notices/{n}/approve/", "post", {}, item) for n, item in enumerate(about)
        ]
        self.notified, self.sent = notified, []

    def get(self, path: str) -> Page:
        if path == "/letters/":
            return Page(path, 200, {}, b"", self.forms)
        links = [self.notified] if path == "/queue/?state=notified&like=7" else []
        return Page(path, 200, {}, b"", links=links)

    def send(self, page: Page, form: Form) -> None:
        self.sent.append(form.after)


def approving(desk: Desk) -> Desk:
    one = Walk.__new__(Walk)
    one.started, one.lead, one.analyst = 0.0, desk, desk
    one._approved_by_lead(MINE)
    return desk


def test_only_the_notice_of_this_walk_is_approved():
    assert approving(Desk(OTHERS, MINE, OTHERS)).sent == [MINE]


def test_where_the_host_is_known_nothing_is_approved(capsys):
    assert approving(Desk(OTHERS, notified=MINE)).sent == []
    assert "without a lead" in capsys.readouterr().out


def test_a_notice_that_never_comes_is_said_to_be_missing(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    with pytest.raises(Stuck, match="the notice to the host"):
        approving(Desk(OTHERS))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError("analyst could not sign in"), 1),
        (TimeoutError("timed out"), 1),
        (LookupError("/queue/ has no form '/search/'"), 1),
        (StopIteration(), 1),
        (AssertionError("the pack's signature"), 1),
        (http.client.IncompleteRead(b""), 1),
        (urllib.error.HTTPError("http://x.test/", 409, "Conflict", None, None), 1),  # type: ignore[arg-type]
        (Stuck("the item in the queue"), 1),
        (urllib.error.URLError("refused"), 2),
        (ConnectionRefusedError(), 2),
    ],
)
def test_whatever_it_meets_it_ends_in_one_line(monkeypatch, capsys, error, code):
    def fails() -> None:
        raise error

    monkeypatch.setattr(module, "Walk", fails)
    assert walk() == code
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert str(error) in said or code == 2
