"""A decision that was begun: what a person chose stays theirs, whatever they do meanwhile."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.said import said
from tests.browser.sights import PASSPHRASE
from tests.browser.test_keys import go, tell
from tests.browser.world import Person
from tests.demonstration import BROWSER, Demonstration, until

pytestmark = [*BROWSER, pytest.mark.rest]
CHOSEN = "#assess input[name=classification]:checked"
REASON = "#assess [name=reason]"


@pytest.fixture
def album(window: Window, demonstration: Demonstration, sessions: dict[str, str]) -> Page:
    """An item with three pictures that nobody knows, open before the lead."""
    where = f"http://galerie.nord.test/a/same-of-{secrets.token_hex(4)}x3-1"
    tell(demonstration, where)
    person = Person(demonstration, sessions["lead"])
    page = window(sessions["lead"])

    def open_it() -> bool:
        try:
            page.goto(f"{demonstration.desk}/queue/items/{person.find(where)}/")
        except StopIteration:
            return False
        return page.locator(":root:has(#assess) form[data-still]").count() == 3

    until(open_it)
    return page


def look(page: Page) -> None:
    """At the next picture; a quiet screen may come first."""
    page.keyboard.press("v")
    expect(page.locator("#calm[open], #veil .frame")).to_be_visible()
    if page.locator("#calm[open]").count():
        page.keyboard.press("Enter")
        page.keyboard.press("v")
    expect(page.locator("#veil .frame")).to_be_visible()


def named(page: Page) -> list[bool]:
    """Of each picture: is the decision about it?"""
    boxes = page.locator("#about input[type=checkbox]")
    return [boxes.nth(n).is_checked() for n in range(boxes.count())]


def test_a_picture_that_was_kept_by_hand_is_kept_over_a_note_and_the_next_look(album: Page) -> None:
    look(album)
    album.keyboard.press("1")
    album.keyboard.press("x")
    album.keyboard.press("Shift+N")
    album.keyboard.type("Ils ont rappelé.")
    go(album, "Control+Enter")
    assert named(album) == [True, False, False]
    look(album)
    assert named(album) == [True, True, False]
    album.keyboard.press("Shift+N")
    album.keyboard.type("Encore.")
    go(album, "Control+Enter")
    look(album)
    assert named(album) == [True, False, True], "the second was the desk's, and not theirs"


def test_what_was_begun_is_there_again_after_every_way_round(album: Page) -> None:
    look(album)
    for key in ("1", "x", "a"):
        album.keyboard.press(key)
    album.keyboard.press("Shift+R")
    album.keyboard.type("à finir")
    album.keyboard.press("Escape")
    kept = album.locator("[data-kept]")
    for way, back in (("Shift+W", "q"), ("Shift+S", "q"), ("h", "")):
        go(album, way)
        if back and album.locator("main [name=passphrase]").count():
            album.keyboard.type(PASSPHRASE)
            go(album, "Enter")
        album.keyboard.press("Escape")
        if back:
            go(album, back)
        else:
            album.go_back()
        expect(album.locator(REASON)).to_have_value("à finir")
        expect(album.locator(CHOSEN)).to_have_value("baseline")
        expect(kept).to_be_visible()
        assert named(album) == [True, False, False]
    language = album.locator("form[action='/language/'] button[aria-current]")
    with album.expect_navigation():
        language.click()
    expect(album.locator(REASON)).to_have_value("à finir")
    look(album)
    assert named(album) == [True, True, False]
    go(album, "Control+Enter")
    assert album.evaluate("Object.keys(sessionStorage).length") == 0, "it is sent, and gone"


def test_nothing_of_it_is_left_where_nothing_was_begun_or_somebody_left(album: Page) -> None:
    here, left = album.url, "Object.keys(sessionStorage).length"
    go(album, "Shift+S")
    assert album.evaluate(left) == 0
    album.goto(here)
    expect(album.locator("[data-kept]")).to_be_hidden()
    album.keyboard.press("5")
    go(album, "Shift+S")
    assert album.evaluate(left) == 1
    album.evaluate("sessionStorage.setItem('draft 0.1.1.1', '[]')")  # a colleague's, in this window
    album.goto(here)
    assert album.evaluate(left) == 1
    album.evaluate("document.querySelector('[data-signs-out]').dispatchEvent(new Event('submit'))")
    album.goto(here)
    assert album.evaluate(left) == 0


def test_enter_alone_decides_nothing(album: Page) -> None:
    here = album.url
    album.keyboard.press("5")
    expect(album.locator("#assess input[value=cannot_assess]")).to_be_focused()
    album.keyboard.press("Enter")
    album.keyboard.press("6")
    album.keyboard.press("Shift+H")
    album.keyboard.type("la police")
    album.keyboard.press("Enter")
    album.wait_for_timeout(500)
    assert album.url == here
    expect(album.locator(CHOSEN)).to_have_value("out_of_remit")


def test_a_key_leads_to_the_boxes_which_then_have_the_space_bar(album: Page) -> None:
    look(album)
    album.keyboard.press("x")
    look(album)
    frame = album.locator("#veil .frame")
    album.keyboard.press("Shift+P")
    expect(album.locator("#about input").first).to_be_focused()
    album.keyboard.press(" ")
    expect(frame).to_have_class("frame")
    assert named(album) == [False, True, False]
    album.keyboard.down("ArrowDown")  # a box has no use for it
    expect(frame).to_contain_class("pointed")
    album.keyboard.up("ArrowDown")


def test_escape_leads_out_of_a_field_and_leaves_the_still(album: Page) -> None:
    look(album)
    album.keyboard.press("Shift+R")
    album.keyboard.type("à finir")
    album.keyboard.press("Escape")
    expect(album.locator("#veil")).to_be_focused()
    expect(album.locator("#veil .frame")).to_be_visible()
    album.keyboard.down(" ")
    expect(album.locator("#veil .frame")).to_contain_class("held")
    album.keyboard.up(" ")
    album.keyboard.press("Escape")
    expect(album.locator("#veil .frame")).to_have_count(0)


def test_a_decision_made_from_a_still_says_how_long_it_was_there(album: Page) -> None:
    here = album.url
    look(album)
    album.keyboard.press("1")
    go(album, "Control+Enter")
    album.goto(here)
    told = album.locator("#happened .trail")
    expect(told).to_contain_text(said("picture no longer on the screen", "fr"))
    untold = said("nobody said when a picture left the screen; counted until now", "fr")
    expect(told).not_to_contain_text(untold)
