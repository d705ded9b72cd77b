"""Those who carry the campaign further: readers, ambassadors, and the editor who writes it."""

import re
import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.conftest import Window
from tests.browser.photos import drawn, file
from tests.browser.said import said, words
from tests.demonstration import BROWSER, Demonstration, until
from vigie.sandbox.client import SandboxClient

pytestmark = [*BROWSER, pytest.mark.rest]

PHONE = {"viewport": {"width": 390, "height": 740}}
EDITOR = "/campaign/catsforkids-2020/words/en/"


def test_a_reader_confirms_by_the_letter_and_leaves_by_it(
    window: Window, demonstration: Demonstration, sessions: dict[str, str]
) -> None:
    address = f"minou-{secrets.token_hex(3)}@aurore.test"
    page, desk = window(java_script_enabled=False, locale="nl", **PHONE), window(sessions["editor"])
    before = _readers(desk, demonstration)
    page.goto(f"{demonstration.public}/nl/newsletter/")
    page.get_by_label(said("Your e-mail address", "nl")).fill(address)
    page.get_by_role("button", name=said("Send me the newsletter", "nl")).click()
    expect(page).to_have_url(re.compile("/nl/newsletter/thanks/$"))
    letter = until(lambda: SandboxClient(demonstration.outside).mail(address))[0]["text"]
    assert _readers(desk, demonstration) == before, "nobody reads it before it is confirmed"
    for link, button, change in (
        ("confirm", "Yes, send it to me", 1),
        ("unsubscribe", "Unsubscribe", 0),
    ):
        found = re.search(rf"http://\S+/newsletter/{link}/\S+", letter)
        assert found
        page.goto(found[0])
        page.get_by_role("button", name=said(button, "nl"), exact=True).click()
        expect(page.get_by_role("status")).to_be_visible()
        until(lambda wanted=before + change: _readers(desk, demonstration) == wanted)


def _readers(desk: Page, demonstration: Demonstration) -> int:
    """How many read it, as the editor sees it."""
    desk.goto(f"{demonstration.desk}/campaign/newsletter/")
    return int(desk.locator("#readers dd").nth(-2).inner_text())


def test_an_ambassadors_link_leads_to_the_studio_and_is_counted_without_a_trace(
    window: Window, demonstration: Demonstration, sessions: dict[str, str]
) -> None:
    name = f"Minou {secrets.token_hex(3)}"
    desk, page = window(sessions["editor"]), window(locale="en")
    desk.goto(f"{demonstration.desk}/campaign/kits/")
    desk.get_by_label(said("Name of the ambassador, as their page shows it", "fr")).fill(name)
    desk.get_by_role("button", name=said("Make the kit", "fr")).click()
    row = desk.locator("tr", has=desk.get_by_text(name, exact=True))
    kit = row.locator(".loc").inner_text()
    page.goto(kit.replace("/fr/", "/en/"))
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator("textarea[id^=post-]")).to_have_count(4)
    assert "/nl/card/?kit=" in page.locator("#post-nl").input_value()
    page.get_by_role("link", name=said("Make a card", "en")).click()
    page.get_by_label(words("en").photo).set_input_files(file("cat.png", drawn(6)))
    page.get_by_role("button", name=said("Make my card", "en")).click()
    expect(page.locator("h1")).to_have_text(said("Your card is ready", "en"))
    assert page.context.cookies() == []
    desk.reload()
    expect(row.locator(".num")).to_have_text("1")
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_have_count(0)
    assert page.request.get(kit).status == 404


@pytest.fixture
def editor(
    window: Window, demonstration: Demonstration, sessions: dict[str, str]
) -> Iterator[Page]:
    """The page of the English words. What is saved there is put back at the end."""
    page = window(sessions["editor"])
    page.goto(demonstration.desk + EDITOR)
    before = {name: page.locator(f"[name={name}]").input_value() for name in ("headline", "wide")}
    yield page
    page.goto(demonstration.desk + EDITOR)
    _save(page, before)


def _save(page: Page, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("button[value=save]").click()
    expect(page.locator(".messages")).to_be_visible()


def test_what_was_typed_is_not_lost_by_a_click_on_another_tab(editor: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    editor.once("dialog", stay)
    editor.locator("[name=headline]").fill("Half a thought")
    editor.locator(".tabs a").first.click()
    expect(editor.locator("[name=headline]")).to_have_value("Half a thought")
    assert asked == ["beforeunload"]


def test_the_five_cards_follow_what_is_typed_and_saving_changes_the_front_page(
    editor: Page, window: Window, demonstration: Demonstration
) -> None:
    cards, front = editor.locator("[data-card]"), window(locale="en")
    expect(cards).to_have_count(5)
    editor.locator("[name=wide]").fill("For every cat,\n78 images of abuse\nare shared.")
    for number in range(5):
        expect(cards.nth(number)).to_have_attribute("src", re.compile("^blob:"), timeout=30_000)
    assert not [size for size in _sizes(cards) if size[0] == 0], "a card was not drawn"
    editor.locator("[name=hashtag]").fill("cats for kids")
    expect(editor.locator("#drawn")).not_to_have_text("")
    editor.locator("[name=hashtag]").fill("#catsforkids")
    expect(editor.locator("#drawn")).to_have_text("", timeout=30_000)
    headline = f"Cats {secrets.token_hex(3)}"
    front.goto(f"{demonstration.public}/en/")
    written = front.locator(".card .written").get_attribute("src")
    _save(editor, {"headline": headline})
    front.reload()
    expect(front.locator("h1")).to_have_text(headline)
    assert front.locator(".card .written").get_attribute("src") != written


def _sizes(cards: Locator) -> list[list[int]]:
    found: list[list[int]] = cards.evaluate_all(
        "all => all.map((one) => [one.naturalWidth, one.naturalHeight])"
    )
    return found
