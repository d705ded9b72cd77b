"""`vigie demo walk`: a report through the running system, from outside, over HTTP and mail.

Two rows of the policy: Belgium (the police contact the host) and the Netherlands (we write). Prints
each step with its time, and exits 0 only when both are removed.
"""

import secrets
import sys
import time
import urllib.error
from collections.abc import Callable
from http.client import HTTPException
from typing import TypeVar

from vigie.demo import environment as env
from vigie.demo import visitor
from vigie.demo.browser import Browser, Form, Page
from vigie.sandbox.client import SandboxClient

T = TypeVar("T")
# A page or an answer that is not what this demonstration gives (another version, another program).
UNEXPECTED = (
    *(RuntimeError, TimeoutError, LookupError, ValueError, StopIteration, AssertionError),
    HTTPException,
    urllib.error.HTTPError,
)
PATIENCE = 90  # seconds for any one step


class Stuck(Exception):
    """A step did not come about in time."""


class Walk:
    """The people and the clock of one walk."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.outside = SandboxClient(env.SANDBOX_URL)
        self.analyst = visitor.sign_in("analyst")
        self.lead = visitor.sign_in("lead")
        self.liaison = visitor.sign_in("liaison")

    def say(self, words: str) -> None:
        print(f"{time.monotonic() - self.started:6.1f} s  {words}", flush=True)

    def until(self, what: str, ask: Callable[[], T | None]) -> T:
        """Ask again and again; raises `Stuck` when it does not come about."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if answer := ask():
                return answer
            time.sleep(0.4)
        raise Stuck(what)

    def road(self, country: str, url: str, police_contact: bool) -> None:
        receipt = visitor.report(url, comment="walked by the demonstration")
        self.say(f"{country}: a citizen reported {url} and kept a receipt of eight words")
        item = self.until("the item in the queue", lambda: self._assessable(url))
        self._assess(item)
        pack, referral = self._referred(item, url)
        if police_contact:
            self._authorised_by_police(pack, item, referral)
        else:
            self._approved_by_lead(item)
        self._removed(item, url, receipt)

    def _assessable(self, url: str) -> str | None:
        path = visitor.find(self.analyst, url)
        page = self.analyst.get(path) if path else None
        mine = page and url in page.text  # the desk also offers the rest of a domain
        has_form = page and any(form.action.endswith("/assess/") for form in page.forms)
        return path.partition("?")[0] if path and mine and has_form else None

    def _assess(self, item: str) -> None:
        page = self.analyst.get(item)
        self.say(f"  the worker looked: {_reference(page)} waits for a person")
        still = next((form for form in page.forms if "/pictures/" in form.action), None)
        if still is None:
            raise Stuck("a still (the analyst has looked enough for today, or rests)")
        shown = self.analyst.send(page, still)
        if shown.status != 200 or not shown.body.startswith(b"\xff\xd8"):
            raise Stuck("the still of the first picture")
        self.say(f"  the analyst looked at one still ({len(shown.body)} bytes, kept nowhere)")
        look = {name.lower(): value for name, value in shown.headers.items()}["x-view"]
        ended = Form(f"/queue/care/looks/{look}/", "post", dict(still.fields))
        self.analyst.send(page, ended, seconds="1")  # or it counts until the next page
        page = self.analyst.get(item)
        form = page.form("/assess/")
        answer = self.analyst.send(page, form, classification="baseline")
        if answer.status != 200:
            raise Stuck("the assessment")
        self.say("  the analyst decided: international baseline (a drawing, in truth)")

    def _referred(self, item: str, url: str) -> tuple[str, str]:
        def pack() -> str | None:
            for found in self.outside.packs():
                if any(one["url"] == url for one in found["items"]):
                    assert found["signature"] == "verified", "the pack's signature"
                    return str(found["reference"])
            return None

        reference = self.until("the pack at the police", pack)
        self.say(f"  the police opened the pack {reference}, signed by the hotline")
        return reference, f"/letters/referrals/{reference.removeprefix('R-')}/"

    def _authorised_by_police(self, pack: str, item: str, referral: str) -> None:
        number = f"I-{_number(item)}"
        self.outside.police(pack, number, "acknowledge")
        state = self.outside.police(pack, number, "authorise")
        self.say(f"  a magistrate authorised removal: {state['authorisation']}")
        self._liaison_notes(referral, "/acknowledge/")
        self._liaison_notes(referral, "/authorise/", reference=state["authorisation"])
        self.say("  the liaison wrote both down")
        self.outside.police(pack, number, "contact")
        self._liaison_notes(referral, "/contacted/")
        self.say("  the police contacted the host; the liaison wrote it down")

    def _liaison_notes(self, referral: str, action: str, **fields: str) -> None:
        def ready() -> Page | None:
            page = self.liaison.get(referral)
            return page if any(f.action.endswith(action) for f in page.forms) else None

        page = self.until(f"{action} on the liaison's page", ready)
        answer = self.liaison.send(page, page.form(action), **fields)
        if answer.status != 200:
            raise Stuck(action)

    def _approved_by_lead(self, item: str) -> None:
        """The first notice to a contact waits for a lead; later ones leave by themselves.

        Only this walk's: whoever tries the demonstration by hand decides about theirs.
        """

        def approved_or_gone() -> str | None:
            page = self.lead.get("/letters/")
            for form in page.forms:
                if form.action.endswith("/approve/") and form.after == item:
                    self.lead.send(page, form)
                    return "the lead approved the first notice to this host"
            if self._listed(item, "notified") or self._listed(item, "removed"):
                return "the host is known: the notice left without a lead"
            return None

        self.say(f"  {self.until('the notice to the host', approved_or_gone)}")

    def _listed(self, item: str, state: str) -> bool:
        """In the list of a state, of this item's site: the same in every language."""
        listed = f"/queue/?state={state}&like={_number(item)}"
        links = self.analyst.get(listed).links  # each carries the way back to this list
        return item in {link.partition("?")[0] for link in links}

    def _removed(self, item: str, url: str, receipt: str) -> None:
        def gone() -> bool | None:
            return bool(self.outside.host_state(url)["removed"]) or None

        self.until("the host to remove it", gone)
        self.say("  the host removed it")
        self.until("two looks that agree", lambda: self._listed(item, "removed"))
        self.say(f"  I-{_number(item)} is removed: two looks, with time between, found it gone")
        browser = Browser(env.PUBLIC_URL)
        page = browser.get("/en/receipt/")
        form = next(form for form in page.forms if "words" in form.fields)
        if browser.send(page, form, words=receipt).status != 200:
            raise Stuck("the receipt")
        self.say("  the receipt answers (its course moves on the weekly grid, not with ours)")


def _number(item: str) -> int:
    """The number of an item, from the address of its page."""
    return int(item.rstrip("/").rsplit("/", 1)[-1])


def _reference(page: Page) -> str:
    return next(word for word in page.text.split() if word.startswith("I-"))


def walk() -> int:
    token = secrets.token_hex(4)
    try:
        walk = Walk()
        walk.say("analyst, lead and liaison signed in with their second factor")
        walk.road("Belgium", f"http://galerie.nord.test/a/walk-{token}", police_contact=True)
        walk.road("Netherlands", f"http://beeld.polder.test/a/walk-{token}", police_contact=False)
    except Stuck as what:
        print(f"the walk is stuck, waiting for: {what}", file=sys.stderr)
        return 1
    except UNEXPECTED as error:
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        print(f"the walk met what it did not expect: {words}", file=sys.stderr)
        return 1
    except (urllib.error.URLError, ConnectionError):
        print("vigie: nothing answers. Start the demonstration first: make run", file=sys.stderr)
        return 2
    walk.say("both roads ended in removed")
    return 0
