"""The road as the people walk it: a reporter without scripts, an analyst, a liaison, a lead."""

import re
import secrets
from collections.abc import Iterator

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Watched
from tests.demonstration import BROWSER, Demonstration, until

pytestmark = BROWSER

PASSWORD = "aurore-demonstration"
BELGIAN, DUTCH = "http://galerie.nord.test/a/", "http://beeld.polder.test/a/"


def fr(words: str) -> str:
    """What the French page says for it: it is not in English, and it is what people read."""
    with override("fr"):
        said = gettext(words)
    assert said != words, f"no French for {words}"
    return said


@pytest.fixture(scope="module")
def people(open_watched: Open) -> Iterator[dict[str, Watched]]:
    """A browser for each of them; the reporter's has no JavaScript."""
    everybody = {
        "reporter": open_watched(java_script_enabled=False),
        **{name: open_watched() for name in ("analyst", "liaison", "lead", "police")},
    }
    yield everybody
    for watched in everybody.values():
        watched.context.close()


@pytest.fixture
def road(demonstration: Demonstration, people: dict[str, Watched]) -> Iterator["Road"]:
    yield Road(demonstration, people)
    assert [wrong for watched in people.values() for wrong in watched.wrong] == []


class Road:
    """The people's windows, and what each of them does in it."""

    def __init__(self, demonstration: Demonstration, people: dict[str, Watched]) -> None:
        self.at, self.people = demonstration, people

    def page(self, name: str) -> Page:
        """The one window of this person; staff sign in when it is opened."""
        watched = self.people[name]
        if not watched.context.pages:
            page = watched.page()
            if name not in ("reporter", "police"):
                self.sign_in(page, name)
        return watched.context.pages[0]

    def report(self, address: str) -> str:
        """From the first page to the thanks; returns the code that was shown before sending."""
        page = self.page("reporter")
        page.goto(self.at.public + "/")
        assert page.url == self.at.public + "/fr/"
        page.locator("main").get_by_role("link", name=fr("Report images")).click()
        page.get_by_label(fr("Where did you see it?")).fill(address)
        code = page.locator(".words").inner_text()
        page.get_by_role("button", name=fr("Send the report")).first.click()
        expect(page.locator("h1")).to_have_text(fr("Thank you. Your report has arrived."))
        assert address not in page.content()
        assert page.context.cookies() == []
        return code

    def sign_in(self, page: Page, name: str) -> None:
        """Name and password, then the six digits that /demo/ shows; each works once."""
        page.goto(self.at.desk + "/account/login/")
        page.locator("[name=login]").fill(name)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name=fr("Sign in"), exact=True).click()
        accounts = page.context.new_page()

        def entered() -> bool:
            accounts.goto(self.at.desk + "/demo/")
            row = accounts.locator("tr", has=accounts.get_by_text(name, exact=True)).first
            page.locator("[name=code]").fill(row.locator("td").last.inner_text())
            with page.expect_navigation():
                page.locator("main form button[type=submit]").first.click()
            return "/account/" not in page.url

        until(entered)
        accounts.close()

    def find(self, address: str) -> str:
        """The analyst searches by keys until the item waits for a decision; its reference."""
        page = self.page("analyst")

        def opened() -> bool:
            page.goto(self.at.desk + "/queue/")
            page.keyboard.press("/")
            page.keyboard.type(address)
            page.keyboard.press("Enter")
            expect(page.locator("h1")).to_have_text(fr("Search"))
            row = page.locator("#queue tr", has=page.get_by_text(address, exact=True))
            if not row.count():
                return False  # other places of the domain are offered meanwhile
            with (
                page.expect_navigation()
            ):  # its scripts too: a key pressed before them does nothing
                row.get_by_role("link").click()
            expect(page.locator(".locator")).to_have_text(address)
            return bool(page.locator("#assess").count())

        until(opened)
        return page.locator("h1").inner_text().split()[0]

    def decide(self) -> None:
        """By keys, on the open item: child sexual abuse material, international baseline."""
        page = self.page("analyst")
        page.keyboard.press("1")
        expect(page.locator("#assess [name=classification]").first).to_be_checked()
        if not page.locator("#about input:checked").count():
            page.locator("#assess [name=reason]").fill("Selon le texte de la page.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".messages")).to_be_visible()

    def police_do(self, address: str, act: str) -> str:
        """Press a button of the police mailbox; the article about this address, as text."""
        page = self.page("police")
        article = page.locator("article", has=page.get_by_text(address, exact=True))

        def arrived() -> bool:
            page.goto(self.at.outside + "/police/")
            return article.count() > 0

        until(arrived)
        assert "verified: the hotline signed" in article.locator("xpath=..").inner_text()
        article.get_by_role("button", name=act).click()
        expect(article.get_by_role("button", name=act)).to_have_count(0)
        return article.inner_text()

    def liaison_writes(self, item: str, button: str, reference: str = "") -> None:
        page = self.page("liaison")
        page.goto(self.at.desk + "/letters/")
        row = page.locator("tr", has=page.get_by_role("link", name=item, exact=True))
        row.first.get_by_role("link").first.click()
        if reference:
            page.locator("[name=reference]").fill(reference)
        begins = re.compile(f"^{re.escape(fr(button))}( |$)")  # its keys come after
        page.get_by_role("button", name=begins).click()
        expect(page.locator(".messages")).to_be_visible()

    def is_removed(self, item: str) -> None:
        """The watch says so, and so does the item's own page."""
        page = self.page("analyst")
        row = page.locator("tr", has=page.get_by_role("link", name=item, exact=True))

        def removed() -> bool:
            page.goto(self.at.desk + "/watch/")
            return row.count() > 0 and row.locator("td").nth(1).inner_text() == fr("removed")

        until(removed)
        row.get_by_role("link").click()
        expect(page.locator("h1 .tag")).to_have_text(fr("removed"))


def test_hosted_in_belgium_the_police_contact_the_host_and_it_is_removed(road: Road) -> None:
    address = BELGIAN + secrets.token_hex(4)
    code = road.report(address)
    item = road.find(address)
    look_at_one_still(road.page("analyst"))
    look_at_the_others(road.page("analyst"))
    road.decide()
    road.page("analyst").goto(f"{road.at.desk}/queue/items/{item.removeprefix('I-')}/")
    for number, is_named in ((1, False), (2, True), (3, True)):
        line = road.page("analyst").locator(".known dl").get_by_text(picture(number), exact=True)
        expect(line).to_have_count(int(is_named))
    road.police_do(address, "Acknowledge")
    authorisation = road.police_do(address, "Authorise removal")
    reference = next(word for word in authorisation.split() if word.startswith("PV-"))
    road.liaison_writes(item, "They have received it")
    road.liaison_writes(item, "Removal is authorised", reference)
    road.police_do(address, "Contact the host")
    road.liaison_writes(item, "The police have contacted the host")
    road.is_removed(item)
    follow_up(road, code)


def look_at_one_still(page: Page) -> None:
    """By keys: blurred at rest, clear while held, gone on Escape, and nothing left of it."""
    page.keyboard.press("v")
    still, clear = page.locator(".still:not(.clear)"), page.locator(".still.clear")
    veil = page.locator("#veil")
    expect(veil).to_contain_text(str(veil.get_attribute("data-hold")))  # or what it says instead
    expect(still).to_be_visible()
    expect(veil).to_be_focused()
    blurred = page.evaluate("getComputedStyle(document.querySelector('.still')).filter")
    assert "blur(" in blurred and "grayscale(" in blurred
    nothing = "circle(0px)"
    expect(clear).to_have_css("clip-path", nothing)
    page.keyboard.down(" ")
    expect(clear).to_have_css("clip-path", "inset(0px round 4.8px)")
    page.keyboard.up(" ")
    expect(clear).to_have_css("clip-path", nothing)
    page.keyboard.down("ArrowLeft")
    expect(clear).to_have_css("clip-path", re.compile(r"circle\(20% at 16\.6.*% 50%\)"))
    page.keyboard.up("ArrowLeft")
    expect(clear).to_have_css("clip-path", nothing)
    address = still.get_attribute("src")
    assert address and address.startswith("blob:")
    page.keyboard.press("Escape")
    expect(still).to_have_count(0)
    expect(page.locator("[data-still] summary").first).to_be_focused()
    assert not page.evaluate(
        """(address) => new Promise((tell) => {
             const image = new Image();
             image.onload = () => tell(true);
             image.onerror = () => tell(false);
             image.src = address;
           })""",
        address,
    ), "the still is still in memory"
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    named = page.locator("#about input:checked")
    expect(named).to_have_count(1)
    expect(page.locator("#named")).to_contain_text("1")


def picture(number: int) -> str:
    return fr("Picture %(n)s") % {"n": number}


def look_at_the_others(page: Page) -> None:
    """What is on the screen is what the decision is about; x keeps it, and v never goes back."""
    about, named = page.locator("#about input"), page.locator("#named")

    def look_at(number: int) -> None:
        page.keyboard.press("v")
        line = page.locator(".pictures li").nth(number - 1)
        expect(line.locator("[data-current]")).to_be_visible()
        page.locator(".still.clear").wait_for()
        expect(named).to_be_visible()
        expect(named).to_contain_text(picture(number))

    look_at(2)
    assert [box.is_checked() for box in about.all()] == [False, True, False]
    expect(named).not_to_contain_text(picture(1))
    page.keyboard.press("x")  # kept
    look_at(3)
    page.keyboard.press("x")
    page.keyboard.press("x")  # left out
    assert [box.is_checked() for box in about.all()] == [False, True, False]
    page.keyboard.press("x")
    assert [box.is_checked() for box in about.all()] == [False, True, True]
    page.keyboard.press("v")
    expect(page.locator(".still")).to_have_count(0)
    done = page.locator("#veil").get_attribute("data-done")
    expect(page.locator("#veil p")).to_have_text(str(done))
    page.keyboard.press("1")
    assert [box.is_checked() for box in about.all()] == [False, True, True]


def follow_up(road: Road, code: str) -> None:
    """The code is known, and the page says no more than how far the report is."""
    page = road.page("reporter")
    page.goto(road.at.public + "/fr/receipt/")
    page.get_by_label(fr("Your eight words")).fill(code)
    page.get_by_role("button", name=fr("Show")).click()
    expect(page.locator(".course [aria-current=step]")).to_have_count(1)
    for word in ("removed", "taken down", "referred"):
        assert fr(word) not in page.locator(".note").inner_text()


@pytest.mark.matrix  # `vigie demo walk` takes this road too, over the same pages
def test_hosted_in_the_netherlands_the_lead_lets_the_notice_leave_and_it_is_removed(
    road: Road,
) -> None:
    address = DUTCH + secrets.token_hex(4)
    road.report(address)
    item = road.find(address)
    road.decide()
    lead = road.page("lead")
    waiting = lead.locator("li.waiting", has=lead.get_by_role("link", name=item, exact=True))

    def written() -> bool:
        lead.goto(road.at.desk + "/letters/")
        return waiting.count() > 0

    until(written)
    waiting.get_by_role("button").click()
    expect(lead.locator(".messages")).to_be_visible()
    road.is_removed(item)
    is_counted(road)


def is_counted(road: Road) -> None:
    """The public figures, published anew each week, count what was removed."""
    page = road.page("reporter")
    label = page.get_by_text(fr("taken down"), exact=True)

    def published() -> bool:
        page.goto(road.at.public + "/fr/figures/")
        shown = page.locator(".counts > div", has=label).locator("dd")
        return shown.count() == 1 and bool(re.search("[1-9]", shown.inner_text()))

    until(published)
