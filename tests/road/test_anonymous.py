"""The reporter leaves no trace: not in a database, not in a log, not in the mail, nowhere.

A report is sent to the running system over a plain socket, from an address of its own (127.9.8.7)
and with a mark in every header and file that a browser could send; requests that fail carry the
same. When the report has been opened, looked at, assessed and referred, every byte of every file of
the demonstration is searched for the marks and the address.
"""

import base64
import re
import secrets
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from os import kill
from pathlib import Path

import pytest

from config.front import FRONT
from tests.demonstration import RUNNING, Demonstration, until
from tests.road.reporter import REPORTER, Reporter, report, report_with_a_file, requests_that_fail
from vigie.demo.browser import Browser
from vigie.demo.visitor import find
from vigie.sandbox.client import SandboxClient

pytestmark = RUNNING


@dataclass(frozen=True)
class Told:
    """A report that went its way to the police, and what its sender let fall."""

    reporter: Reporter
    address: str
    sha256: str


@pytest.fixture(scope="module")
def told(demonstration: Demonstration, sessions: dict[str, str]) -> Told:
    reporter = Reporter(demonstration.port)
    place = f"http://galerie.nord.test/a/anonymous-{secrets.token_hex(4)}"
    report(reporter, place)
    report_with_a_file(reporter, f"{place}-2")
    analyst = Browser(demonstration.desk)
    analyst.cookies["desk"] = sessions["analyst"]
    _until_referred(demonstration, analyst, place)
    # Last, so that what it lets fall cannot hinder the report.
    requests_that_fail(reporter)
    return Told(reporter, place, _a_hash_of(demonstration))


def _until_referred(demonstration: Demonstration, analyst: Browser, place: str) -> None:
    def assessable() -> str | None:
        path = find(analyst, place)
        page = analyst.get(path) if path else None
        ready = page and any(form.action.endswith("/assess/") for form in page.forms)
        return path if ready and page and place in page.text else None

    path = until(assessable)
    page = analyst.get(path)
    still = next(form for form in page.forms if "/pictures/" in form.action)
    assert analyst.send(page, still).body.startswith(b"\xff\xd8")
    page = analyst.get(path)
    assert analyst.send(page, page.form("/assess/"), classification="baseline").status == 200
    police = SandboxClient(demonstration.outside)
    until(lambda: [p for p in police.packs() if any(i["url"] == place for i in p["items"])])


