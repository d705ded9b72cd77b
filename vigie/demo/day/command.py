"""`vigie demo day`: reports of a known truth, worked off in Chromium by keyboard, and counted.

Prints JSON lines and words. Exits 0 when both goals are met, 1 when one is missed, 2 when something
that it needs is not there.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.demo import environment as env
from vigie.demo.day.mix import MIX, Sent, day
from vigie.demo.day.score import GOAL, Score, ceiling, scored
from vigie.demo.day.sending import let_the_list_confirm, send
from vigie.demo.programs import CLEAN

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from vigie.demo.day.analyst import Analyst

CHROMIUMS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome")
LOOKS_EACH = 25  # by which the number of colleagues is reckoned; the desk counts by itself
PATIENCE = 180  # seconds in which nothing at all comes about
PAUSE = 1.0


class Missing(Exception):
    """What this command needs and did not find, in one line."""


def run(reports: int, seed: int) -> int:
    try:
        with _chromium() as chromium:
            return _day(chromium, reports, seed)
    except Missing as error:
        print(f"vigie: {error}", file=sys.stderr)
        return 2
    except (urllib.error.URLError, ConnectionError):
        print("vigie: nothing answers. Start the demonstration first: make run", file=sys.stderr)
        return 2


@contextmanager
def _chromium() -> "Iterator[Browser]":
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  it may be missing
    except ImportError:
        raise Missing(
            "Playwright is not installed here. It is needed for developing only: "
            "pip install --require-hashes -r requirements-dev.txt"
        ) from None
    named = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUMS
    path = next((path for path in named if Path(path).exists()), None)
    if path is None:
        raise Missing(f"no Chromium at {' or '.join(named)}. Set CHROMIUM to where it is.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _day(chromium: "Browser", reports: int, seed: int) -> int:
    begun = time.monotonic()
    sent = day(reports, seed)
    _line("mix", reports=reports, seed=seed, of_a_hundred={" ".join(k): n for k, n in MIX.items()})
    let_the_list_confirm()
    for one in sent:
        send(one)
    _line("sent", reports=len(sent), seconds=round(time.monotonic() - begun))
    looks, people = _worked_off(chromium, sent)
    score = scored(sent, _ledger("decided"))
    _tell(score, sent, looks, people, round(time.monotonic() - begun))
    return 0 if score.met else 1


def _worked_off(chromium: "Browser", sent: list[Sent]) -> tuple[int, int]:
    """Until all is decided. How often somebody looked, and how many people it took."""
    from vigie.demo.day.analyst import Resting, Stuck  # noqa: PLC0415  it needs Playwright

    looks, colleagues = 0, _ledger("people", str(2 + len(sent) // LOOKS_EACH))
    for number, person in enumerate(colleagues, start=1):
        analyst = _at_the_desk(chromium, str(person["session"]), sent)
        try:
            _until_all_is_decided(analyst, sent)
        except Resting:
            continue
        except Stuck as error:  # the day goes on with a colleague, and says so
            _line("stuck", at=analyst.page.url, why=str(error).splitlines()[0])
            continue
        finally:
            looks += analyst.looks
            _line(str(person["name"]), looks=analyst.looks, decisions=analyst.decisions)
            analyst.page.context.close()
        return looks, number
    return looks, len(colleagues)


def _at_the_desk(chromium: "Browser", session: str, sent: list[Sent]) -> "Analyst":
    from vigie.demo.day.analyst import Analyst  # noqa: PLC0415  it needs Playwright

    context = chromium.new_context(locale="en", reduced_motion="reduce")
    context.add_cookies([{"name": "desk", "value": session, "url": env.DESK_URL}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    return Analyst(page, env.DESK_URL, sent)


def _until_all_is_decided(analyst: "Analyst", sent: list[Sent]) -> None:
    since = time.monotonic()
    while time.monotonic() - since < PATIENCE:
        decisions = analyst.decisions
        if analyst.work():
            since = time.monotonic() if analyst.decisions > decisions else since
        elif not scored(sent, _ledger("decided")).undecided:
            return
        else:
            time.sleep(PAUSE)
            analyst.refresh()


def _ledger(*words: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "vigie.demo.day.ledger", *words],
        env={**CLEAN, **env.load_environment("worker")},
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _tell(score: Score, sent: list[Sent], looks: int, people: int, seconds: int) -> None:
    for reference, said, truth in score.wrong:
        _line("wrong", item=reference, decided=said, truth=truth)
    for what in score.undecided:
        _line("undecided", item=what)
    _line(
        "day",
        reports=len(sent),
        items=score.items,
        confirmed=score.confirmed,
        with_pictures=score.pictured,
        without_view=score.without_view,
        share=round(score.share, 3),
        ceiling=round(ceiling(sent), 3),
        by_policy=score.by_policy,
        together=score.together,
        looks=looks,
        people=people,
        wrong=len(score.wrong),
        undecided=len(score.undecided),
        seconds=seconds,
    )
    verdict = "Both goals are met." if score.met else "A goal is missed."
    print(
        f"{score.without_view} of {score.pictured} confirmed items were decided without a view: "
        f"{score.share:.0%} (goal {GOAL:.0%}; this mix allows {ceiling(sent):.0%} at most). "
        f"Wrongly decided: {len(score.wrong)} (goal 0). Left undecided: {len(score.undecided)}. "
        f"{verdict}"
    )


def _line(what: str, **more: object) -> None:
    print(json.dumps({"day": what, **more}), flush=True)
