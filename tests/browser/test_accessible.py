"""Nobody is shut out: every page in every state, looked at by axe, at the widths people have."""

import http.client
from collections.abc import Callable, Iterator

import pytest
from _pytest.mark import ParameterSet
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser import checks
from tests.browser.conftest import Open, Watched
from tests.browser.sight import DESK, PUBLIC, Sight, Visit
from tests.browser.sights import NO_PAGES, SIGHTS
from tests.browser.world import World
from tests.demonstration import BROWSER
from tests.house.pages import pages_of
from vigie.sandbox.web import ROUTES

pytestmark = [*BROWSER, pytest.mark.rest]

LANGUAGES = ["fr", "nl", "de", "en"]
# The sandbox is not part of the product and speaks English only.
SPOKEN = {"outside": "en"}
WIDTHS = (1280, 360)
IN_ALL_LANGUAGES = [sight for sight in SIGHTS if sight.surface != "outside"]
# Twenty cards are drawn for it; what it is, its own tests say.
TAKES_LONG = {"press_pack"}
See = Callable[..., Page]


@pytest.fixture(scope="module")
def spoken(world: World) -> Iterator[list[str]]:
    """The language that the desk's people read at present (they are made with French)."""
    present = ["fr"]
    yield present
    if present != ["fr"]:
        world.speak("fr")


@pytest.fixture(scope="module")
def windows() -> Iterator[dict[tuple[str, str], tuple[Watched, Page]]]:
    """One for each person and language, kept open: a warm window is four times as fast."""
    kept: dict[tuple[str, str], tuple[Watched, Page]] = {}
    yield kept
    for watched, _page in kept.values():
        watched.context.close()


@pytest.fixture(scope="module")
def settled(world: World) -> None:
    """The public pages come first: meanwhile the worker, the police and the host do their part."""
    world.settle()


@pytest.fixture
def see(
    request: pytest.FixtureRequest,
    world: World,
    open_watched: Open,
    windows: dict[tuple[str, str], tuple[Watched, Page]],
    spoken: list[str],
) -> Iterator[See]:
    """Look at a sight in a language; nothing may go wrong in the window meanwhile."""
    used: list[Watched] = []

    def look(sight: Sight, language: str = "fr") -> Page:
        if sight.surface != "public":
            request.getfixturevalue("settled")
        if spoken[0] != language:
            world.speak(language)
            spoken[0] = language
        if (sight.who, language) not in windows:
            watched = open_watched(world.sessions.get(sight.who, ""), locale=language)
            watched.context.add_init_script(AXE_SCRIPT)
            windows[sight.who, language] = watched, watched.page()
        watched, page = windows[sight.who, language]
        used.append(watched)
        if not sight.who:
            watched.context.clear_cookies()
        page.unroute_all()
        page.emulate_media(color_scheme="light")
        checks.at_width(page, 1280)
        base = str(getattr(world.demonstration, sight.surface))
        sight.reach(Visit(page, world, base, language))
        return page

    yield look
    wrong = [one for watched in used for one in watched.wrong]
    for watched in used:
        watched.wrong.clear()
    assert wrong == []


def no_page_is_forgotten(urlconf: str, surface: str) -> None:
    listed = {sight.name for sight in SIGHTS if sight.surface == surface}
    known = {page.name or page.route for page in pages_of(urlconf)}
    assert known - listed - NO_PAGES[urlconf] == set(), "neither looked at nor known to be no page"
    assert NO_PAGES[urlconf] - known == set(), "no such address any more"


def test_every_address_of_the_public_site_is_looked_at_or_is_no_page() -> None:
    no_page_is_forgotten(PUBLIC, "public")


def test_every_address_of_the_desk_is_looked_at_or_is_no_page() -> None:
    no_page_is_forgotten(DESK, "desk")


def test_every_page_of_the_sandbox_is_looked_at() -> None:
    listed = {sight.name for sight in SIGHTS if sight.surface == "outside"}
    routes = {pattern.pattern for verb, pattern, _view in ROUTES if verb == "GET"}
    assert {route for route in routes if not route.startswith(("/api/", "/static/"))} <= listed


@pytest.mark.parametrize(("urlconf", "surface"), [(PUBLIC, "public"), (DESK, "desk")])
def test_what_is_said_to_be_no_page_shows_none(urlconf: str, surface: str, world: World) -> None:
    host = str(getattr(world.demonstration, surface)).removeprefix("http://")
    asked = NO_PAGES[urlconf] - TAKES_LONG
    addresses = [p.address(urlconf) for p in pages_of(urlconf) if (p.name or p.route) in asked]
    people = world.sessions.values() if surface == "desk" else [""]
    for address in addresses:
        for session in people:
            connection = http.client.HTTPConnection("127.0.0.1", int(host.rpartition(":")[2]))
            connection.request("GET", address, headers={"Host": host, "Cookie": f"desk={session}"})
            answer = connection.getresponse()
            html = "html" in (answer.getheader("Content-Type") or "")
            assert not (html and answer.status == 200), address
            connection.close()


def test_the_check_sees_what_is_wrong(see: See) -> None:
    page = see(SIGHTS[0])
    page.evaluate(
        """() => {
          const image = document.createElement("img");
          image.style.width = "2000px";
          image.style.maxWidth = "none";
          document.querySelector("h1").replaceWith(image);
        }"""
    )
    found = "\n".join(faults(page, "de"))
    for wrong in ("0 first headings", "language fr", "360: image-alt", "320 sticks out"):
        assert wrong in found


