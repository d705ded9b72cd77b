"""The card studio in a browser: what is seen before is what is made, by hand or by keys alone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Window
from tests.browser.photos import chart, difference, drawn, file, heic, opened, shift, traces
from tests.browser.said import said, words
from tests.demonstration import BROWSER, Demonstration

# The demonstration's own supporters make their cards first: there is room for two at once.
pytestmark = [*BROWSER, pytest.mark.usefixtures("cats"), pytest.mark.rest]

SIZES = ["1080x1080", "1080x1350", "1080x1440", "1080x1920", "1200x630"]
IN_THE_MATRIX = [pytest.param(one, marks=pytest.mark.matrix) for one in ("nl", "de", "en")]
# One press of an arrow key moves the photo by two per cent (less when it is zoomed).
SHIFT = 0.6  # per cent of the photo: two pixels of a screen
NEARLY = 4.5  # levels of 255: the note and the footer are drawn by two programs


class Studio:
    """The studio's page, and what somebody does there."""

    def __init__(self, page: Page, base: str, language: str = "fr") -> None:
        self.page, self.language = page, language
        page.goto(f"{base}/{language}/card/")

    def choose(self, name: str, data: bytes) -> None:
        self.page.locator("#photo").set_input_files(file(name, data))
        expect(self.page.locator("#stage")).to_have_attribute("role", "application")

    @property
    def focus(self) -> tuple[float, ...]:
        """What goes to the server: x, y, zoom."""
        fields = (self.page.locator(f"#studio [name={name}]") for name in ("x", "y", "zoom"))
        return tuple(float(field.input_value()) for field in fields)

    def preview(self) -> bytes:
        """The stage as it is seen."""
        for part in ("#over", "#strip"):
            expect(self.page.locator(part)).to_have_js_property("complete", True)
        return self.page.locator("#stage").screenshot()

    def download(self) -> bytes:
        with self.page.expect_download(timeout=60_000) as coming:
            self.page.locator("#download").click()
        return Path(coming.value.path()).read_bytes()

    def drag(self, right: int, down: int) -> None:
        box = self.page.locator("#stage").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right, y + down, steps=3)
        self.page.mouse.up()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.locator("#stage").press(key)

    def pinch(self, factor: int) -> None:
        """Two fingers, moved apart."""
        session = self.page.context.new_cdp_session(self.page)
        for kind, apart in (("touchStart", 30), ("touchMove", 30 * factor), ("touchEnd", 0)):
            points = [{"x": 195 + side * apart, "y": 330, "id": side + 1} for side in (-1, 1)]
            touched = points if apart else []
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})


@pytest.fixture
def studio(window: Window, demonstration: Demonstration) -> Studio:
    return Studio(window(), demonstration.public)


def is_what_is_seen(studio: Studio, card: bytes) -> None:
    """The same part of the `chart`, below the same note."""
    seen = studio.preview()
    assert shift(seen, card) < SHIFT
    assert difference(seen, card) < NEARLY


def test_in_every_size_the_card_is_what_was_seen_however_it_was_moved(studio: Studio) -> None:
    page, moved = studio.page, []
    studio.choose("scan.jpg", chart())
    page.locator("#language").select_option("de")
    page.locator("#name").fill("Mieze")
    expect(page.locator("#over")).to_have_attribute("src", re.compile("/de/"))
    expect(page.locator("#strip")).to_have_attribute("src", re.compile("name=Mieze"))
    ways = [
        lambda: studio.drag(0, -60),
        lambda: studio.press("+", "+", "+", "ArrowRight", "ArrowRight", "ArrowDown"),
        lambda: [page.locator("#zoom-range").press("ArrowRight") for _ in range(20)],
        lambda: studio.drag(70, 90),
        lambda: studio.press("-", "-", "ArrowLeft", "ArrowUp"),
    ]
    for size, move in zip(SIZES, ways, strict=True):
        page.locator(f"[name=size][value='{size}']").check()
        move()
        moved.append(studio.focus)
        card = studio.download()
        assert "x".join(map(str, opened(card).size)) == size
        assert traces(card) == []
        is_what_is_seen(studio, card)
    assert len(set(moved)) == len(SIZES), "nothing was moved"
    studio.press("ArrowDown")
    assert shift(studio.preview(), card) > SHIFT, "nobody would notice"


def test_the_view_never_leaves_the_photo(studio: Studio) -> None:
    studio.choose("cat.png", drawn(0))
    studio.drag(-2000, -2000)
    x, y, zoom = studio.focus
    assert x < 1 and y < 1 and zoom == 1
    studio.press(*["-"] * 3)
    assert studio.focus == (x, y, 1)
    assert difference(studio.preview(), studio.download()) < NEARLY


