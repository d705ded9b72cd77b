"""Everything by keys: what "?" lists is what a page hears; a list is judged without the mouse."""

import secrets

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Window
from tests.browser.sight import Visit
from tests.browser.sights import PASSPHRASE, looking, unlocked
from tests.browser.world import World
from tests.demonstration import BROWSER, Demonstration, until
from vigie.demo.browser import Browser

pytestmark = [*BROWSER, pytest.mark.rest]
# Each key that writes a sign, pressed by itself with the page as it is. A click, a focus, a change
# of the page is an answer; nothing leaves the page meanwhile.
HEARD = r"""async () => {
  const signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/?";
  const calm = () => new Promise((go) => setTimeout(go));
  let answered = false;
  const hear = () => (answered = true);
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); hear(); };
  window.fetch = () => { hear(); return new Promise(() => {}); };
  navigator.sendBeacon = () => true;
  const watch = new MutationObserver(hear);
  watch.observe(document.body, {
    attributes: true, childList: true, subtree: true, characterData: true,
  });
  const heard = [];
  for (const key of [...signs]) {
    document.activeElement.blur();
    await calm();
    answered = false;
    for (const kind of ["click", "submit", "focusin"]) window.addEventListener(kind, stop, true);
    const shiftKey = /[A-Z?]/.test(key);
    const pressed = { key, shiftKey, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", pressed));
    await calm();
    for (const kind of ["click", "submit", "focusin"]) window.removeEventListener(kind, stop, true);
    if (answered) heard.push(key);
  }
  return heard;
}"""
LISTED = """() => [...document.querySelectorAll("#keys dl > div:not([hidden])")].flatMap((line) =>
  [...line.querySelectorAll("kbd")].map((cap) => [
    cap.textContent, line.lastElementChild.textContent,
  ]))"""


def at(path: str):
    return lambda visit: visit.go(path)


def seen(visit: Visit) -> None:
    """With one still on the screen: all keys of looking have something to do."""
    looking(visit)
    visit.page.keyboard.press("1")


PAGES = [
    ("analyst", at("/queue/")),
    ("lead", seen),
]
FURTHER = [
    ("analyst", unlocked),
    ("lead", at("/letters/")),
    ("analyst", at("/queue/?country=BE")),
    ("lead", at("/queue/items/{removed}/")),
    ("lead", at("/queue/items/{closed}/")),
    ("analyst", at("/queue/decisions/1/")),
    ("analyst", at("/queue/items/{removed}/site/")),
    ("analyst", at("/queue/care/")),
    ("liaison", at("{referral}")),
    ("manager", at("/acts/")),
    ("administrator", at("/people/")),
    ("administrator", at("/people/1/")),
    ("manager", at("/policies/looking/")),
    ("lead", at("/queue/rules/form/")),
]


LATER = [pytest.param(*page, marks=pytest.mark.rest) for page in FURTHER]


@pytest.mark.parametrize(("who", "reach"), [*PAGES, *LATER])
def test_the_list_of_keys_says_what_the_page_hears(window: Window, world: World, who, reach):
    world.settle()
    page = window(world.sessions[who])
    reach(Visit(page, world, world.demonstration.desk, "fr"))
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    listed = page.evaluate(LISTED)
    assert [key for key, words in listed if not words.strip()] == []
    page.keyboard.press("Escape")
    if reach is seen:  # the list takes no picture away
        expect(page.locator(".still.clear")).to_be_visible()
    signs = {key for key, _words in listed if len(key) == 1 and key.isascii()}
    assert signs == set(page.evaluate(HEARD))


def test_keys_of_one_letter_turned_off_are_neither_heard_nor_listed(window, world):
    page = window(world.sessions["lead"])
    page.goto(f"{world.demonstration.desk}/queue/items/{world.waiting}/")
    page.keyboard.press("?")
    turn = page.locator("#keys button[name=on]")
    with page.expect_navigation():
        turn.click()
    try:
        assert page.evaluate(HEARD) == []
        page.locator("[data-keylist]").click()
        assert [
            key for key, _words in page.evaluate(LISTED) if key.isalnum() and len(key) == 1
        ] == []
        assert page.locator("kbd:visible").filter(has_text="W").count() == 0
    finally:
        with page.expect_navigation():
            turn.click()


def test_keys_lead_to_what_is_done_on_the_page_of_people_and_do_nothing_yet(window, world):
    page = window(world.sessions["administrator"])
    page.goto(f"{world.demonstration.desk}/people/")
    for key, place in {"I": "#invite input", "T": "#new-team input", "W": "td button"}.items():
        page.keyboard.press(f"Shift+{key}")
        expect(page.locator(f"main {place}:focus")).to_have_count(1)
        page.keyboard.press("Escape")
    assert page.url.endswith("/people/")


def test_a_rule_just_added_is_named_at_once(window: Window, world: World) -> None:
    page = window(world.sessions["lead"])
    page.goto(f"{world.demonstration.desk}/queue/rules/form/")
    go(page, "Shift+A")
    expect(page.locator("details[open] [name$='-name']")).to_be_focused()


