"""The Maildir into which the operator's mail program delivers: each mail becomes a letter, once.

1. The files of ``new`` and ``cur`` are the work list; ``tmp`` is the mail program's own.
2. A mail is read, its letter is written durably, and only then is the file deleted. A crash between
   the two repeats the first step, which then changes nothing: the letter has the same number.
3. A mail that cannot be understood is a report of its words. A file that cannot be read or deleted
   stops no other; it stays where it is, and the step says so on the desk.
"""

import logging
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from vigie.intake.doors.letters import Brought, number_of, put
from vigie.intake.doors.mail.parts import LARGEST, Parts, parts_of, words_alone
from vigie.intake.doors.mail.reading import WITHOUT_WORDS, read_mail
from vigie.intake.doors.models import MAIL

log = logging.getLogger("vigie.mail")
AT_ONCE = 50


class Unread(Exception):
    """Some mails could not be taken in; they are still in the folder. The others were."""


def take_mail() -> int:
    """Take in what has arrived; how many mails. Raises `Unread` after all others are taken."""
    if not settings.MAIL_INBOX:
        return 0
    taken, failed = 0, 0
    for path in _waiting(Path(settings.MAIL_INBOX)):
        try:
            _take(path)
            taken += 1
        except FileNotFoundError:
            continue  # another worker was quicker
        except OSError:
            failed += 1
        if taken == AT_ONCE:
            break
    if failed:
        raise Unread(failed)
    return taken


def _waiting(folder: Path) -> list[Path]:
    """Oldest first: of a Maildir's names the first part is the time of delivery."""
    files = (path for part in ("new", "cur") for path in _files(folder / part))
    return sorted(files, key=lambda path: path.name)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if not path.name.startswith("."))


def _take(path: Path) -> None:
    with path.open("rb") as file:
        raw = file.read(LARGEST)
    parts, brought = _read(raw)
    put([(_number(path, parts, brought), brought)])
    path.unlink()


def _read(raw: bytes) -> tuple[Parts, Brought]:
    parts = parts_of(raw)
    try:
        return parts, read_mail(parts)
    except Exception as error:  # a fault of ours must not keep the mail in the folder for ever
        log.error("a mail is taken in as its words alone: %s", type(error).__name__)
        parts = words_alone(raw)
        return parts, Brought(door=MAIL, where="\n".join(parts.texts).strip() or WITHOUT_WORDS)


def _number(path: Path, parts: Parts, brought: Brought) -> uuid.UUID:
    """The same for the same mail delivered twice.

    Its Message-ID alone would let anybody make a mail disappear that has the same: what it says is
    part of the number. A mail without one goes by its file.
    """
    name = parts.message_id or path.name.split(":", 1)[0]
    secret = settings.SECRET_KEY.encode()
    return number_of(secret, name, brought.where, brought.comment, brought.contact, brought.said)
