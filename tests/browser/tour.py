"""The pictures in docs/tour: what the campaign looks like, on a phone and a desktop.

make tour                  all of them, from a demonstration of its own
make tour ONLY="wall kit"  these kinds only
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, expect, sync_playwright

django.setup()

from tests.browser import campaign, newsletter  # noqa: E402
from tests.browser.conftest import ARGUMENTS, CHROMIUM  # noqa: E402
from tests.browser.photos import drawn, file, opened  # noqa: E402
from tests.browser.world import SPEAK  # noqa: E402
from tests.demonstration import Demonstration, started, until  # noqa: E402
from tests.environment import ROOT  # noqa: E402

FOLDER = ROOT / "docs/tour"
DESKTOP, PHONE = 1280, 390
# Each language once for each kind, on one of the two.
FOUR = (("fr", DESKTOP), ("nl", PHONE), ("de", PHONE), ("en", DESKTOP))
TWO = (("fr", DESKTOP), ("nl", PHONE))
QUALITY, SCALE = 45, 0.75  # a desktop's picture is kept smaller than it was
TALLEST = {DESKTOP: 1500, PHONE: 1800}  # of a long page the upper part
MOST_BYTES = 3_300_000
# As a supporter comes and goes; the rest of the demonstration's cats are hung after the moderation.
HANG = """
from vigie.campaign.wall.selectors import waiting
from vigie.campaign.wall.services import approve, recount
from vigie.demo.cats import NAMES
from vigie.staff.models import User
for row in waiting().filter(name__in=NAMES):
    approve(row.pk, User.objects.get(username="editor"))
