"""The worker's part in the dispatch, and a mail server that fails where it is told to."""

import socketserver
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.conf import settings
from django.test import Client

from tests.environment import FOLDER
from vigie.dispatch.models import Contact, Notice, Referral
from vigie.dispatch.services import plan_notices, plan_referrals, send_notice, send_referral
from vigie.items.models import Item
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.lib.work import work_off
from vigie.sandbox.letters import ciphertext
from vigie.sandbox.openpgp import Keyring
from vigie.sandbox.packs import Content
from vigie.staff.models import User

POLICE, PARTNER, HOST = "police@police-be.test", "hotline@partner-lu.test", "abuse@host.test"
CLOSES = "closes"


class MailHost:
    """A mail server (RFC 5321) that does as it is told.

    ``answers``: what it says to a command instead of yes, for all who ask or for one recipient
    (``RCPT a@b.test``); `CLOSES` hangs up. Beside the commands: ``GREETING``, ``BODY`` (in the
    middle of the letter) and ``END`` (after it). ``taken``: the letters it has, answered or not.
    """

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[EmailMessage] = []
        self.sent_to: list[str] = []
        self.before_answer: Callable[[], object] = lambda: None
        host = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                host.talk(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def talk(self, to: socketserver.StreamRequestHandler) -> None:
        recipient, command = "", "GREETING"
        while command:
            words = {"GREETING": "220 mx.test", "DATA": "354 go on", "QUIT": "221 bye"}
            answer = self.answers.get(command, words.get(command.split()[0], "250 yes"))
            if answer == CLOSES:
                return
            to.wfile.write(f"{answer}\r\n".encode())
            if command == "DATA" and answer.startswith("354") and not self._letter(to, recipient):
                return
            line = to.rfile.readline().decode("latin-1").strip()
            command = line[:4].upper()
            if command == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                command = f"RCPT {recipient}" if f"RCPT {recipient}" in self.answers else command

    def _letter(self, to: socketserver.StreamRequestHandler, recipient: str) -> bool:
        lines: list[bytes] = []
        while (line := to.rfile.readline()) != b".\r\n":
            if not line or self.answers.get("BODY") == CLOSES:
                return False
            lines.append(line.removeprefix(b"."))
        answer = self.answers.get("END", "250 kept")
        if answer.startswith("250") or answer == CLOSES:
            whole = b"".join(lines)
            self.taken.append(message_from_bytes(whole, _class=EmailMessage, policy=policy.default))
            self.sent_to.append(recipient)
        self.before_answer()
        if answer == CLOSES:
            return False
        to.wfile.write(f"{answer}\r\n".encode())
        return True

    def to(self, recipient: str) -> list[EmailMessage]:
        both = zip(self.taken, self.sent_to, strict=True)
        return [letter for letter, whom in both if whom == recipient]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def send_due() -> None:
    """What a worker sends in one round."""
    times = {"lease_seconds": settings.LEASE_SECONDS, "retry_seconds": settings.RETRY_SECONDS}
    work_off(Referral.objects.filter(step="planned"), send_referral, **times)
    work_off(Notice.objects.filter(step="ready"), send_notice, **times)


def one_round() -> None:
    """What the dispatch does in one round of the worker."""
    plan_referrals()
    send_due()
    plan_notices()
    send_due()


def referral_of(item: Item) -> Referral:
    return Referral.objects.filter(item=item).latest("pk")


def known(address: str) -> None:
    """A contact that a lead has approved before."""
    Contact.objects.create(address=address, approved_by="staff:1", approved_at=clock.now())


def as_police(key: str = "police-be") -> Keyring:
    return Keyring.from_files(FOLDER / f"{key}.secret.asc", FOLDER / "keys/hotline.pub.asc")


def pack_in(letter: EmailMessage, key: str = "police-be") -> Content:
    return Content.of(as_police(key).open(ciphertext(letter) or b"").content)


def reading_english(client_of: Callable[[User], Client], user: User) -> Client:
    """Signed in at the desk, with the pages in English whatever the browser says."""
    user.language = "en"
    user.save()
    return client_of(user)


def lines_of(item: Item, verb: str) -> list[Entry]:
    return list(Entry.objects.filter(subject=item.subject, verb=verb).order_by("seq"))
