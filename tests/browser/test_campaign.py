"""A cat goes its way: from the front page to the wall, past a person, and off it again."""

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.photos import drawn, file, opened, traces
from tests.browser.said import said, words
from tests.demonstration import BROWSER, Demonstration, until
from vigie.sandbox.client import SandboxClient

pytestmark = [*BROWSER, pytest.mark.usefixtures("cats"), pytest.mark.rest]

PHONE = {"viewport": {"width": 390, "height": 740}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
WALL = "/campaign/wall/"
FEW = {("fr", "phone", True), ("nl", "desktop", False)}
WALKS = [
    pytest.param(
        language,
        device,
        scripts,
        id=f"{language}-{device}-{'scripts' if scripts else 'plain'}",
        marks=() if (language, device, scripts) in FEW else pytest.mark.matrix,
    )
    for language in ("fr", "nl", "de", "en")
    for device in ("phone", "desktop")
    for scripts in (True, False)
]


class Supporter:
    """Somebody with a cat, and the one window they do it all in."""

    def __init__(self, page: Page, base: str, language: str, *, scripts: bool) -> None:
        self.page, self.base, self.language, self.scripts = page, base, language, scripts
        self.name = f"Chat {secrets.token_hex(3)}"
        self.words = words(language)

    def gives(self) -> str:
        """From the front page to the thanks; the link that takes the card back."""
        page, language = self.page, self.language
        page.goto(f"{self.base}/{language}/")
        page.locator("main").get_by_role("link", name=self.words.invite, exact=True).click()
        self.fills_in()
        give = page.get_by_role("button", name=said("Make it, and give it to the wall", language))
        give.click()
        if self.scripts:
            expect(page.locator("[name=consent]")).to_be_focused()
        else:
            refusal = page.get_by_role("alert")
            expect(refusal).to_contain_text(said("You have not said how old you are.", language))
            page.goto(f"{self.base}/{language}/card/")
            self.fills_in()
        page.locator("[name=consent]").check()
        page.locator("[name=age][value=old]").check()
        give.click()
        expect(page.locator("h1")).to_have_text(said("Your card is ready", language))
        expect(page.locator("#post")).to_have_value(words("de").post)
        return page.locator(".back a").get_attribute("href") or ""

    def fills_in(self) -> None:
        """All but what the wall asks for."""
        page, language = self.page, self.language
        page.get_by_label(self.words.photo).set_input_files(file("chat.png", drawn(4)))
        page.get_by_label(self.words.pet_name).fill(self.name)
        page.get_by_label(said("Language of the card", language)).select_option("de")
        page.get_by_text(said("Put it on the wall as well", language)).click()

    def looks_at_the_wall(self) -> None:
        self.page.goto(f"{self.base}/{self.language}/wall/")

    @property
    def card(self) -> object:
        return self.page.locator(".cards li", has=self.page.get_by_text(self.name, exact=True))


def piece(page: Page, name: str) -> object:
    return page.locator(".piece", has=page.get_by_text(name, exact=True))


def waits(page: Page, name: str, demonstration: Demonstration) -> None:
    """Until the worker has compared the card with the lists."""

    def there() -> bool:
        page.goto(demonstration.desk + WALL)
        return piece(page, name).count() == 1

    until(there)


def in_hand(page: Page, name: str) -> None:
    """By j, to the card of this name."""
    for _ in range(60):
        if page.locator(".piece.on", has=page.get_by_text(name, exact=True)).count():
            return
        page.keyboard.press("j")
    raise AssertionError(f"{name} cannot be reached by keys")


def hang_by_keys(page: Page, name: str) -> None:
    """Blurred at rest, seen while Space is held, hung with a, done with Ctrl+Enter."""
    in_hand(page, name)
    pictures = page.locator(".piece.on img").all()
    assert len(pictures) == 2, "each is public, and each shows another part of the photo"
    page.keyboard.press("a")  # unseen, it is not even marked
    expect(piece(page, name).locator("[value=approve]")).not_to_be_checked()
    expect(page.locator("#unseen")).not_to_be_empty()
    for picture in pictures:
        expect(picture).not_to_have_css("filter", "none")
    page.keyboard.down(" ")
    for picture in pictures:
        expect(picture).to_have_css("filter", "none")
    expect(piece(page, name).locator("[name=seen]")).to_be_checked()
    page.keyboard.up(" ")
    for picture in pictures:
        expect(picture).not_to_have_css("filter", "none")
    letters = page.locator("#letters")
    letters.uncheck()
    page.keyboard.press("a")
    expect(piece(page, name).locator("[value=approve]")).not_to_be_checked()
    letters.check()
    page.keyboard.press("a")
    expect(piece(page, name).locator("[value=approve]")).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".messages")).to_be_visible()


def hang_by_hand(page: Page, name: str) -> None:
    piece(page, name).locator("[value=approve]").check()
    piece(page, name).locator("[name=seen]").check()
    page.get_by_role("button", name=said("Do what is marked", "fr")).click()
    expect(page.locator(".messages")).to_be_visible()


