"""Something in every state of the running demonstration, so that no page is looked at empty."""

from dataclasses import dataclass

from tests.browser import campaign, newsletter, people
from tests.demonstration import Demonstration, until
from vigie.demo.browser import Browser, Page
from vigie.sandbox.client import SandboxClient

# How many items the demonstration begins with; of them: to be removed, held by the police, waiting
# for the police, waiting for the lead.
FIRST_REPORTS = 9
REFERRED = (
    "galerie.nord.test/a/known-1",
    "images.nord.test/a/autumn",
    "forum.loire.test/a/bridge",
    "beeld.polder.test/a/tulip",
)
# What no walk through the pages brings about in a minute, done inside the desk.
ARRANGE = """
from datetime import timedelta
from vigie.items.models import Item
from vigie.lib import clock
failed = Item.objects.get(pk=6)
failed.last_error, failed.attempts = "ConnectionRefusedError: [Errno 111]", 3
failed.due_at = clock.now() + timedelta(days=1)
failed.save(update_fields=["last_error", "attempts", "due_at"])
from vigie.matching.lists import four_eyes
from vigie.matching.models import HashList
from vigie.people.four_eyes import answer
from vigie.staff.models import User
lead, manager = (User.objects.get(username=name) for name in ("lead", "manager"))
police = HashList.objects.get(name="Police list")
powers = {"may_confirm": True, "threshold": 20, "active": True}
four_eyes.ask_change(police, manager, "The convention of 2026, article 4.", **powers)
asked = four_eyes.ask_export("vics", lead, "For the federal police, as agreed on Monday.")
answer(asked, four_eyes.EXPORT, manager, approve=True)
from vigie.matching.providers.models import Probe
from vigie.matching.providers.services import add_provider
provider, _key = add_provider("Nuage photos", [police], manager.actor)
Probe.objects.create(provider=provider, at=clock.now(), variants=12, found=5)
"""
SPEAK = """
from vigie.staff.models import User
User.objects.update(language="{language}")
"""


@dataclass(frozen=True)
class World:
    """Where to find what: numbers of items and referrals in the states that pages show."""

    demonstration: Demonstration
    sessions: dict[str, str]
    waiting: int  # to assess, pictures not seen
    removed: int
    closed: int
    referred: int
    unfetchable: int  # to assess, an account: nothing to look at
    referral: str  # the page of one that was sent; the police have not answered
    receipt: str
    key: int = 0  # the administrator's passkey

    def settle(self) -> None:
        """Wait until what should be removed is, and what the lead should approve waits."""
        analyst = Person(self.demonstration, self.sessions["analyst"])
        lead = Person(self.demonstration, self.sessions["lead"])
        until(lambda: analyst.has_removed(self.removed))
        until(lambda: lead.offers("/letters/", "/approve/"))
        campaign.settle(self.demonstration)

    def speak(self, language: str) -> None:
        """Everybody on the desk reads this language from now on."""
        self.demonstration.vigie("--demo", "shell", "-v0", "-c", SPEAK.format(language=language))