def test_two_fingers_zoom_on_a_phone(window: Window, demonstration: Demonstration) -> None:
    page = window(viewport={"width": 390, "height": 740}, has_touch=True)
    studio = Studio(page, demonstration.public)
    studio.choose("scan.jpg", chart())
    page.evaluate("window.scrollTo(0, document.querySelector('#stage').offsetTop - 100)")
    studio.pinch(2)
    assert studio.focus[2] == pytest.approx(2, abs=0.2)
    is_what_is_seen(studio, studio.download())


def test_a_message_that_is_on_the_photo_already_is_left_alone(studio: Studio) -> None:
    studio.choose("scan.jpg", chart())
    studio.page.locator("#mine").check()
    expect(studio.page.locator("#over")).to_be_hidden()
    card = studio.download()
    is_what_is_seen(studio, card)
    assert traces(card) == []
    red, green, _blue = opened(card).convert("RGB").getpixel((1079, 1079))
    assert red > 250 and 150 < green < 240, "the whole width of the photo, to its edge"


def test_with_keys_alone_a_photo_is_chosen_moved_and_made_into_a_card(studio: Studio) -> None:
    page, word = studio.page, words("fr")
    with page.expect_file_chooser() as chooser:
        page.get_by_label(word.photo).press("Enter")
    chooser.value.set_files(file("chat.png", drawn(3)))
    stage = page.get_by_role("application", name=said("Your photo on the card", "fr"))
    expect(stage).to_have_accessible_description(
        said("Drag the photo, or use the arrow keys; + and − zoom.", "fr")
    )
    expect(page.locator("#told")).to_have_text(said("Your photo is on the card.", "fr"))
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label(said("Zoom", "fr"))).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(stage).to_be_focused()
    before = studio.focus
    for key in ("+", "+", "+", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert all(after > earlier for after, earlier in zip(studio.focus, before, strict=True))
    expect(page.locator("#told")).to_contain_text("119")
    expect(page.locator("#zoom-range")).to_have_attribute("aria-valuetext", "119 %")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("group", name=said("Size", "fr"))).to_be_visible()
    expect(page.locator("[name=size]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=size][value='1080x1350']")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label(word.pet_name)).to_be_focused()
    page.keyboard.type("Félix")
    page.get_by_role("button", name=said("Make my card", "fr")).focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(said("Your card is ready", "fr"))
    expect(page.locator(".made-card img")).to_have_js_property("naturalHeight", 1350)


def test_what_the_browser_cannot_show_the_server_shows(studio: Studio) -> None:
    with studio.page.expect_response(re.compile("/card/preview/$")) as answer:
        studio.choose("chat.heic", heic())
    assert answer.value.headers["content-type"] == "image/jpeg"
    assert difference(studio.preview(), studio.download()) < NEARLY


def test_a_file_that_is_no_photo_is_said_to_be_none_at_once_and_once_sent(studio: Studio) -> None:
    page = studio.page
    page.locator("#photo").set_input_files(file("chat.jpg", b"no picture"))
    reason = said("This file is not a photo that we can read.", "fr")
    expect(page.locator("#say")).to_have_text(reason)
    page.locator("button[value=see]").click()
    expect(page.get_by_role("alert")).to_contain_text(reason)
    expect(page.get_by_label(words("fr").photo)).to_have_attribute("aria-invalid", "true")
    assert page.title().startswith(said("Error:", "fr"))
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("#photo")).to_be_focused()


def test_after_a_second_file_that_is_no_photo_nothing_hangs_over_an_empty_window(
    studio: Studio,
) -> None:
    page = studio.page
    studio.choose("chart.png", chart())
    expect(page.locator("#zoom-row")).to_be_visible()
    page.locator("#photo").set_input_files(file("chat.jpg", b"no picture"))
    expect(page.locator("#say.problem")).to_be_visible()
    for gone in ("#zoom-row", "#window", "#over"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator(".sample")).to_be_visible()
    expect(page.locator("#photo")).to_have_attribute("aria-invalid", "true")
    assert page.locator("#stage").get_attribute("role") is None


def test_who_comes_back_finds_the_photo_where_it_lay_and_its_name(
    studio: Studio, tmp_path: Path
) -> None:
    page, chosen = studio.page, tmp_path / "chart.png"
    chosen.write_bytes(chart())  # a browser gives back only what lies on the disk
    page.locator("#photo").set_input_files(chosen)
    expect(page.locator("#stage")).to_have_attribute("role", "application")
    studio.press("+", "+", "+", "ArrowRight", "ArrowDown")
    page.get_by_label(words("fr").pet_name).fill("Félix")
    before = studio.focus
    page.locator("button[value=see]").click()
    expect(page.locator(".made-card img")).to_be_visible()
    page.go_back()
    expect(page.locator("#window")).to_be_visible()
    assert studio.focus == before
    expect(page.get_by_label(words("fr").pet_name)).to_have_value("Félix")


