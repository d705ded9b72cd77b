"""The newsletter in every state that its pages show. The numbers of its editions in the world."""

UNFINISHED, DRAFT, SENDING, SENT = 1, 2, 3, 4

ARRANGE = """
import uuid
from datetime import timedelta
from django.utils import timezone
from vigie.campaign.newsletter import tokens
from vigie.campaign.newsletter.addresses import parse
from vigie.campaign.newsletter.editions import Words, begin_edition
from vigie.campaign.newsletter.models import Delivery, Edition, Subscriber
from vigie.lib import clock

def reader(n, language):
    key, address = uuid.uuid4(), parse(f"chat{n}@aurore.test")
    hashed = tokens.address_hash(address)
    return Subscriber(
        id=key, address=tokens.keys().sealed(str(address)), address_hash=hashed,
        confirm_hash=tokens.token_hash(tokens.confirm_token(key)),
        leave_hash=tokens.token_hash(tokens.leave_token(hashed)),
        language=language, asked_language=language, consent="2026-11", state="confirmed",
        month=timezone.localdate().replace(day=1),
    )

languages = ["fr"] * 7 + ["nl"] * 5 + ["de", "en"]
readers = Subscriber.objects.bulk_create([reader(n, code) for n, code in enumerate(languages)])
BODIES = {
    "fr": "Bonjour,\\n\\nLe 20 novembre, les chats reviennent. Prêtez-nous le vôtre : "
    "https://aurore.test/fr/\\n\\nMerci d’être là.",
    "nl": "Dag,\\n\\nOp 20 november zijn de katten terug. Leen ons de uwe: "
    "https://aurore.test/nl/\\n\\nDank dat u er bent.",
    "de": "Guten Tag,\\n\\nam 20. November sind die Katzen wieder da. Leihen Sie uns Ihre: "
    "https://aurore.test/de/\\n\\nSchön, dass Sie da sind.",
    "en": "Hello,\\n\\nOn 20 November the cats are back. Lend us yours: "
    "https://aurore.test/en/\\n\\nThank you for being there.",
}
SUBJECTS = {
    "fr": "Les chats reviennent", "nl": "De katten zijn terug",
    "de": "Die Katzen sind wieder da", "en": "The cats are back",
}
whole = {code: Words(SUBJECTS[code], body) for code, body in BODIES.items()}
begin_edition({**whole, "de": Words("", "")}, "staff:1")
for _ in range(3):
    begin_edition(whole, "staff:1")
now = clock.now()
approved = {"approved_by": "staff:1", "approved_at": now, "planned": 14}
Edition.objects.filter(pk=3).update(state="sending", sent=12, refused=1, **approved)
Delivery.objects.create(
    edition_id=3, subscriber=readers[0], due_at=now + timedelta(days=1), attempts=4,
    last_error="smtplib.SMTPRecipientsRefused",
)
Edition.objects.filter(pk=4).update(state="sent", sent=13, refused=0, ended_at=now, **approved)
"""
