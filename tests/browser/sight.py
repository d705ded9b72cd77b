"""What a sight is: a page in a state worth looking at, and the ways there."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import set_urlconf
from django.utils.translation import override
from playwright.sync_api import Page, Route

from tests.browser.world import World

PUBLIC, DESK = "config.public_urls", "config.desk_urls"
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(frozen=True)
class Visit:
    """A window, and who looks through it: ``base`` is the surface's origin."""

    page: Page
    world: World
    base: str
    language: str

    def go(self, path: str) -> None:
        self.page.goto(self.base + path.format(**vars(self.world), lang=self.language))


Reach = Callable[[Visit], None]


@dataclass(frozen=True)
class Sight:
    """``surface``: public, desk or outside; ``who``: whose session; ``reach``: the way there.

    ``bare``: a page for other people's frames or a hall, with no menu to get past.
    """

    surface: str
    name: str
    reach: Reach
    state: str = ""
    who: str = ""
    bare: bool = False

    def __str__(self) -> str:
        return "-".join(filter(None, (self.surface, self.name, self.state)))


def at(path: str) -> Reach:
    return lambda visit: visit.go(path)


def sent(path: str, button: str, **fields: str) -> Reach:
    """Open an address, fill in fields by name, press the button."""

    def reach(visit: Visit) -> None:
        visit.go(path)
        for name, value in fields.items():
            visit.page.locator(f"main [name={name}]").first.fill(value)
        with visit.page.expect_navigation():
            visit.page.locator(button).first.click()

    return reach


def answered(urlconf: str, write: Callable[[HttpRequest], HttpResponse]) -> Reach:
    """What a healthy program never says, put in its place: the page as it would be sent."""

    def reach(visit: Visit) -> None:
        def answer(route: Route) -> None:
            request = RequestFactory().get(f"/{visit.language}/broken/")
            request.user = AnonymousUser()
            set_urlconf(urlconf)
            with override(visit.language):
                written = write(request)
            set_urlconf(None)
            route.fulfill(status=written.status_code, body=written.content, headers=HTML)

        visit.page.route("**/broken/", answer)
        visit.go("/broken/")

    return reach


# Past the browser's own check.
SEND_ANYHOW = "form => { form.noValidate = true; form.requestSubmit(); }"


def blank(path: str, form: str) -> Reach:
    """Send a form empty, past the browser's own check."""

    def reach(visit: Visit) -> None:
        visit.go(path)
        with visit.page.expect_navigation():
            visit.page.locator(form).first.evaluate(SEND_ANYHOW)

    return reach


def public(name: str, path: str, state: str = "", *, bare: bool = False) -> Sight:
    return Sight("public", name, at(f"/{{lang}}/{path}"), state, bare=bare)


def desk(name: str, who: str, reach: str | Reach, state: str = "") -> Sight:
    way = at(reach) if isinstance(reach, str) else reach
    return Sight("desk", name, way, state, who)