def faults(
    page: Page, language: str, *, bare: bool = False, widths: tuple[int, ...] = WIDTHS
) -> list[str]:
    """What is wrong with an open page, at each width."""
    found = checks.skeleton(page, language, bare=bare)
    for width in widths:
        checks.at_width(page, width)
        found += [f"{width}: {wrong}" for wrong in checks.obstacles(page)]
        found += [f"{width} sticks out: {wrong}" for wrong in checks.sticks_out(page)]
    checks.at_width(page, 320)
    return found + [f"320 sticks out: {wrong}" for wrong in checks.sticks_out(page)]


# Of the desk, in the five minutes of the suite: what an analyst has before her all day.
ALL_DAY = {"queue", "item", "words", "care", "together"}


def once(number: int, sight: Sight) -> ParameterSet:
    """A page in its first state; the others are the matrix's."""
    first = all((one.surface, one.name) != (sight.surface, sight.name) for one in SIGHTS[:number])
    now = sight.surface == "public" or (sight.surface == "desk" and sight.name in ALL_DAY)
    left = [] if now else [pytest.mark.rest]
    marks = left if first else [pytest.mark.matrix]
    return pytest.param(number, sight, id=str(sight), marks=marks)


@pytest.mark.parametrize(
    ("number", "sight"), [once(number, sight) for number, sight in enumerate(SIGHTS)]
)
def test_a_page_has_no_obstacle_at_the_width_of_a_desktop_or_a_phone(
    number: int, sight: Sight, see: See
) -> None:
    """At one of the two, by turns: looking takes axe half of the time. The matrix has both."""
    language, width = SPOKEN.get(sight.surface, "fr"), WIDTHS[number % 2]
    assert faults(see(sight), language, bare=sight.bare, widths=(width,)) == []


@pytest.mark.matrix
@pytest.mark.parametrize("sight", IN_ALL_LANGUAGES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)  # one language after the other
def test_a_page_has_no_obstacle_in_any_language_light_or_dark(
    sight: Sight, language: str, see: See
) -> None:
    page = see(sight, language)
    found = faults(page, language, bare=sight.bare)
    page.emulate_media(color_scheme="dark")
    for width in WIDTHS:
        checks.at_width(page, width)
        found += [f"dark, {width}: {wrong}" for wrong in checks.obstacles(page, checks.COLOURS)]
    assert found == []


def named(name: str) -> Sight:
    """The first sight of a page, or of a page in a state: ``studio``, ``studio-chosen``."""
    return next(one for one in SIGHTS if name in (one.name, f"{one.name}-{one.state}"))


@pytest.mark.parametrize("name", ["report", "item", "studio"])
def test_the_first_stop_of_the_keyboard_leads_past_the_menu(name: str, see: See) -> None:
    page = see(named(name))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#content').contains(document.activeElement)")


def stops(page: Page) -> list[str]:
    """Where Tab stops, from the top of the page until it leaves it."""
    found: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const one = document.activeElement;
              if (one === document.body) return "";
              const style = getComputedStyle(one);
              if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
                return "unmarked: " + one.outerHTML.slice(0, 120);
              one.dataset.stop ??= String(document.querySelectorAll("[data-stop]").length);
              return one.dataset.stop;
            }"""
        )
        if stop == "" or stop in found:
            return found
        found.append(stop)
    raise AssertionError("Tab never left the page")


LATER = [
    pytest.param(one, marks=pytest.mark.rest) for one in ("queue", "account_login", "moderate")
]


@pytest.mark.parametrize("name", ["report", "item", "studio-chosen", *LATER])
def test_tab_reaches_everything_that_can_be_used_in_reading_order(name: str, see: See) -> None:
    page = see(named(name))
    page.locator("summary").evaluate_all("all => all.forEach((one) => one.click())")
    # From the very top, wherever the way to this page has left the focus.
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    page.evaluate("document.body.removeAttribute('tabindex')")
    found = stops(page)
    assert [stop for stop in found if stop.startswith("unmarked")] == []
    missed = page.evaluate(
        """(focusable) => [...document.querySelectorAll(focusable)].filter((one) =>
             one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && !one.dataset.stop
             && !(one.type === "radio" && document.querySelector(
               `[name="${one.name}"][data-stop]`))).map((one) => one.outerHTML.slice(0, 120))""",
        checks.FOCUSABLE,
    )
    assert missed == []
    order = page.evaluate(
        "() => [...document.querySelectorAll('[data-stop]')].map((one) => one.dataset.stop)"
    )
    assert order == found, "Tab does not go in reading order"


@pytest.mark.rest
@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.matrix), 640])
@pytest.mark.parametrize("name", ["report", "studio-chosen", "wall", "card", "campaign_words"])
def test_a_page_can_be_read_with_text_at_twice_its_size(name: str, width: int, see: See) -> None:
    page = see(named(name))
    checks.at_width(page, width)
    page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach(e => e.click())")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert checks.sticks_out(page) == []
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main *, header *")].filter((one) =>
             getComputedStyle(one).overflow !== "visible" && one.tagName !== "TEXTAREA"
             && !one.matches(".off-screen, select, input, .stage, .window")
             && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
           ).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert cut == []
