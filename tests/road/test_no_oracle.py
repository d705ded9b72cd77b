"""From outside, a place that the hotline knows is like one it never heard of: in what is answered,
in how long it takes, and in what the receipt shows."""

import http.client
import re
import secrets
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
import pytest

from tests.demonstration import RUNNING, Demonstration, until
from vigie.demo.browser import Browser
from vigie.demo.visitor import FIRST, find

pytestmark = RUNNING
PAIRS = 60
KNOWN = "http://hub.carpates.test/a/forest"
# What differs between any two reports: the token of the next page.
OWN = re.compile(rb'name="token" value="\w+"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Answer:
    known: bool
    said: object
    seconds: float


def ask(line: http.client.HTTPConnection, path: str, **fields: str) -> tuple[object, float]:
    """What is answered, without what is each report's own; seconds until all of it was there."""
    begun = time.perf_counter()
    line.request("POST", path, urlencode(fields), FORM)
    answer = line.getresponse()
    page = answer.read()
    seconds = time.perf_counter() - begun
    head = {(n.lower(), v) for n, v in answer.getheaders() if n.lower() != "date"}
    return (answer.status, frozenset(head), OWN.sub(b"", page)), seconds


def receipt_of(line: http.client.HTTPConnection) -> str:
    line.request("GET", "/en/report/")
    found = re.search(r'name="receipt" value="([^"]+)"', line.getresponse().read().decode())
    assert found
    return found[1]


@pytest.fixture(scope="module")
def answers(
    demonstration: Demonstration, sessions: dict[str, str]
) -> tuple[list[Answer], list[Answer]]:
    """Of reports, and of the receipts of these reports; known and new places in random order."""
    assert KNOWN in FIRST
    analyst = Browser(demonstration.desk)
    analyst.cookies["desk"] = sessions["analyst"]
    until(lambda: find(analyst, KNOWN))
    order = [True, False] * PAIRS
    secrets.SystemRandom().shuffle(order)
    line = http.client.HTTPConnection("localhost", demonstration.port)
    reports, receipts = [], []
    for known in order:
        words = receipt_of(line)
        new = f"http://hub.carpates.test/a/{secrets.token_hex(3)}"
        where = KNOWN if known else new
        assert len(new) == len(KNOWN)
        reports.append(Answer(known, *ask(line, "/en/report/", where=where, receipt=words)))
        said, seconds = ask(line, "/en/receipt/", words=words)
        said = (*said[:2], said[2].replace(words.encode(), b""))  # type: ignore[index]
        receipts.append(Answer(known, said, seconds))
    line.close()
    return reports, receipts


def p_of(answers: list[Answer]) -> float:
    """How often chance alone parts the medians as far: a permutation test, two-sided."""
    seconds = np.array([a.seconds for a in answers])
    known = np.array([a.known for a in answers])
    chance = np.random.default_rng(78)

    def apart(mask: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> float:
        return abs(float(np.median(seconds[mask]) - np.median(seconds[~mask])))

    seen = apart(known)
    return statistics.fmean(apart(chance.permutation(known)) >= seen for _ in range(2000))


def test_the_answers_are_the_same_to_the_letter(answers) -> None:
    for kind in answers:
        assert len({answer.said for answer in kind}) == 1


def test_their_times_tell_nothing(answers) -> None:
    # One in a thousand by chance, for each of the two.
    assert all(p_of(kind) > 0.001 for kind in answers)


def test_the_test_would_see_a_difference(answers) -> None:
    """Had known places taken twice as long, it would say so."""
    for kind in answers:
        slower = float(np.percentile([answer.seconds for answer in kind], 75))
        told = [Answer(a.known, a.said, a.seconds + slower * a.known) for a in kind]
        assert p_of(told) < 0.01
