"""A passkey without hardware: Chromium's own virtual authenticator."""

from playwright.sync_api import CDPSession, Page

INSIDE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in(page: Page) -> CDPSession:
    """Give this window an authenticator that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": INSIDE})
    return session


def add_passkey(page: Page, desk: str) -> int:
    """Register a passkey by the desk's own page; its number in the list of keys."""
    plug_in(page)
    page.goto(f"{desk}/account/factors/keys/new/")
    page.get_by_role("checkbox").check()
    with page.expect_navigation():
        page.locator("#mfa_webauthn_add").click()
    page.goto(f"{desk}/account/factors/keys/")
    link = page.locator("main li a").first.get_attribute("href")
    return int(str(link).split("/")[-2])
