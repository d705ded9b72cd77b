"""Chromium, and one watched window for each person. Nothing is fetched from the network."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.browser import campaign
from tests.browser.passkeys import add_passkey
from tests.browser.world import World, arrange
from tests.demonstration import Demonstration

# Debian has it without its windows too: the same pages, for two thirds of the CPU.
SHELL, WHOLE = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
CHROMIUM = Path(os.environ.get("CHROMIUM") or (SHELL if SHELL.exists() else WHOLE))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# What a browser says by itself of an answer that the page expected: 4xx and 5xx of our own pages.
# (And of a still that is no longer in memory: the test asks for it, to see that it is gone.)
EXPECTED = ("Failed to load resource: the server responded with a status of",)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM} (set CHROMIUM)")
    expect.set_options(timeout=15_000)  # as long as everything else may take: cards are drawn
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A window, and everything about it that should not have happened."""

    context: BrowserContext
    hosts: frozenset[str]
    wrong: list[str] = field(default_factory=list)

    def page(self) -> Page:
        page = self.context.new_page()
        page.on("request", lambda request: self._asked(request.url))
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.set_default_timeout(15_000)
        # One page of the desk draws five cards: on a busy machine that takes a while.
        page.set_default_navigation_timeout(60_000)
        return page

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc not in self.hosts:
            self.wrong.append(f"a request left for {url}")

    def _said(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        expected = message.text.startswith(EXPECTED) or where.startswith("blob:")
        if message.type in ("error", "warning") and not expected:
            self.wrong.append(f"{where}: {message.text}")


Open = Callable[..., Watched]
Window = Callable[..., Page]


@pytest.fixture(scope="package")
def open_watched(chromium: Browser, demonstration: Demonstration) -> Open:
    """Opens a browser of somebody's own; ``session``: the desk session to carry.

    The other keywords are those of Playwright's ``new_context``.
    """
    places = (demonstration.public, demonstration.desk, demonstration.outside)
    hosts = frozenset(urlsplit(place).netloc for place in places)

    def open_one(session: str = "", **options: Any) -> Watched:
        size = {"width": 1280, "height": 900}
        # Without motion: a colour half-way between light and dark is nobody's.
        given = {"locale": "fr", "viewport": size, "reduced_motion": "reduce", **options}
        watched = Watched(chromium.new_context(**given), hosts)
        if session:
            cookie = {"name": "desk", "value": session, "url": demonstration.desk}
            watched.context.add_cookies([cookie])
        return watched

    return open_one


@pytest.fixture
def window(open_watched: Open) -> Iterator[Window]:
    """A new window for this test only; at its end nothing may have gone wrong in it."""
    opened: list[Watched] = []

    def open_window(session: str = "", **options: Any) -> Page:
        opened.append(open_watched(session, **options))
        return opened[-1].page()

    yield open_window
    for watched in opened:
        watched.context.close()
    assert not [wrong for watched in opened for wrong in watched.wrong]


@pytest.fixture(scope="package")
def cats(demonstration: Demonstration) -> None:
    """The first cats hang, and three wait for somebody."""
    campaign.settle(demonstration)


@pytest.fixture(scope="package")
def world(
    demonstration: Demonstration,
    sessions: dict[str, str],
    chromium: Browser,
) -> World:
    arranged = arrange(demonstration, sessions)
    with chromium.new_context(locale="fr") as context:
        cookie = {"name": "desk", "value": sessions["administrator"], "url": demonstration.desk}
        context.add_cookies([cookie])
        return replace(arranged, key=add_passkey(context.new_page(), demonstration.desk))