def test_a_list_is_judged_without_the_mouse(window: Window, world: World) -> None:
    """Filtered, read, noted, decided, taken back, decided anew: three places told in words."""
    token = secrets.token_hex(4)
    for number in range(3):
        tell(world.demonstration, f"le groupe chaton {token} {number}")
    page = window(world.sessions["lead"])
    page.goto(f"{world.demonstration.desk}/queue/")
    filter_by_kind(page)
    rows = page.locator("#queue tbody tr").filter(has_text=token)

    def arrived() -> bool:
        page.reload()
        return rows.count() == 3

    until(arrived)
    page.set_default_navigation_timeout(15_000)
    first = open_first(page, token)
    read_words(page)
    leave_note(page)
    decide(page, "1", "selon les mots")
    take_back(page, first)
    for _ in range(3):
        open_first(page, token)
        decide(page, "5", "")
    expect(rows).to_have_count(0)


def test_a_decision_is_sent_once_however_often_it_is_pressed(window: Window, world: World) -> None:
    token = secrets.token_hex(4)
    tell(world.demonstration, f"le groupe chaton {token}")
    page = window(world.sessions["lead"])
    page.goto(f"{world.demonstration.desk}/queue/")
    filter_by_kind(page)
    rows = page.locator("#queue tbody tr").filter(has_text=token)

    def arrived() -> bool:
        page.reload()
        return rows.count() == 1

    until(arrived)
    open_first(page, token)
    sent: list[Route] = []
    page.route("**/assess/", lambda route: sent.append(route))  # the answer is on its way
    page.keyboard.press("5")
    for _ in range(4):
        page.keyboard.press("Control+Enter")
    page.wait_for_timeout(200)
    assert len(sent) == 1
    with page.expect_navigation():
        sent[0].continue_()
    expect(page.locator(".messages > *")).to_have_count(1)


def tell(demonstration: Demonstration, where: str) -> None:
    browser = Browser(demonstration.public)
    page = browser.get("/fr/report/")
    form = next(form for form in page.forms if "where" in form.fields)
    assert browser.send(page, form, where=where).status == 200


def go(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def filter_by_kind(page: Page) -> None:
    page.keyboard.press("f")
    expect(page.locator("#f-country")).to_be_focused()
    page.keyboard.press("Tab")
    said = page.locator("#f-kind option[value=description]").inner_text()
    page.keyboard.type(said.split()[0])  # a blank would open the list
    expect(page.locator("#f-kind")).to_have_value("description")
    go(page, "Control+Enter")
    assert "kind=description" in page.url


def open_first(page: Page, token: str) -> str:
    """The first line of ours; its reference."""
    mine = page.locator("#queue tbody tr.on").filter(has_text=token)
    for _ in range(50):
        if mine.count():
            break
        page.keyboard.press("j")
    go(page, "Enter")
    return page.locator("h1").inner_text().split()[0]


def read_words(page: Page) -> None:
    go(page, "Shift+W")
    if page.locator("main [name=passphrase]").count():
        page.keyboard.type(PASSPHRASE)
        go(page, "Enter")
    expect(page.locator(".told")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".told").first).to_be_focused()
    go(page, "q")


def leave_note(page: Page) -> None:
    page.keyboard.press("Shift+N")
    page.keyboard.type("Vu avec la police, q 5 v.")
    go(page, "Control+Enter")
    expect(page.locator(".note")).to_have_text("Vu avec la police, q 5 v.")
    expect(page.locator("#assess input:checked")).to_have_count(0)


def decide(page: Page, key: str, reason: str) -> None:
    page.keyboard.press(key)
    if reason:
        page.keyboard.press("Shift+R")
        page.keyboard.type(reason)
        page.keyboard.press("Escape")
        expect(page.locator("#assess [name=reason]")).not_to_be_focused()
    go(page, "Control+Enter")
    if "/decisions/" in page.url:
        go(page, "q")
    assert "/queue/?" in page.url and "kind=description" in page.url


def take_back(page: Page, reference: str) -> None:
    """From the queue's note to the page of what was decided; there a key that only leads on, and
    Enter."""
    queue = page.url
    go(page, "Shift+I")
    assert page.locator("h1").inner_text().split()[0] == reference
    why = page.locator("#own-why-undo")
    if why.count():  # more than the demonstration's five seconds went by: a lead says why
        why.fill("une erreur")
        page.keyboard.press("Escape")
    page.keyboard.press("Shift+U")
    expect(page.locator("form[action$='/undo/'] button")).to_be_focused()
    go(page, "Enter")
    expect(page.locator("#assess")).to_be_visible()
    expect(page.locator("#assess input:checked")).to_have_count(0)  # what was sent is no draft
    page.keyboard.press("Escape")
    go(page, "q")  # what is sought by keys is found again from an item
    page.keyboard.press("/")
    page.keyboard.type(reference)
    go(page, "Enter")
    found = page.url
    page.keyboard.press("j")
    go(page, "Enter")
    go(page, "q")
    assert page.url == found
    page.goto(queue)
