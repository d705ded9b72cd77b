"""What reporters wrote opens with the operators' key, and only while a person has unlocked it.

The key lies locked with a passphrase in the key directory. Unlocked, it is kept in two halves: the
session holds it encrypted, a cookie of this browser holds the key to that. Neither a copy of the
database nor a stolen cookie opens anything alone; both end with the session.
"""

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpResponse

from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib.seal import Unsealable, unlock
from vigie.staff.access import StaffRequest

COOKIE, SESSION_KEY = "unlock", "operators"


def unlock_words(request: StaffRequest, response: HttpResponse, passphrase: str) -> bool:
    """Unlock with the passphrase; False when it is wrong. Both are in the journal."""
    actor = request.user.actor
    try:
        identity = unlock((settings.KEYS / "operators.age").read_bytes(), passphrase)
    except Unsealable:
        append(Verb.KEY_REFUSED, "key:operators", actor)
        return False
    half = Fernet.generate_key()
    request.session[SESSION_KEY] = Fernet(half).encrypt(identity.encode()).decode()
    response.set_cookie(
        COOKIE, half.decode(), httponly=True, secure=settings.PRODUCTION, samesite="Strict"
    )
    append(Verb.KEY_UNLOCKED, "key:operators", actor)
    return True


def unlocked_identity(request: StaffRequest) -> str | None:
    """The operators' key, if this session has unlocked it."""
    try:
        half = request.COOKIES[COOKIE].encode()
        return Fernet(half).decrypt(request.session[SESSION_KEY].encode()).decode()
    except (KeyError, ValueError, InvalidToken):
        return None