def what_networks_see(page: Page) -> bytes:
    """The picture that the page of a card names, as a network would fetch it."""
    address = page.locator("meta[property='og:image']").get_attribute("content") or ""
    picture = page.request.get(address)
    assert picture.headers["content-type"] == "image/jpeg"
    return picture.body()


@pytest.mark.parametrize(("language", "device", "scripts"), WALKS)
def test_a_cat_goes_on_the_wall_after_a_person_looked_and_off_when_it_is_taken_back(
    language: str,
    device: str,
    scripts: bool,
    window: Window,
    demonstration: Demonstration,
    sessions: dict[str, str],
) -> None:
    size = PHONE if device == "phone" else DESKTOP
    page = window(locale=language, java_script_enabled=scripts, **size)
    supporter = Supporter(page, demonstration.public, language, scripts=scripts)
    back = supporter.gives()
    supporter.looks_at_the_wall()
    expect(supporter.card).to_have_count(0)
    desk = window(sessions["editor"], java_script_enabled=scripts, **size)
    waits(desk, supporter.name, demonstration)
    hang: Callable[[Page, str], None] = hang_by_keys if scripts else hang_by_hand
    hang(desk, supporter.name)
    supporter.looks_at_the_wall()
    supporter.card.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(words("de").message)
    shared = what_networks_see(page)
    assert len(shared) < 300_000 and traces(shared) == [] and opened(shared).size == (1200, 630)
    assert page.context.cookies(demonstration.public) == []
    address, picture = page.url, page.locator(".made-card img").get_attribute("src")
    page.goto(back)
    page.get_by_role("button", name=said("Take it off", language)).click()
    expect(page.locator("h1")).to_have_text(said("It is off the wall", language))
    supporter.looks_at_the_wall()
    expect(supporter.card).to_have_count(0)
    for gone in (address, f"{demonstration.public}{picture}"):
        assert page.request.get(gone).status == 404


def give(page: Page, base: str, name: str, number: int) -> None:
    """The form of the studio, as a browser sends it."""
    fields = {"act": "wall", "consent": "on", "age": "old", "name": name, "size": "1080x1080"}
    photo = file("chat.png", drawn(number))
    answer = page.request.post(f"{base}/en/card/", multipart={**fields, "photo": photo})
    assert 'class="words back"' in answer.text()


def test_what_should_not_be_there_is_set_aside_by_a_key_and_a_lead_is_told(
    window: Window, demonstration: Demonstration, sessions: dict[str, str]
) -> None:
    unwanted, wrong = (f"Chat {secrets.token_hex(3)}" for _ in range(2))
    desk, lead = window(sessions["editor"]), window(sessions["lead"])
    for number, name in enumerate((unwanted, wrong)):
        give(desk, demonstration.public, name, number + 5)
    for name in (unwanted, wrong):
        waits(desk, name, demonstration)
    told = SandboxClient(demonstration.outside)
    letters = len(told.mail("lead@aurore.test"))
    in_hand(desk, unwanted)
    desk.keyboard.press("r")
    expect(piece(desk, unwanted).locator("[value=refuse]")).to_be_checked()
    for _ in range(60):  # back to the first one
        desk.keyboard.press("k")
    in_hand(desk, wrong)
    address = desk.locator(".piece.on img").first.get_attribute("src")
    desk.keyboard.press("x")
    expect(desk.locator("#marked")).to_have_text(re.compile("^2 / "))
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".messages")).to_be_visible()
    for name in (unwanted, wrong):
        expect(piece(desk, name)).to_have_count(0)
    answer = desk.goto(f"{demonstration.desk}{address}")
    assert answer and answer.status == 404
    lead.goto(f"{demonstration.desk}{WALL}set-aside/")
    expect(lead.locator("tbody tr").first).to_contain_text("SHA-256")
    lead.get_by_role("button", name=said("I have read the instruction", "fr")).first.click()
    expect(lead.locator("tbody tr").first).to_contain_text(said("read", "fr"))
    until(lambda: len(told.mail("lead@aurore.test")) > letters)
    assert wrong not in told.mail("lead@aurore.test")[0]["text"]


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_frame_is_large_enough_for_what_it_shows_and_leads_out_of_it(
    language: str, window: Window, demonstration: Demonstration
) -> None:
    page = window(locale=language)
    page.goto(f"{demonstration.public}/{language}/embed/")
    page.locator(".try iframe").last.scroll_into_view_if_needed()
    for name, frame in (("counter", page.frames[1]), ("wall", page.frames[2])):
        assert name in frame.url
        frame.wait_for_load_state()
        tall = frame.evaluate("[document.documentElement.scrollHeight, innerHeight]")
        assert tall[0] <= tall[1], f"the {name} is cut off"
    page.frames[1].get_by_role("link", name=words(language).invite).click()
    expect(page.locator("h1")).to_have_text(words(language).studio)
    assert page.url == f"{demonstration.public}/{language}/card/"