STUB = """
navigator.canShare = ({ files }) => files[0].type === "image/jpeg";
navigator.share = async ({ files }) => {
  window.shared = [files[0].name, files[0].size, navigator.userActivation.isActive];
};
"""


def test_a_phone_shares_the_card_from_its_page_and_the_photo_was_sent_once(
    window: Window, demonstration: Demonstration
) -> None:
    page = window(viewport={"width": 390, "height": 740}, has_touch=True)
    page.add_init_script(STUB)
    studio = Studio(page, demonstration.public, "nl")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    studio.choose("kat.png", drawn(1))
    studio.press("+", "ArrowUp")
    page.get_by_role("button", name=said("Make my card", "nl"), exact=True).click()
    share = page.get_by_role("button", name=said("Share it", "nl"))
    expect(share).to_be_visible()
    assert [one for one in asked if one.startswith("POST")] == [
        f"POST {demonstration.public}/nl/card/"
    ]
    asked.clear()
    share.click()
    name, size, active = page.evaluate("window.shared")
    assert name.endswith("-nl-1080x1080.jpg") and size > 20_000 and active
    assert asked == [], "the file was not there yet"


def test_a_message_that_cannot_be_drawn_is_said_and_comes_by_itself(
    window: Window, demonstration: Demonstration
) -> None:
    page = window()
    asked: list[str] = []

    def missing_at_first(route: Route) -> None:
        asked.append(route.request.url)
        return route.fulfill(status=503) if len(asked) < 3 else route.continue_()

    page.route("**/campaign/overlay/**", missing_at_first)
    studio = Studio(page, demonstration.public, "en")
    studio.choose("cat.png", drawn(1))
    told = "The message cannot be shown here just now; the card will have it."
    expect(page.locator("#say")).to_have_text(said(told, "en"))
    expect(page.locator("#say")).to_have_text("", timeout=15_000)
    assert page.locator("#over").evaluate("one => one.naturalWidth") > 0


@pytest.mark.parametrize("language", ["fr", *IN_THE_MATRIX])
def test_without_scripts_a_card_is_made_and_downloaded_in_each_language(
    language: str, window: Window, demonstration: Demonstration
) -> None:
    page = window(java_script_enabled=False, locale=language)
    word = words(language)
    page.goto(f"{demonstration.public}/{language}/")
    page.locator("main").get_by_role("link", name=word.invite, exact=True).click()
    expect(page.locator("h1")).to_have_text(word.studio)
    page.get_by_label(word.photo).set_input_files(file("chat.heic", heic()))
    page.get_by_label(said("Which part of the photo matters most?", language)).select_option(
        "lower"
    )
    with page.expect_download() as coming:
        page.get_by_role("button", name=said("Download it", language)).click()
    assert coming.value.suggested_filename == f"catsforkids-2020-{language}-1080x1080.jpg"
    card = Path(coming.value.path()).read_bytes()
    page.get_by_role("button", name=said("Make my card", language), exact=True).click()
    expect(page.locator("h1")).to_have_text(said("Your card is ready", language))
    assert page.locator(".made-card img").get_attribute("alt") == word.alt
    with page.expect_download() as again:
        page.get_by_role("link", name=said("Download it", language)).click()
    assert Path(again.value.path()).read_bytes() == card


def test_what_is_chosen_is_seen_without_the_colours_of_the_page(
    window: Window, demonstration: Demonstration
) -> None:
    page = window(forced_colors="active")
    page.goto(f"{demonstration.public}/fr/card/")
    outline = "(one) => getComputedStyle(one.closest('label')).outlineStyle"
    sizes = page.locator("[name=size]")
    for number in (1, 0):
        sizes.nth(number).check()
        assert [sizes.nth(one).evaluate(outline) for one in (0, 1)] == (
            ["solid", "none"] if number == 0 else ["none", "solid"]
        )


def test_the_message_is_written_by_and_by_and_at_once_for_who_wants_no_motion(
    window: Window, demonstration: Demonstration
) -> None:
    for motion, name in (("no-preference", "write"), ("reduce", "none")):
        page = window(reduced_motion=motion)
        page.goto(f"{demonstration.public}/fr/")
        expect(page.locator(".card .written")).to_have_css("animation-name", name)
