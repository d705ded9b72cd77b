"""Reporting by keyboard alone, with scripts and without, in each language; and being asked."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.said import said
from tests.demonstration import BROWSER, Demonstration, until

pytestmark = BROWSER
PASSPHRASE = "aurore-demonstration"
# Two walk through all the pages; the others stop after the first: it is the same form.
WALKS = [
    ("fr", False, True),
    ("nl", True, True),
    pytest.param("de", False, False, marks=pytest.mark.matrix),
    pytest.param("en", True, False, marks=pytest.mark.matrix),
]
HERE = """(wanted) => {
  const one = document.activeElement;
  return [...document.querySelectorAll(wanted)].includes(one);
}"""


def past_the_menu(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what is wanted (a CSS selector) has the focus."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(HERE, wanted):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def press(page: Page, button: str) -> None:
    tab_to(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "scripts", "to_the_end"), WALKS)
def test_a_report_and_its_further_pages_by_keyboard_alone(
    window: Window, demonstration: Demonstration, language: str, scripts: bool, to_the_end: bool
) -> None:
    address = f"http://perdu.sansnom.test/a/{secrets.token_hex(4)}"
    page = window(java_script_enabled=scripts, locale=language)
    page.goto(f"{demonstration.public}/{language}/report/")
    past_the_menu(page)
    tab_to(page, "#where")
    page.keyboard.type(address)
    press(page, "main form .btn")
    expect(page.locator("h1")).to_have_text(said("Thank you. Your report has arrived.", language))
    if to_the_end:
        further_pages(page)
    else:
        press(page, "[value=finish]")
    assert page.url == f"{demonstration.public}/{language}/report/sent/"
    assert page.context.cookies() == []


def further_pages(page: Page) -> None:
    token = page.locator("[name=token]").input_value()
    past_the_menu(page)
    tab_to(page, "[name=danger]")
    page.keyboard.press("ArrowDown")  # to the second: no, or I do not know
    expect(page.locator("[name=danger][value=no]")).to_be_checked()
    press(page, "[value=next]")
    expect(page.get_by_role("status")).to_be_visible()
    past_the_menu(page)
    tab_to(page, "#how")
    page.keyboard.type("the third door")
    press(page, "[value=next]")
    assert page.locator("[name=token]").input_value() == token
    assert "the third door" not in page.content()
    past_the_menu(page)
    tab_to(page, "#contact")
    page.keyboard.type("nobody")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # the first button of the form: send


def test_a_picture_of_oneself_is_reported_by_keyboard_and_left_at_once(
    window: Window, demonstration: Demonstration
) -> None:
    page = window(java_script_enabled=False, locale="en", viewport={"width": 390, "height": 740})
    page.goto(f"{demonstration.public}/en/report/")
    page.get_by_role("link", name="It is a picture of me").click()
    past_the_menu(page)
    tab_to(page, "#comment")
    page.keyboard.type("it is me")
    press(page, "main form .btn")
    expect(page.locator("h1")).to_have_text("Thank you. It has arrived.")
    away = page.get_by_role("link", name="Leave this page")
    expect(away).to_be_in_viewport()
    assert "wikipedia" in (away.get_attribute("href") or "")


def test_an_analyst_asks_and_who_has_the_code_answers(
    window: Window, demonstration: Demonstration, sessions: dict[str, str]
) -> None:
    address = f"http://perdu.sansnom.test/a/{secrets.token_hex(4)}"
    reporter, desk = window(java_script_enabled=False, locale="en"), window(sessions["analyst"])
    reporter.goto(f"{demonstration.public}/en/report/")
    reporter.locator("#where").fill(address)
    code = reporter.locator(".words").inner_text()
    reporter.locator("main form .btn").click()
    item = _found(desk, demonstration, address)
    desk.goto(f"{item}words/")
    if desk.locator("[name=passphrase]").count():
        desk.locator("[name=passphrase]").fill(PASSPHRASE)
        desk.locator("main form button").click()
    desk.locator(".told summary").click()
    desk.locator(".told textarea").fill("On the first or on the second page?")
    desk.locator(".told form button").click()
    expect(desk.locator(".messages")).to_be_visible()

    def asked() -> bool:
        reporter.goto(f"{demonstration.public}/en/receipt/")
        reporter.get_by_label("Your eight words").fill(code)
        reporter.get_by_role("button", name="Show").click()
        return reporter.get_by_text("On the first or on the second page?").count() == 1

    until(asked)
    assert address not in reporter.content()
    reporter.get_by_label("Your answer").fill("On the third.")
    reporter.get_by_role("button", name="Send the answer").click()
    expect(reporter.get_by_role("status")).to_be_visible()

    def answered() -> bool:
        desk.goto(f"{item}words/")
        return desk.get_by_text("On the third.").count() == 1

    until(answered)


def _found(desk: Page, demonstration: Demonstration, address: str) -> str:
    def opened() -> bool:
        desk.goto(f"{demonstration.desk}/queue/")
        desk.locator("#q").fill(address)
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
        row = desk.locator("#queue tr", has=desk.get_by_text(address, exact=True))
        if row.count():
            with desk.expect_navigation():
                row.get_by_role("link").click()
        return "/items/" in desk.url

    until(opened)
    return desk.url.partition("?")[0]
