"""An analyst at the desk, in Chromium, by keyboard alone.

Of the truth she knows what she has before her: of a picture when its still was shown to her and is
that picture; of words when she has opened them. What the desk proposes she takes without a look.
"""

import base64
import io
from collections.abc import Iterable, Mapping
from typing import Any

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Response

from vigie.demo import environment as env
from vigie.demo.day.mix import GROOMING, Sent, plain

KEYS = {
    "baseline": "1",
    "national": "2",
    "other_illegal": "3",
    "not_illegal": "4",
    "cannot_assess": "5",
    "out_of_remit": "6",
}
MOST_TABS = 120
SMALL, ALIKE = (24, 18), 25.0  # a still and what it shows differ by less, in the mean, of 255
ROWS = """() => [...document.querySelectorAll("#queue tbody tr")].map(row => ({
  item: row.querySelector("a").getAttribute("href"), on: row.classList.contains("on")}))"""
# What a person sees of an item at a glance, before anything is shown.
GLANCE = """() => ({
  place: document.querySelector(".locator")?.textContent.trim() ?? "",
  mine: document.querySelector("#assess") && !document.querySelector("form[action$='/take/']"),
  proposed: document.querySelector("#assess input[name=classification]:checked")?.value ?? "",
  pictures: document.querySelectorAll("ol.pictures li").length,
  veil: !!document.querySelector("#veil"),
  tired: !!document.querySelector("p.standing.warned")})"""

FRESH = "[data-first]:not([hidden])"  # one for each picture that is neither known nor seen
NUMBER = """() => 1 + [...document.querySelectorAll("ol.pictures li")]
  .findIndex(line => line.querySelector("[data-current]:not([hidden])"))"""