approve(waiting().get(name="Balou").pk, User.objects.get(username="editor"))
recount()
"""


@dataclass(frozen=True)
class Stop:
    """One kind of picture: where, who looks, what is done there, and in which forms it is kept."""

    name: str
    says: str
    path: str
    who: str = ""
    act: Callable[[Page], None] | None = None
    forms: tuple[tuple[str, int], ...] = FOUR
    whole: bool = False


def choose(page: Page) -> None:
    page.locator("#photo").set_input_files(file("chat.png", drawn(2)))
    page.locator("#stage[role=application]").wait_for()
    page.locator("#name").fill("Mieze")
    for _ in range(4):
        page.locator("#stage").press("+")
    expect(page.locator("#strip")).to_have_attribute("src", re.compile("name=Mieze"))
    for part in ("#over", "#strip"):
        expect(page.locator(part)).to_have_js_property("complete", True)
    page.locator(".give summary").click()
    page.locator("[name=consent]").check()
    page.locator("[name=age][value=old]").check()
    page.evaluate("document.activeElement.blur()")


def make(page: Page) -> None:
    choose(page)
    page.locator("button[value=wall]").click()
    page.locator(".back").wait_for()


def send_nonsense(page: Page) -> None:
    page.locator("#photo").set_input_files(file("chat.jpg", b"no picture"))
    page.locator("button[value=see]").click()
    page.locator("#photo-problem").wait_for()


def hold_one(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.down(" ")
    page.locator(".piece.on [name=seen]:checked").wait_for()
    page.keyboard.up(" ")
    for key in ("a", "r"):
        page.keyboard.press(key)
    page.keyboard.down(" ")


def first_card(page: Page) -> None:
    page.locator(".cards a").first.click()
    page.locator(".made-card").wait_for()


LINKS: list[str] = []  # of the cards that were given: each takes its card back


def with_its_link(page: Page) -> None:
    language = page.url.split("/")[3]
    page.goto(LINKS[0].replace("/fr/", f"/{language}/"))
    page.locator(".made-card").wait_for()


EDITOR = f"/campaign/{campaign.SLUG}"
BEFORE = [  # while cards wait
    Stop(
        "moderation",
        "The desk: one hung, one refused, the next in hand and held",
        "/campaign/wall/",
        "editor",
        hold_one,
    ),
]
STOPS = [
    Stop("front", "The front page of the whole site", "/{lang}/", whole=True),
    Stop(
        "studio",
        "The card studio, with a photo moved and zoomed",
        "/{lang}/card/",
        act=choose,
        whole=True,
    ),
    Stop("studio-error", "A file that is no photo", "/{lang}/card/", act=send_nonsense, forms=TWO),
    Stop(
        "result", "The card is made, and given to the wall", "/{lang}/card/", act=make, whole=True
    ),
    Stop("wall", "The wall", "/{lang}/wall/"),
    Stop("card", "The page of one card, to share", "/{lang}/wall/", act=first_card),
    Stop("back", "Taking a card back", "/{lang}/wall/", act=with_its_link, forms=TWO),
    Stop("facts", "The facts, with their sources", "/{lang}/facts/"),
    Stop("newsletter", "The newsletter: asking for it", "/{lang}/newsletter/"),
    Stop("kit", "An ambassador’s page", f"/{{lang}}/kit/{campaign.KIT}/"),
    Stop("press", "For the press", "/{lang}/press/"),
    Stop("embeds", "The counter and the wall for other sites", "/{lang}/embed/", forms=TWO),
    Stop(
        "screen",
        "The wall on a big screen",
        "/{lang}/screen/",
        forms=(("fr", DESKTOP), ("de", DESKTOP)),
    ),
    Stop("editor", "The desk: the words and the five cards", f"{EDITOR}/words/{{lang}}/", "editor"),
    Stop(
        "pages",
        "The desk: the pages before anybody else",
        f"{EDITOR}/pages/{{lang}}/",
        "editor",
        forms=TWO,
    ),
    Stop("hung", "The desk: cards that hang", "/campaign/wall/hung/", "editor", forms=TWO),
    Stop(
        "settings",
        "The desk: numbers, days and colours",
        f"{EDITOR}/settings/",
        "editor",
        forms=TWO,
    ),
    Stop("letters", "The desk: the newsletter and its readers", "/campaign/newsletter/", "editor"),
    Stop(
        "letter",
        "The desk: an edition in four languages",
        f"/campaign/newsletter/{newsletter.DRAFT}/",
        "editor",
        forms=TWO,
    ),
    Stop("kits", "The desk: ambassadors", "/campaign/kits/", "editor", forms=TWO),
    Stop(
        "posts", "The desk: the organisation’s own posts", "/campaign/posts/", "editor", forms=TWO
    ),
    Stop(
        "set-aside", "The desk: what nobody may see", "/campaign/wall/set-aside/", "lead", forms=TWO
    ),
]


@dataclass
class Camera:
    """A browser for each picture, and what was taken."""

    demonstration: Demonstration
    browser: Browser
    sessions: dict[str, str]
    only: list[str]
    spoken: str = ""
    taken: list[Path] = field(default_factory=list)

    def walk(self, stops: list[Stop]) -> None:
        """By language: to change the desk's takes a moment."""
        wanted = [stop for stop in stops if not self.only or stop.name in self.only]
        for language in ("fr", "nl", "de", "en"):
            for stop in wanted:
                for width in [width for code, width in stop.forms if code == language]:
                    self.take(stop, language, width)

    def take(self, stop: Stop, language: str, width: int) -> None:
        if stop.who and self.spoken != language:
            self.demonstration.vigie(
                "--demo", "shell", "-v0", "-c", SPEAK.format(language=language)
            )
            self.spoken = language
        base = self.demonstration.desk if stop.who else self.demonstration.public
        size = {"width": width, "height": 900 if width == DESKTOP else 780}
        context = self.browser.new_context(locale=language, viewport=size, reduced_motion="reduce")
        if stop.who:
            cookie = {"name": "desk", "value": self.sessions[stop.who], "url": base}
            context.add_cookies([cookie])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(base + stop.path.format(lang=language))
        if stop.act:
            stop.act(page)
        quiet(page)
        self.keep(page.screenshot(full_page=True), stop, language, width)
        context.close()

    def keep(self, png: bytes, stop: Stop, language: str, width: int) -> None:
        path = FOLDER / file_name(stop, language, width)
        with opened(png) as whole:
            height = whole.height if stop.whole else min(whole.height, TALLEST[width])
            picture = whole.convert("RGB").crop((0, 0, whole.width, height))
        if width == DESKTOP:
            picture = picture.resize((round(width * SCALE), round(height * SCALE)))
        picture.save(path, "WEBP", quality=QUALITY, method=6)
        self.taken.append(path)