def _rows(database: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        return list(connection.execute(query))


def _a_hash_of(demonstration: Demonstration) -> str:
    judged = "SELECT sha256 FROM matching_judgedhash ORDER BY id DESC LIMIT 1"
    return str(_rows(demonstration.folder / "vigie.sqlite3", judged)[0][0])


def _values(database: Path) -> Iterator[bytes]:
    tables = _rows(database, "SELECT name FROM sqlite_master WHERE type = 'table'")
    for (table,) in tables:
        for row in _rows(database, f'SELECT * FROM "{table}"'):
            yield b"\0".join(v if isinstance(v, bytes) else str(v).encode() for v in row)


def _everything(demonstration: Demonstration) -> Iterator[tuple[str, bytes]]:
    """Every file of the demonstration and of what started it, and every row of its databases."""
    for path in sorted(demonstration.folder.parent.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
    for name in ("front.sqlite3", "vigie.sqlite3"):
        for value in _values(demonstration.folder / name):
            yield name, value


def _in_base64(data: bytes, before: int) -> bytes:
    """What is sure to stand in base 64 wherever ``data`` does: the whole letters of it alone.

    As long as can be: four letters stand in any key by chance.
    """
    encoded = base64.b64encode(bytes(before) + data)
    end = len(encoded) - (0, 3, 2)[(before + len(data)) % 3]
    return encoded[(0, 2, 3)[before] : end]


def _where(demonstration: Demonstration, *texts: str) -> set[str]:
    """The files in which one of the texts stands: plain, in base 64, in hexadecimal, in UTF-16."""
    wanted: list[bytes] = []
    for text in texts:
        data = text.encode()
        wanted += [data, data.hex().encode(), text.encode("utf-16-le")]
        wanted += [_in_base64(data, n).lower() for n in range(3)]
    pattern = re.compile(b"|".join(re.escape(w) for w in wanted))
    return {name for name, data in _everything(demonstration) if pattern.search(data.lower())}


def test_no_mark_and_no_address_of_the_reporter_stands_anywhere(
    told: Told, demonstration: Demonstration
) -> None:
    # One word begins all marks; the search finds what is there, in the databases and in the mail.
    assert _where(demonstration, told.sha256) >= {"vigie.sqlite3"}
    assert any(name.endswith(".eml") for name in _where(demonstration, "police@police-be.test"))
    assert len(told.reporter.marks) > 150
    assert _where(demonstration, told.reporter.token, told.reporter.typed) == set()
    assert _where(demonstration, REPORTER, "7.8.9.127.in-addr") == set()


def test_the_reported_address_stands_nowhere_in_the_open(
    told: Told, demonstration: Demonstration
) -> None:
    """It is sealed in the databases and encrypted in the mail; the hosts' own files are outside."""
    path = told.address.removeprefix("http://galerie.nord.test")
    assert _where(demonstration, path) == set()


def test_no_answer_sets_a_cookie_or_repeats_a_mark(told: Told) -> None:
    answers = [answer.lower() for answer in told.reporter.answers if answer]
    assert len(answers) > 12
    for answer in answers:
        head = answer.partition(b"\r\n\r\n")[0]
        assert b"\nset-cookie" not in head
        assert REPORTER.encode() not in answer
        assert told.reporter.token.encode() not in answer


def test_no_page_is_kept_on_the_way_or_tells_another_site_where_it_was_left(told: Told) -> None:
    pages = [answer for answer in told.reporter.answers if b"<!doctype html" in answer]
    assert len(pages) > 8
    for page in pages:
        head = page.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
        assert b"referrer-policy: no-referrer" in head
        assert b"cache-control: no-store" in head


@contextmanager
def _worker_asleep(demonstration: Demonstration) -> Iterator[None]:
    """The worker stands still (not in the middle of a write), so that letters stay unopened."""

    def asleep() -> bool:
        kill(demonstration.pid("worker"), signal.SIGSTOP)
        try:
            with closing(sqlite3.connect(front, timeout=0.1, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            kill(demonstration.pid("worker"), signal.SIGCONT)
            return False
        return True

    front = demonstration.folder / "front.sqlite3"
    until(asleep)
    try:
        yield
    finally:
        kill(demonstration.pid("worker"), signal.SIGCONT)


# Without the sealed part: its length varies by chance (age adds a stanza of a random size).
LETTERS = """SELECT id, words IS NULL, received_hour, due_at, lease_until, lease_by,
  attempts, last_error FROM intake_letter"""
RECEIPTS = "SELECT hash, course, week, outcome FROM intake_shownreceipt"
FIGURES = 'SELECT id, week, "values" FROM figures_publishedfigures'


def test_what_the_public_program_can_reach_tells_no_known_address_from_a_new_one(
    told: Told, demonstration: Demonstration
) -> None:
    front = demonstration.folder / "front.sqlite3"
    fresh = told.address.replace("anonymous", "otherwise")
    until(lambda: not _rows(front, LETTERS))
    with _worker_asleep(demonstration):
        before, figures = set(_rows(front, RECEIPTS)), _rows(front, FIGURES)
        places = (told.address, fresh)
        known, new = (report(Reporter(demonstration.port), where) for where in places)
        assert known == new, "the answers differ by their token alone"
        letters = _rows(front, LETTERS)  # a report and what was added, of each
        assert len({row[0] for row in letters}) == 4
        assert len({row[1:] for row in letters}) == 1, "letters differ by their number alone"
        shown = [row[1:] for row in set(_rows(front, RECEIPTS)) - before]
        assert len(shown) == 2
        assert shown[0] == shown[1]
        assert _rows(front, FIGURES) == figures
    until(lambda: not _rows(front, LETTERS))
    tables = _rows(front, "SELECT name FROM sqlite_master WHERE type = 'table'")
    reachable = {f"{app}_{model}" for app, model in FRONT}
    assert {str(name) for (name,) in tables} - {"django_migrations", "sqlite_sequence"} == reachable
