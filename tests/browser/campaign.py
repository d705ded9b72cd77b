"""The campaign in every state that its pages show. The numbers of its posts are in the world."""

from tests.demonstration import Demonstration, until

SLUG = "catsforkids-2020"
KIT = "minou-lesage-0a1b2c3d"
# The posts, by number. The card of the last one was taken back.
POST, GONE = 1, 3
# A wall of more than one page.
CARDS = f"""
import uuid
from vigie.campaign.card.make import make_cards, thumbnail
from vigie.campaign.content import shipped
from vigie.campaign.motif import CAT, CAT_FOCUS
from vigie.campaign.wall.models import Card, CardPicture
from vigie.campaign.wall.selectors import PAGE
from vigie.campaign.wall.services import recount
from vigie.lib import clock

says = shipped()
sizes = {{"card": "1080x1080", "wide": "1200x630"}}
made = make_cards(
    CAT.read_bytes(), {{size: says.of("fr").wording(size) for size in sizes.values()}},
    says.colours, CAT_FOCUS,
)
pictures = {{kind: made.cards[size] for kind, size in sizes.items()}}
pictures["small"] = thumbnail(pictures["card"])
for n in range(PAGE):
    card = Card.objects.create(
        slug=f"arranged-{{n}}", campaign="{SLUG}", language="fr", name=f"Minou {{n}}",
        alt=says.of("fr").alt, colour=made.colour, small="arranged.webp",
        approved_on=clock.now().date(), withdraw_hash=uuid.uuid4().bytes * 2,
    )
    # One set of files for all of them; the first card owns it.
    if n == 0:
        CardPicture.objects.bulk_create(
            CardPicture(card=card, kind=kind, data=data,
                        file="arranged." + ("webp" if kind == "small" else "jpg"))
            for kind, data in pictures.items()
        )
recount()
"""
# Kits that were used, posts of three days, cards that were set aside.
DESK = f"""
import uuid
from datetime import timedelta
from vigie.campaign.content import shipped
from vigie.campaign.kits.models import Kit, KitUse, Post
from vigie.campaign.wall.models import Escalation
from vigie.lib import clock

now = clock.now()
Kit.objects.create(code="{KIT}", name="Minou Lesage", campaign="{SLUG}")
Kit.objects.create(code="closed-1", name="Tigrou", campaign="{SLUG}", active=False)
KitUse.objects.bulk_create(KitUse(code="{KIT}", week=now.date()) for _ in range(12))
words = shipped().of("nl")
for days, card in ((0, ""), (1, ""), (2, "taken-back")):
    Post.objects.create(
        on=now.date() + timedelta(days=days), campaign="{SLUG}", language="nl",
        size="1080x1080", card=card, caption=words.post, alt=words.alt,
    )
for why, how in (("person", ""), ("police 2026-11", "same"), ("police 2026-11", "like")):
    Escalation.objects.create(
        submission=uuid.uuid4(), arrived_hour=now, at=now, due_at=now, why=why, how=how,
        by="staff:6", md5="0" * 32, sha1="1" * 40, sha256="2" * 64, pdq="3" * 64, told_at=now,
    )
Escalation.objects.create(
    card="taken-off", hung_on=now.date(), at=now, why="judged here", how="like", by="worker",
    due_at=now, pdq="3" * 64, told_at=now,
)
"""


def settle(demonstration: Demonstration) -> None:
    """Wait until the demonstration's own cats hang, and the others wait for somebody."""
    until(lambda: (demonstration.folder / "cats").exists(), seconds=120)
