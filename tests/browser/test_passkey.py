"""A passkey, from the page that registers it to the next sign-in, under the desk's strict CSP."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.passkeys import add_passkey
from tests.browser.test_road import PASSWORD, fr
from tests.demonstration import BROWSER, Demonstration

pytestmark = [*BROWSER, pytest.mark.rest]


def test_a_passkey_is_registered_and_signs_in_alone(
    window: Window, demonstration: Demonstration
) -> None:
    page = window(demonstration.sessions()["manager"])  # its own, for it signs out
    add_passkey(page, demonstration.desk)
    expect(page.locator("main .tag")).to_have_text(fr("passkey"))
    sign_out(page)
    page.goto(demonstration.desk + "/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(demonstration.desk + "/overview/")
    expect(page.locator("h1")).to_be_visible()


def test_a_security_key_is_the_second_factor_of_a_newcomer(
    window: Window, demonstration: Demonstration
) -> None:
    said = demonstration.vigie("--demo", "staff", "add", "keyholder", "analyst")
    password = said.split()[-1]
    page = window()
    sign_in(page, demonstration, "keyholder", password)
    confirm(page, password)
    page.wait_for_url("**/account/factors/totp/")
    page.goto(demonstration.desk + "/queue/")  # until there is a factor, there is nothing else
    page.wait_for_url("**/account/factors/totp/")
    add_passkey(page, demonstration.desk)
    sign_out(page)
    sign_in(page, demonstration, "keyholder", password)
    page.wait_for_url("**/account/2fa/")
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url(demonstration.desk + "/queue/")


def test_a_sign_in_can_be_called_off_before_the_second_factor(
    window: Window, demonstration: Demonstration
) -> None:
    page = window()
    sign_in(page, demonstration, "editor", PASSWORD)
    page.wait_for_url("**/account/2fa/")
    page.locator("[form=logout-from-stage]").click()
    page.wait_for_url("**/account/login/")
    page.goto(demonstration.desk + "/account/2fa/")
    page.wait_for_url("**/account/login/")


def sign_in(page: Page, demonstration: Demonstration, name: str, password: str) -> None:
    page.goto(demonstration.desk + "/account/login/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name=fr("Sign in"), exact=True).click()


def confirm(page: Page, password: str) -> None:
    """The password once more, where the desk asks for it before it changes a factor."""
    if "/account/again/" in page.url:
        page.locator("[name=password]").fill(password)
        with page.expect_navigation():
            page.locator("main form button").first.click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name=fr("Sign out"), exact=True).click()
    page.wait_for_url("**/account/login/")
