"""The viewer and its keys: what is on the screen is not left by accident, and nothing comes, or is
decided, that nobody asked for."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.sight import Visit
from tests.browser.sights import looking
from tests.browser.world import Person, World
from tests.demonstration import BROWSER

pytestmark = BROWSER
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
    film = page.locator("form[data-next]")
    if film.locator("[data-first]:not([hidden])").count():
        film.locator("[data-first]").click()
        expect(page.locator(".still.clear")).to_be_visible()
    shown = film.get_attribute("data-next")
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
    assert film.get_attribute("data-next") == shown, "no still is passed over"