# The still as the window has it, whole.
ON_SCREEN = """async () => {
  const image = document.querySelector("#veil img.still");
  const canvas = document.createElement("canvas");
  await image.decode();
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


class Resting(Exception):
    """She looks no more today; a colleague takes over."""


class Stuck(Exception):
    """A page did not come, or the keyboard does not lead on."""


class Analyst:
    """``sent``: the day's reports. What is not of this day she leaves alone."""

    def __init__(self, page: Page, desk: str, sent: Iterable[Sent]) -> None:
        self.page, self.desk = page, desk
        self.truth = {plain(one.where): one for one in sent}
        self.later: set[str] = set()  # what could not be decided yet
        self.looks = self.decisions = 0
        self.page.goto(f"{desk}/queue/")

    # --- the queue ----------------------------------------------------------------------------

    def work(self) -> bool:
        """Decide what stands first in the queue; False when nothing on this page can be.

        Raises `Resting` and `Stuck`.
        """
        try:
            if not self._open_next():
                return self._open_flood() and self._open_next() and self._item()
            return self._item()
        except PlaywrightError as error:
            raise Stuck(str(error)) from error

    def refresh(self) -> None:
        """Look at the queue anew: what had to wait may be ready."""
        self.later.clear()
        self.page.goto(f"{self.desk}/queue/")

    def _open_next(self) -> bool:
        rows: list[dict[str, Any]] = self.page.evaluate(ROWS)
        wanted = next((n for n, row in enumerate(rows) if row["item"] not in self.later), None)
        if wanted is None:
            return False
        hand = next((n for n, row in enumerate(rows) if row["on"]), -1)
        for _ in range(wanted - hand):
            self.page.keyboard.press("j")
        self.item = str(rows[wanted]["item"])
        self._go("Enter")
        return True

    def _open_flood(self) -> bool:
        if not self.page.locator(".floods a").count():
            return False
        self._focus(".floods a")
        self._go("Enter")
        return True

    # --- an item ------------------------------------------------------------------------------

    def _item(self) -> bool:
        seen: dict[str, Any] = self.page.evaluate(GLANCE)
        if not seen["mine"] or plain(seen["place"]) not in self.truth:
            self.later.add(self.item)
            self._go("q")
        elif seen["proposed"]:
            self._decide()
        elif seen["pictures"]:
            self._look(seen)
        elif seen["place"].startswith("http"):
            self._decide("cannot_assess")  # nothing is there
        else:
            self._read()
        return True

    def _look(self, seen: Mapping[str, Any]) -> None:
        """At each picture of which nothing is known, and keep it; and decide by what they show."""
        if seen["tired"] or not seen["veil"]:
            self._rest()
        expected = self.truth[plain(seen["place"])]
        pictures, right = expected.pictures, True
        for _ in range(self.page.locator(FRESH).count()):
            number = self._look_at_one()
            if not number:
                self.later.add(self.item)
                self._go("q")
                return
            still = base64.b64decode(self.page.evaluate(ON_SCREEN))
            right = right and number <= len(pictures) and is_of(still, pictures[number - 1])
            self.page.keyboard.press("x")
        self._decide(expected.truth if right else "cannot_assess")

    def _look_at_one(self) -> int:
        """At the next one; its number on the page, 0 if nothing came."""
        answer = self._ask()
        if "x-calm" in answer.headers:  # a quiet screen: one key, and she asks again
            with self.page.expect_response(lambda answer: "/care/calm/" in answer.url):
                self.page.keyboard.press("Enter")
            answer = self._ask()
        if answer.status != 200:
            return 0
        self.page.locator("#veil img.clear").wait_for()
        self.looks += 1
        self.page.keyboard.down(" ")  # clear only while it is held
        self.page.keyboard.up(" ")
        shown: int = self.page.evaluate(NUMBER)
        return shown

    def _ask(self) -> Response:
        """For the next still."""
        with self.page.expect_response(lambda answer: "/pictures/" in answer.url) as got:
            self.page.keyboard.press("v")
        return got.value

    def _rest(self) -> None:
        """No pictures any more today: one key, one button, no reason."""
        self._go("h")
        self._focus("button[name=rest][value=yes]")
        self._go("Enter")
        raise Resting

    def _read(self) -> None:
        """What the reporter wrote: of a place at which nothing can be looked at."""
        self._focus("a[href*='/words/']")
        self._go("Enter")
        if self.page.locator("input[name=passphrase]").count():
            self._focus("input[name=passphrase]")
            self.page.keyboard.type(env.PASSPHRASE)
            self._go("Enter")
        written = self.page.locator("main").inner_text()
        self._focus(f"a[href='{self.item}']")
        self._go("Enter")
        self._decide("out_of_remit" if GROOMING in written else "cannot_assess")

    def _decide(self, classification: str = "") -> None:
        if classification:
            self.page.keyboard.press(KEYS[classification])
        if classification == "out_of_remit":
            self._focus("#id_hand_over_to")
            self.page.keyboard.type("the police of the place")
        self._go("Control+Enter")
        self.decisions += 1
        self._together()

    def _together(self) -> None:
        """What belongs to it, by one key; as long as there is more that is ready."""
        while "/decisions/" in self.page.url:
            ready = self.page.locator("#together input[name=items]").count()
            self._go("Shift+A" if ready else "q")
        if self.page.url.rstrip("/").endswith("/queue"):
            return
        self.later.add(self.item)  # somebody was quicker, or the form says why not
        self._focus("a[href='/queue/']")
        self._go("Enter")

    # --- the keyboard -------------------------------------------------------------------------

    def _go(self, key: str) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def _focus(self, selector: str) -> None:
        """Tab, until it has the focus."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
        raise Stuck(f"the keyboard does not reach {selector} on {self.page.url}")


def is_of(still: bytes, picture: bytes) -> bool:
    """Does this still show that picture?"""
    one, other = (_small(data) for data in (still, picture))
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3 < ALIKE


def _small(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as found:
        return found.convert("RGB").resize(SMALL)