def quiet(page: Page) -> None:
    """Everything loaded, nothing that sticks to the window: the picture shows the whole page."""
    page.evaluate(
        """async () => {
          for (const one of document.querySelectorAll("[loading=lazy]")) one.loading = "eager";
          for (const one of document.querySelectorAll("body *")) {
            if (getComputedStyle(one).position === "sticky") one.style.position = "static";
          }
          await document.fonts.ready;
          await Promise.all([...document.images].map((one) => one.decode().catch(() => {})));
        }"""
    )
    page.wait_for_load_state("networkidle")


def file_name(stop: Stop, language: str, width: int) -> str:
    return f"{stop.name}-{language}-{device(width)}.webp"


def device(width: int) -> str:
    return "phone" if width == PHONE else "desktop"


def arrange(demonstration: Demonstration, browser: Browser) -> None:
    campaign.settle(demonstration)
    for made in (newsletter.ARRANGE, campaign.DESK):
        demonstration.vigie("--demo", "shell", "-v0", "-c", made)
    page = browser.new_context().new_page()
    for number, name in enumerate(("Balou", "Nala", "Kitty", "Mistigri", "Grisou")):
        fields = {"act": "wall", "consent": "on", "age": ("old", "parent")[number % 2]}
        answer = page.request.post(
            f"{demonstration.public}/fr/card/",
            multipart={**fields, "name": name, "photo": file("chat.png", drawn(number))},
        )
        assert answer.ok
        LINKS.extend(re.findall(r"http://[\w:.]+/fr/wall/back/\w+/", answer.text())[:1])
    sessions = demonstration.sessions()
    page.context.add_cookies(
        [{"name": "desk", "value": sessions["editor"], "url": demonstration.desk}]
    )

    def all_wait() -> bool:
        page.goto(f"{demonstration.desk}/campaign/wall/")
        return page.locator(".piece").count() == 8

    until(all_wait)
    page.context.close()


def write_list() -> None:
    """docs/tour/README.md: one line for each kind."""
    lines = [LIST_HEAD]
    for stop in [*STOPS[:5], *BEFORE, *STOPS[5:]]:
        links = [
            f"[{language}, {device(width)}]({file_name(stop, language, width)})"
            for language, width in stop.forms
        ]
        lines.append(f"| {stop.says} | {' · '.join(links)} |")
    (FOLDER / "README.md").write_text("\n".join(lines) + "\n")


LIST_HEAD = """# A tour of the campaign

Taken from the demonstration by `make tour`. The cats are drawn by our own code, but for the one
that ships with the campaign; the organisation is fictional. Each kind is here in each language at
least once, or on a phone and a desktop where it is much the same in all of them.

| What | Pictures |
|---|---|"""


def main(only: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="vigie-tour-"))
    try:
        with started(folder) as demonstration, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
            arrange(demonstration, browser)
            camera = Camera(demonstration, browser, demonstration.sessions(), only)
            camera.walk(BEFORE)
            demonstration.vigie("--demo", "shell", "-v0", "-c", HANG)
            camera.walk(STOPS)
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    write_list()
    size = sum(path.stat().st_size for path in FOLDER.glob("*.webp"))
    print(f"{len(camera.taken)} pictures; docs/tour holds {size / 1e6:.1f} MB")  # noqa: T201
    return 0 if size < MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
