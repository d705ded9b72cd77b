"""What people and the worker do with the newsletter, each through the real services."""

import re
import uuid
from email.message import EmailMessage

from django.utils import timezone

from vigie.campaign.newsletter import acts, tokens
from vigie.campaign.newsletter.addresses import parse
from vigie.campaign.newsletter.editions import Words, approve_edition, begin_edition
from vigie.campaign.newsletter.models import Edition, Subscriber
from vigie.campaign.newsletter.work import STEPS
from vigie.journal.models import Entry

MINOU = "minou@aurore.test"
EDITOR = "staff:1"
TEXTS = {
    "fr": Words("Des nouvelles", "Bonjour,\n\nvoici https://aurore.test/fr/ pour vous."),
    "nl": Words("Nieuws", "Dag,\n\nzie https://aurore.test/nl/ voor u."),
    "de": Words("Neues", "Guten Tag,\n\nsiehe https://aurore.test/de/ für Sie."),
    "en": Words("News", "Hello,\n\nsee https://aurore.test/en/ for you."),
}
LINK = re.compile(r"http://localhost:8400(/\S+)")


def one_round() -> int:
    """What the worker does for the newsletter in one round; nothing of it may fail unseen."""
    return sum(step() for _name, step in STEPS)


def rounds() -> None:
    while one_round():
        pass


def ask_for(address: str, language: str = "fr") -> None:
    """As the form does, and the worker after it."""
    parsed = parse(address)
    assert parsed is not None
    acts.subscribe(parsed, language)
    rounds()


def tokens_in(letter: EmailMessage) -> dict[str, str]:
    """The tokens in a letter's text, by what their page does."""
    paths = [link.strip("/").split("/") for link in LINK.findall(plain(letter))]
    return {path[2]: path[3] for path in paths if len(path) == 4}


def plain(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def subscriber_of(address: str) -> Subscriber | None:
    parsed = parse(address)
    assert parsed is not None
    return Subscriber.objects.filter(address_hash=tokens.address_hash(parsed)).first()


def _row(address: str, language: str) -> Subscriber:
    parsed, key = parse(address), uuid.uuid4()
    assert parsed is not None
    hashed = tokens.address_hash(parsed)
    return Subscriber(
        id=key,
        address=tokens.keys().sealed(str(parsed)),
        address_hash=hashed,
        confirm_hash=tokens.token_hash(tokens.confirm_token(key)),
        leave_hash=tokens.token_hash(tokens.leave_token(hashed)),
        language=language,
        asked_language=language,
        consent="2026-11",
        state=Subscriber.State.CONFIRMED,
        month=timezone.localdate().replace(day=1),
    )


def readers(*addresses: str, language: str = "fr") -> list[Subscriber]:
    """Subscribers who confirmed some time ago."""
    rows = [_row(address, language) for address in addresses]
    return Subscriber.objects.bulk_create(rows)


def an_edition() -> Edition:
    return begin_edition(TEXTS, EDITOR)


def an_approved_edition() -> Edition:
    edition = an_edition()
    approve_edition(edition, edition.version, EDITOR)
    return edition


def told(verb: str) -> list[Entry]:
    return list(Entry.objects.filter(verb=verb).order_by("seq"))
