"""Chromium, and one watched window for each person. Nothing is fetched from the network."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.demonstration import Demonstration

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# What a browser says by itself of an answer that the page expected: 4xx and 5xx of our own pages.
EXPECTED = ("Failed to load resource: the server responded with a status of",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    missing = pytest.mark.skip(reason=f"no Chromium at {CHROMIUM} (set CHROMIUM)")
    for item in items:
        if here not in item.path.parents:
            continue
        for mark in (pytest.mark.browser, pytest.mark.pure, pytest.mark.xdist_group("browser")):
            item.add_marker(mark)
        if not CHROMIUM.exists():
            item.add_marker(missing)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
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
        return page

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc not in self.hosts:
            self.wrong.append(f"a request left for {url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.wrong.append(f"{message.location.get('url')}: {message.text}")


Window = Callable[..., Page]


@pytest.fixture
def window(chromium: Browser, demonstration: Demonstration) -> Iterator[Window]:
    """A new window of somebody's own (cookies apart); at the end nothing may have gone wrong.

    Keywords are those of Playwright's ``new_context``; ``session`` is the desk session to carry.
    """
    places = (demonstration.public, demonstration.desk, demonstration.outside)
    hosts = frozenset(urlsplit(place).netloc for place in places)
    opened: list[Watched] = []

    def open_window(session: str = "", **options: Any) -> Page:
        given = {"locale": "fr", "viewport": {"width": 1280, "height": 900}, **options}
        watched = Watched(chromium.new_context(**given), hosts)
        opened.append(watched)
        if session:
            cookie = {"name": "desk", "value": session, "url": demonstration.desk}
            watched.context.add_cookies([cookie])
        return watched.page()

    yield open_window
    for watched in opened:
        watched.context.close()
    assert not [wrong for watched in opened for wrong in watched.wrong]


@pytest.fixture(scope="session")
def sessions(demonstration: Demonstration) -> dict[str, str]:
    return demonstration.sessions()
