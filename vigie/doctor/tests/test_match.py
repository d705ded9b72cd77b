"""The doctor at the match program: content with ours, and not with what lets strangers in."""

import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vigie.doctor import match
from vigie.doctor.asking import Site
from vigie.doctor.finding import Finding, Outcome
from vigie.matching.providers.tests.conftest import (  # noqa: F401  fixtures
    NOT_FOR_IT,
    index,
    lists,
    match_program,
)

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.rest]


def examined(url: str, environ: dict[str, str] | None) -> list[Finding]:
    with closing(Site(url)) as site:
        return match.examine(site, environ)


def test_it_is_content_with_the_program_as_it_runs(match_program, child_environment):  # noqa: F811
    environ = {k: v for k, v in child_environment.items() if k not in NOT_FOR_IT}
    environ["VIGIE_SURFACE"] = "match"
    wide = environ["VIGIE_DATABASE"].startswith("postgresql")  # the tests' role may do all
    found = {one.name: one for one in examined(match_program, environ)}
    rights = found.pop("match.rights")
    assert {one.outcome for one in found.values()} == {Outcome.OK}, found
    assert rights.outcome == (Outcome.FAIL if wide else Outcome.OK), rights


@pytest.fixture
def careless():
    """Something that answers everything, to everybody, with a cookie."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Set-Cookie", "a=b")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_what_lets_strangers_in_is_told(careless):
    found = {one.name: one.outcome for one in examined(careless, {"VIGIE_KEYS": "x"})}
    failed = {name for name, outcome in found.items() if outcome is Outcome.FAIL}
    assert {"match.shut", "match.cookies", "match.no_store"} <= failed
    assert found["match.rights"] is Outcome.SKIPPED
    keys = {"VIGIE_DATABASE": "sqlite:///", "VIGIE_KEYS": "x"}
    assert examined(careless, keys)[-1].outcome is Outcome.FAIL


def test_what_does_not_answer_is_told():
    (one,) = examined("http://127.0.0.1:9", None)
    assert one.outcome is Outcome.FAIL
