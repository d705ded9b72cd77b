"""Small builders that several rooms' tests share; each goes through the real services."""

import hashlib
from collections.abc import Sequence

from vigie.cases.deciding.services import Decision, assess
from vigie.cases.models import Assessment, Classification, View
from vigie.intake.models import Letter
from vigie.intake.services import NewReport, receive
from vigie.items import keys
from vigie.items.flow import Move, State
from vigie.items.locators import parse
from vigie.items.models import Item
from vigie.items.services import move_item, open_letter
from vigie.lib import clock
from vigie.lib.fetch import Fetched, Outcome
from vigie.staff.models import User
from vigie.staff.permissions import Role
from vigie.tracing.models import Hosting, Look
from vigie.tracing.selectors import latest_look
from vigie.tracing.services import look_at, store_look
from vigie.tracing.visit import Picture, Visit


def looked(item: Item) -> Look:
    """The worker looks at an item once; what it kept. The item is read anew."""
    look_at(item)
    item.refresh_from_db()
    look = latest_look(item)
    assert look is not None
    return look


def an_analyst() -> User:
    """The one who decides here: another than the cast's, who may come before or after."""
    who = {"username": "another analyst", "role": Role.ANALYST}
    return User.objects.get_or_create(**who, defaults={"password": "!"})[0]


def an_item(where: str, **words: str) -> Item:
    """The item of one place, reported, opened and joined; once more if it was reported before."""
    receive(NewReport(where=where, **words))
    for letter in Letter.objects.all():
        open_letter(letter)
    (locator,) = parse(where)
    return Item.objects.get(locator_hash=keys.locator_hash(locator.kind, locator.canonical))


def sha256_of(url: str) -> str:
    """The hash that `a_look` lets a picture have."""
    return hashlib.sha256(url.encode()).hexdigest()


def a_look(item: Item, pictures: Sequence[str] = ()) -> Look:
    """The worker's look, as if it had met a page with pictures at these addresses."""
    url = keys.opened(item.locator)
    page = Fetched(Outcome.OK, url, 200, "text/html", b"<p>", None, (), 3, 0.0, None)
    shown = [Picture(u, "ok", 200, sha256_of(u), sha256_of(u)[::-1], 100) for u in pictures]
    look = store_look(item, Visit(page, sha256_of(url), shown), page.outcome)
    if item.state == State.NEW:
        move_item(item, Move.LOOK, "worker", due_at=None)
    return look


def hosted(look: Look, country: str = "", **more: str) -> Hosting:
    """Where a look found the machine; ``country`` is the registry's."""
    return Hosting.objects.create(look=look, country=country, **{"ip": "192.0.2.10", **more})


def decided(item: Item, look: Look, classification: str = Classification.BASELINE) -> Assessment:
    """An analyst saw every picture of the look, and decided about all of them."""
    analyst, media = an_analyst(), list(look.media.all())
    for m in media:
        seen = {"outcome": "ok", "md5": m.md5, "sha1": m.sha1, "sha256": m.sha256}
        View.objects.create(item=item, media=m, by=analyst, at=clock.now(), **seen)
    about = frozenset(m.pk for m in media)
    reason = "as it is to be seen" if about else "by its words"
    decision = Decision(Classification(classification), look.pk, reason, picture_ids=about)
    made = assess(item, analyst, decision)
    assert isinstance(made, Assessment)
    return made


def a_confirmed_item(
    where: str,
    country: str = "",
    *,
    pictures: Sequence[str] = (),
    classification: str = Classification.BASELINE,
    **hosting: str,
) -> Item:
    """An item that an analyst confirmed, hosted in ``country`` (as the registry says)."""
    item = an_item(where)
    look = a_look(item, pictures)
    hosted(look, country, **hosting)
    decided(item, look, classification)
    item.refresh_from_db()
    return item
