"""The viewer and its keys: what is on the screen is not left by accident, and nothing comes, or is
decided, that nobody asked for."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Window
from tests.browser.sight import Visit
from tests.browser.sights import in_my_hands, looking
from tests.browser.world import Person, World
from tests.demonstration import BROWSER

pytestmark = [*BROWSER, pytest.mark.rest]
FILM = "http://images.nord.test/a/film-1"
CHOSEN = "#assess input[name=classification]:checked"


@pytest.fixture
def peeking(window: Window, world: World) -> Page:
    """The lead's window, with a still on the screen."""
    page = window(world.sessions["lead"])
    looking(Visit(page, world, world.demonstration.desk, "fr"))
    return page


def test_arrows_and_the_space_bar_uncover_and_move_no_choice(peeking: Page) -> None:
    frame = peeking.locator("#veil .frame")
    for key, choice in (("1", "baseline"), ("4", "not_illegal")):
        peeking.keyboard.press(key)
        held(peeking, "ArrowDown", "pointed")
        held(peeking, "ArrowRight", "pointed")
        held(peeking, " ", "held")
        expect(peeking.locator(CHOSEN)).to_have_value(choice)
    peeking.locator("#assess input[value=baseline]").click()  # by the mouse: the focus is there
    held(peeking, "ArrowDown", "pointed")
    expect(peeking.locator(CHOSEN)).to_have_value("baseline")
    peeking.keyboard.press("Shift+Tab")  # whoever goes there with Tab has the arrows
    peeking.keyboard.press("Tab")
    peeking.keyboard.press("ArrowDown")
    expect(peeking.locator(CHOSEN)).to_have_value("national")
    expect(frame).to_have_class("frame")


def test_behind_a_dialog_the_page_hears_nothing(peeking: Page) -> None:
    sent = posts(peeking)
    keys = ["Control+Enter", "ArrowDown", "v", "l"]
    peeking.keyboard.press("5")
    peeking.keyboard.press("?")
    for key in keys:
        peeking.keyboard.press(key)
    expect(peeking.locator("#keys")).to_be_visible()
    peeking.keyboard.press("Escape")  # takes the list away, and not the still
    expect(peeking.locator("#veil .frame")).to_have_class("frame")
    quiet(peeking)
    for key in keys:
        peeking.keyboard.press(key)
    expect(peeking.locator("#calm")).to_be_visible()
    assert [path for path in sent if path != "looks"] == ["pictures"], "the quiet screen's own"


def test_a_held_enter_leaves_no_quiet_screen_and_asks_for_no_still(peeking: Page) -> None:
    sent = posts(peeking)
    quiet(peeking)
    for _ in range(4):  # the first is a press, the others that it is held
        peeking.keyboard.down("Enter")
    peeking.keyboard.up("Enter")
    expect(peeking.locator("#calm")).to_be_hidden()
    expect(peeking.locator("form[data-still] :focus")).to_have_count(1)
    quiet(peeking, held=True)
    expect(peeking.locator("#calm")).to_be_visible()
    assert [path for path in sent if path != "looks"] == ["pictures", "calm", "pictures"]


def test_caps_lock_changes_nothing(peeking: Page) -> None:
    """The letter comes as a capital, without Shift."""
    kept = peeking.locator("#about input:checked")
    before = kept.count()
    peeking.keyboard.press("X")
    peeking.keyboard.press("X")
    expect(kept).to_have_count(before - 1)
    with peeking.expect_request("**/pictures/**") as larger:
        peeking.keyboard.press("L")
    assert 'name="large"' in (larger.value.post_data or "")
    peeking.keyboard.press("Escape")
    for first in peeking.locator("[data-first]").all():
        first.evaluate("button => { button.hidden = true; }")
    peeking.keyboard.press("V")
    done = peeking.locator("#veil").get_attribute("data-done")
    expect(peeking.locator("#veil")).to_have_text(done or "?")


def posts(page: Page) -> list[str]:
    """What leaves the page from now on: the last word of each address."""
    sent: list[str] = []
    kinds = re.compile("/(assess|pictures|calm|looks)/")

    def note(request: Request) -> None:
        if request.method == "POST":
            found = kinds.search(request.url)
            sent.append(found[1] if found else request.url)

    page.on("request", note)
    return sent


def quiet(page: Page, held: bool = False) -> None:
    """A quiet screen instead of the next still. ``held``: by Enter, which is held on."""
    calm = {"X-Calm": "yes", "Cache-Control": "no-store"}
    page.route("**/pictures/**", lambda route: route.fulfill(status=204, headers=calm), times=1)
    first = page.locator("[data-first]").first
    first.evaluate("button => { button.hidden = false; }")  # as of a picture not yet seen
    first.focus()
    page.keyboard.down("Enter")
    expect(page.locator("#calm")).to_be_visible()
    if held:
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")


def held(page: Page, key: str, how: str) -> None:
    """Clear while it is held, and not afterwards."""
    page.keyboard.down(key)
    expect(page.locator("#veil .frame")).to_contain_class(how)
    page.keyboard.up(key)
    expect(page.locator("#veil .frame")).to_have_class("frame")


def test_enter_sends_the_reason_for_the_still_that_was_chosen(window: Window, world: World) -> None:
    page = window(world.sessions["lead"])
    item = Person(world.demonstration, world.sessions["lead"]).find(FILM)
    page.goto(f"{world.demonstration.desk}/queue/items/{item}/")
    in_my_hands(page)
    film = page.locator("form[data-next]")
    if film.locator("[data-first]:not([hidden])").count():
        film.locator("[data-first]").click()
        expect(page.locator(".still.clear")).to_be_visible()
    shown, looked = film.get_attribute("data-next"), page.locator(".standing").inner_text()
    film.locator("summary").click()
    for chosen, key in (("1", "Enter"), ("2", "Control+Enter")):
        if not film.locator(".again[open]").count():
            film.locator("summary").click()
        film.locator("[name=still]").select_option(chosen)
        film.locator("[name=own_why]").fill("encore")
        with page.expect_response("**/pictures/**") as got:
            page.keyboard.press(key)
        assert f'name="still"\r\n\r\n{chosen}\r\n' in (got.value.request.post_data or "")
        assert got.value.status == 200
        expect(page.locator("#veil .frame + p")).to_contain_text(f" {chosen} ")
    expect(page.locator(".standing")).not_to_have_text(looked)
    assert film.get_attribute("data-next") == shown, "no still is passed over"
