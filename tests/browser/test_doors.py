"""An address behind the # of the form's own address, and the bookmark that puts it there."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.demonstration import BROWSER, Demonstration

pytestmark = BROWSER
ADDRESS = "https://galerie.nord.test/a/x?q=é&b=%41#part"


# Encoded as one text, or put there as it stands: then its own escapes stay, and get the browser's.
@pytest.mark.parametrize(
    ("behind", "wanted"),
    [(quote(ADDRESS, safe=""), ADDRESS), (ADDRESS, ADDRESS.replace("é", "%C3%A9"))],
)
def test_the_form_takes_the_address_up_and_hides_it(
    window: Window, demonstration: Demonstration, behind: str, wanted: str
) -> None:
    page, sent = window(), []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(f"{demonstration.public}/en/report/#{behind}")
    expect(page.locator("#where")).to_have_value(wanted)
    assert page.url == f"{demonstration.public}/en/report/"
    page.locator("#where").fill("what I typed myself")
    page.evaluate("location.hash = 'https://other.test/'")
    expect(page.locator("#where")).to_have_value("what I typed myself")
    assert not [url for url in sent if "galerie" in url.split("#")[0]]


def test_a_browser_understands_what_the_page_offers_a_telephone(
    window: Window, demonstration: Demonstration
) -> None:
    page = window()
    page.goto(f"{demonstration.public}/nl/doors/")
    found = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert found["url"] == f"{demonstration.public}/nl/doors/app.webmanifest"
    assert found["errors"] == []
    assert '"action": "/nl/share/"' in found["data"]


def test_without_javascript_the_form_is_empty_and_takes_a_report(
    window: Window, demonstration: Demonstration
) -> None:
    page = window(java_script_enabled=False)
    page.goto(f"{demonstration.public}/en/report/#{quote(ADDRESS, safe='')}")
    expect(page.locator("#where")).to_have_value("")
    expect(page.locator(".problem")).to_have_count(0)


def test_the_bookmark_opens_the_form_with_the_address_of_the_page(
    window: Window, demonstration: Demonstration
) -> None:
    page = window()
    page.goto(f"{demonstration.public}/en/doors/")
    script = page.get_by_role("link", name="Report this page").get_attribute("href")
    assert script
    page.goto(f"{demonstration.public}/en/facts/?from=here#there")
    with page.context.expect_page() as opened:
        page.evaluate(script.removeprefix("javascript:"))
    form = opened.value
    expect(form.locator("#where")).to_have_value(page.url)
    assert form.evaluate("window.opener") is None
    assert "#" not in form.url