class Person:
    """Somebody at the desk, by plain HTTP."""

    def __init__(self, demonstration: Demonstration, session: str) -> None:
        self.browser = Browser(demonstration.desk)
        self.browser.cookies["desk"] = session

    def find(self, address: str) -> int:
        page = self.browser.get("/queue/")
        found = self.browser.send(page, page.form("/search/"), q=address)
        places = [row[0].split(maxsplit=1) for row in found.rows if row and "I-" in row[0]]
        mine = next(number for number, place in places if place.startswith(address))
        return int(mine.removeprefix("I-"))

    def send(self, path: str, action: str, **fields: str) -> Page:
        """Fill in the form of a page that goes to ``action`` and has these fields."""
        page = self.browser.get(path)
        forms = [form for form in page.forms if form.action.endswith(action)]
        form = next(form for form in forms if action or fields.keys() <= form.fields.keys())
        answer = self.browser.send(page, form, **fields)
        assert answer.status == 200, (path, action, answer.status)
        return answer

    def decide(self, address: str, classification: str = "baseline") -> int:
        """Decide about an item, on words alone; its number."""
        pk = self.find(address)
        said = {"classification": classification, "reason": "by its words"}
        self.send(f"/queue/items/{pk}/", "/assess/", **said)
        return pk

    def waiting(self) -> int:
        """How many items wait for a decision."""
        return len([link for link in self.browser.get("/queue/").links if "/items/" in link])

    def sent_referral_of(self, item: int) -> str | None:
        """The page of its referral, once it has left."""
        rows = [row for row in self.browser.get("/letters/").rows if len(row) == 5]
        mine = [row[0].strip() for row in rows if f"I-{item}" in row[1].split()]
        page = f"/letters/referrals/{mine[0].removeprefix('R-')}/" if mine else ""
        return page if mine and self.offers(page, "/acknowledge/") else None

    def offers(self, path: str, action: str) -> bool:
        return any(form.action.endswith(action) for form in self.browser.get(path).forms)

    def has_removed(self, item: int) -> bool:
        listed = self.browser.get(f"/queue/?state=removed&like={item}").links
        return f"/queue/items/{item}/" in {link.partition("?")[0] for link in listed}


def arrange(demonstration: Demonstration, sessions: dict[str, str]) -> World:
    """One removed, one held, one that waits for the police, one for the lead, and more."""
    names = ("analyst", "liaison", "administrator")
    analyst, liaison, administrator = (Person(demonstration, sessions[name]) for name in names)
    until(lambda: analyst.waiting() >= FIRST_REPORTS)
    gone, held, asked, _notice = [analyst.decide(f"http://{place}") for place in REFERRED]
    contact_by_the_police(demonstration, liaison, gone)
    liaison.send(until(lambda: liaison.sent_referral_of(held)), "/hold/", held="yes")
    paper = {"basis": "The convention of 2026 with the public prosecutor.", "reference": "Safe, 4"}
    administrator.send("/mandate/", "", **paper, egress="Line 2, 192.0.2.1")
    parts = [ARRANGE, people.ARRANGE, newsletter.ARRANGE, campaign.CARDS, campaign.DESK]
    demonstration.vigie("--demo", "shell", "-v0", "-c", "\n".join(parts))
    referral = until(lambda: liaison.sent_referral_of(asked))
    closed = analyst.decide("http://photos.moselle.test/a/river", "not_illegal")
    return World(
        demonstration,
        sessions,
        waiting=analyst.find("http://galerie.nord.test/a/known-2"),
        removed=gone,
        closed=closed,
        referred=asked,
        unfetchable=analyst.find("telegram:chaton_demo"),
        referral=referral,
        receipt=_receipt(demonstration),
    )


def contact_by_the_police(demonstration: Demonstration, liaison: Person, item: int) -> None:
    """The magistrate authorises, the police contact the host, the liaison writes down."""
    referral = until(lambda: liaison.sent_referral_of(item))
    pack = "R-" + referral.split("/")[-2]
    police = SandboxClient(demonstration.outside)
    for act in ("acknowledge", "authorise", "contact"):
        answer = police.police(pack, f"I-{item}", act)
    liaison.send(referral, "/authorise/", reference=answer["authorisation"])
    liaison.send(referral, "/contacted/")


def _receipt(demonstration: Demonstration) -> str:
    """A report of its own, with all that can be added to it; the code that its page showed."""
    browser = Browser(demonstration.public)
    page = browser.get("/fr/report/")
    form = next(form for form in page.forms if "where" in form.fields)
    added = browser.send(page, form, where=f"http://{REFERRED[0]}")
    for typed in ({"danger": "no", "child": "rien vu"}, {"how": "un lien"}, {"contact": "moi"}):
        further = next(form for form in added.forms if "token" in form.fields)
        added = browser.send(added, further, act="next", **typed)
    return form.fields["receipt"]
