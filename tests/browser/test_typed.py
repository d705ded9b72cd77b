"""What somebody typed or ticked of a decision: theirs until it is sent, and sent as it is said."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.sight import SEND_ANYHOW
from tests.browser.sights import PASSPHRASE
from tests.browser.test_keys import go, tell
from tests.browser.test_viewer import CHOSEN, held, posts
from tests.browser.world import Person, World
from tests.demonstration import BROWSER, until

pytestmark = [*BROWSER, pytest.mark.rest]


@pytest.fixture
def item(window: Window, world: World) -> Page:
    """The lead's window, at an item with three pictures that nobody has seen."""
    place = f"http://galerie.nord.test/a/{secrets.token_hex(4)}"
    tell(world.demonstration, place)
    lead = Person(world.demonstration, world.sessions["lead"])
    number = until(lambda: _looked_at(lead, place))
    page = window(world.sessions["lead"])
    page.goto(f"{world.demonstration.desk}/queue/items/{number}/")
    return page


def _looked_at(lead: Person, place: str) -> int | None:
    try:
        number = lead.find(place)
    except StopIteration:
        return None
    return number if lead.offers(f"/queue/items/{number}/", "/assess/") else None


def look(page: Page) -> None:
    """The next still; a quiet screen that may come before it is left."""
    page.keyboard.press("v")
    still, calm = page.locator("#veil .frame"), page.locator("#calm[open]")
    expect(still.or_(calm)).to_be_visible()
    if calm.count():
        page.keyboard.press("Enter")
        page.keyboard.press("v")
    expect(still).to_be_visible()


def box(page: Page, number: int):
    return page.locator("#about input").nth(number - 1)


def test_enter_on_a_choice_or_in_a_field_decides_nothing(item: Page) -> None:
    sent, address = posts(item), item.url
    item.keyboard.press("6")
    expect(item.locator("#assess input[value=out_of_remit]")).to_be_focused()
    item.keyboard.press("Enter")
    item.keyboard.press("Shift+H")
    item.keyboard.type("the consumer line")
    item.keyboard.press("Enter")
    expect(item.locator("#assess [name=hand_over_to]")).to_be_focused()
    assert (sent, item.url) == ([], address)


def test_a_picture_ticked_by_hand_stays_so_over_a_note(item: Page) -> None:
    look(item)
    item.keyboard.press("1")
    item.keyboard.press("x")  # keeps it
    item.keyboard.press("Shift+N")
    item.keyboard.type("Back at noon.")
    go(item, "Control+Enter")
    expect(item.locator(".note")).to_have_text("Back at noon.")
    expect(item.locator(CHOSEN)).to_have_value("baseline")
    look(item)
    for number in (1, 2):
        expect(box(item, number)).to_be_checked()


def test_not_illegal_names_all_that_was_seen_and_what_confirms_the_last(item: Page) -> None:
    look(item)
    item.keyboard.press("4")
    look(item)
    look(item)
    for number in (1, 2, 3):
        expect(box(item, number)).to_be_checked()
    item.keyboard.press("1")
    for number, named in ((1, False), (2, False), (3, True)):
        expect(box(item, number)).to_be_checked(checked=named)
    box(item, 3).uncheck()
    item.keyboard.press("4")
    for number, named in ((1, True), (2, True), (3, False)):
        expect(box(item, number)).to_be_checked(checked=named)


def test_what_a_key_led_to_has_its_keys_and_esc_leaves_a_field_before_the_still(
    item: Page,
) -> None:
    look(item)
    frame = item.locator("#veil .frame")
    item.keyboard.press("1")
    item.keyboard.press("Shift+P")
    expect(box(item, 1)).to_be_focused()
    item.keyboard.press(" ")
    expect(box(item, 1)).not_to_be_checked()
    expect(frame).to_have_class("frame")
    item.keyboard.press("Shift+R")
    item.keyboard.type("a cat")
    item.keyboard.press("Escape")
    held(item, " ", "held")  # the field is left, the still is there
    item.keyboard.press("Escape")
    expect(frame).to_have_count(0)


def test_a_started_decision_is_there_again_and_leaves_the_tab_with_its_person(item: Page) -> None:
    look(item)
    for key in ("1", "x", "a", "Shift+R"):
        item.keyboard.press(key)
    item.keyboard.type("as they told us")
    item.keyboard.press("Escape")
    asked = item.locator("#assess select[data-key=a]")
    answer = asked.input_value()
    for way in ("Shift+W", "Shift+S"):
        go(item, way)
        if item.locator("main [name=passphrase]").count():
            item.keyboard.type(PASSPHRASE)
            go(item, "Enter")
        item.locator("h1").click()
        go(item, "q")
        expect(item.locator("[data-restored]")).to_be_visible()
        expect(item.locator(CHOSEN)).to_have_value("baseline")
        expect(item.locator("#assess [name=reason]")).to_have_value("as they told us")
        assert answer == asked.input_value() != ""
    look(item)
    expect(box(item, 1)).to_be_checked()  # still by hand
    address = item.url
    item.context.clear_cookies()
    item.goto(address)
    expect(item.locator("[name=login]")).to_be_visible()
    assert item.evaluate("sessionStorage.length") == 0


def test_a_decision_takes_its_still_along_and_says_how_long_it_was_there(item: Page) -> None:
    item.route("**/assess/", lambda route: route.fulfill(status=204))
    look(item)
    item.keyboard.press("1")
    with item.expect_request("**/assess/") as sent:
        item.keyboard.press("Control+Enter")
    number = item.locator("#assess [name=shown]").input_value()
    assert f"ended={number}%3A" in (sent.value.post_data or "")
    expect(item.locator("#veil .frame")).to_have_count(0)


def test_what_a_refused_decision_asks_is_on_the_screen(item: Page) -> None:
    item.set_viewport_size({"width": 390, "height": 740})
    item.keyboard.press("4")
    with item.expect_navigation():
        item.keyboard.press("Control+Enter")
    asked = item.locator("#asked")
    expect(asked).to_be_focused()
    expect(asked).to_be_in_viewport()
    expect(item.locator("#assess input[value=not_illegal]")).to_be_checked()


def test_a_decision_that_came_too_late_opens_where_that_is_said(item: Page) -> None:
    item.evaluate("document.querySelector('#assess [name=look]').value = '0'")
    item.keyboard.press("4")
    with item.expect_navigation():
        item.keyboard.press("Control+Enter")
    expect(item.locator(".standing.warned[autofocus]")).to_be_focused()


def test_a_refused_form_opens_at_its_first_wrong_field(window: Window, world: World) -> None:
    page = window(world.sessions["manager"], viewport={"width": 390, "height": 740})
    page.goto(f"{world.demonstration.desk}/retention/")
    with page.expect_navigation():
        page.locator("form[action$='/hold/']").evaluate(SEND_ANYHOW)
    wrong = page.locator("main [aria-invalid=true]").first
    expect(wrong).to_be_focused()
    expect(wrong).to_be_in_viewport()
