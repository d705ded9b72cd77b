"""The police mailbox: opens referrals, and lets an officer act on each item.

Acts follow the road: a removal is authorised only if the pack asks for it; the host is contacted
only if the pack asks the police to, and only after the authorisation it waits for. A pack whose
signature is not the hotline's is shown, and not acted upon.
"""

import re
from typing import Final

from vigie.sandbox.casebook import Act, Casebook, Entry
from vigie.sandbox.courier import Courier
from vigie.sandbox.letters import ciphertext, header
from vigie.sandbox.mailbox import Letter, Mailbox
from vigie.sandbox.openpgp import CannotOpen, Keyring, Signature
from vigie.sandbox.packs import BadPack, Content, Item, Pack, Withdrawal, what_is_in
from vigie.sandbox.world import LIAISON, POLICE

_MAILBOX: Final = re.compile(r"[^\s@<>,;]+@[a-z0-9.-]+\.test")
_SAID: Final = {
    Act.ACKNOWLEDGE: "acknowledged",
    Act.AUTHORISE: "removal authorised",
    Act.CONTACT: "host contacted",
}


class NotFound(Exception):
    """No such pack or item."""


class Refused(Exception):
    """The act does not fit the pack or its state; the text says why."""


class Police:
    """The packs received, and the officer's acts upon them."""

    def __init__(
        self, mailbox: Mailbox, casebook: Casebook, courier: Courier, keyring: Keyring | None
    ) -> None:
        self._mailbox = mailbox
        self._casebook = casebook
        self._courier = courier
        self._keyring = keyring
        self._opened: dict[str, Pack] = {}

    def packs(self) -> list[Pack]:
        """One pack for each reference, newest first; a verified copy wins over another."""
        chosen: dict[str, Pack] = {}
        for letter in reversed(self._mailbox.letters(POLICE)):
            pack = self._open(letter)
            if pack is None or pack.withdrawal:
                continue
            key = pack.reference or f"letter {pack.letter_id}"
            held = chosen.setdefault(key, pack)
            verified = pack.signature is Signature.VERIFIED
            if verified and held.signature is not Signature.VERIFIED:
                chosen[key] = pack
        return sorted(chosen.values(), key=lambda pack: pack.letter_id, reverse=True)

    def withdrawn(self, reference: str) -> str:
        """Since when the hotline says that a referral no longer stands; empty if it does not.

        A signature that is not the hotline's withdraws nothing.
        """
        for letter in reversed(self._mailbox.letters(POLICE)):
            pack = self._open(letter)
            said = pack.withdrawal if pack else None
            ours = pack and pack.signature is not Signature.NOT_VERIFIED
            if said and ours and said.reference == reference:
                return said.withdrawn
        return ""

    def entry(self, pack: str, item: str) -> Entry:
        return self._casebook.entry(pack, item)

    def refusal(self, act: Act, pack: Pack, item: Item) -> str:
        """Why an act is not possible now, or nothing."""
        content = pack.content
        if content is None or pack.signature is Signature.NOT_VERIFIED:
            return "The signature is not the hotline's."
        if self.withdrawn(content.reference):
            return "The hotline has withdrawn this referral."
        entry = self._casebook.entry(content.reference, item.reference)
        if act is Act.AUTHORISE and not content.authorisation:
            return "The pack does not ask for an authorisation."
        if act is Act.CONTACT:
            return _contact_refusal(content, item, entry)
        return ""

    def act(self, pack_reference: str, item_reference: str, act: Act) -> Entry:
        """Do it once; a repeated press returns what is. Raises NotFound or Refused."""
        pack = next((p for p in self.packs() if p.reference == pack_reference), None)
        item = pack.content.item(item_reference) if pack and pack.content else None
        if pack is None or item is None:
            raise NotFound(f"{pack_reference}/{item_reference}")
        with self._casebook as book:
            entry = book.entry(pack_reference, item_reference)
            if entry.moment(act):
                return entry
            if reason := self.refusal(act, pack, item):
                raise Refused(reason)
            return self._do(act, pack, item)

    def _do(self, act: Act, pack: Pack, item: Item) -> Entry:
        entry = self._casebook.record(act, pack.reference, item.reference)
        if act is Act.CONTACT:
            self._write_to_host(item, entry)
        self._write_to_liaison(act, pack, item, entry)
        return entry

    def _write_to_liaison(self, act: Act, pack: Pack, item: Item, entry: Entry) -> None:
        """One plain letter for each act, with one reference a line."""
        said = _SAID[act]
        lines = [f"Pack: {pack.reference}", f"Item: {item.reference}", f"Decision: {said}"]
        if entry.authorisation:
            lines.append(f"Authorisation: {entry.authorisation}")
        thread = {"In-Reply-To": pack.message_id} if pack.message_id else {}
        self._courier.write(
            sender=f"Police desk <{POLICE}>",
            to=LIAISON,
            subject=f"[{pack.reference}] {item.reference}: {said}",
            text="\n".join([*lines, f"Date: {entry.moment(act)}", ""]),
            headers=thread,
        )

    def _write_to_host(self, item: Item, entry: Entry) -> None:
        basis = f"Authorisation: {entry.authorisation}\n" if entry.authorisation else ""
        self._courier.write(
            sender=f"Police desk <{POLICE}>",
            to=item.abuse_contact,
            subject=f"Removal of illegal content ({entry.authorisation or item.reference})",
            text=f"Please remove the content at this address:\n\n{item.url}\n\n{basis}",
            headers={},
        )

    def _open(self, letter: Letter) -> Pack | None:
        """The pack of a letter; None for ordinary mail. Opened once, kept in memory only."""
        encrypted = ciphertext(letter.message)
        if encrypted is None:
            return None
        if letter.id not in self._opened:
            self._opened[letter.id] = self._decrypted(letter, encrypted)
        return self._opened[letter.id]

    def _decrypted(self, letter: Letter, encrypted: bytes) -> Pack:
        signature, content, problem = Signature.NOT_CHECKED, None, ""
        withdrawal = None
        try:
            if self._keyring is None:
                raise CannotOpen("this sandbox was started without the police's key")
            opened = self._keyring.open(encrypted)
            signature = opened.signature
            found = what_is_in(opened.content)
            content = found if isinstance(found, Content) else None
            withdrawal = found if isinstance(found, Withdrawal) else None
        except (CannotOpen, BadPack) as error:
            problem = str(error)
        message_id = header(letter.message, "Message-ID")
        received = letter.received
        return Pack(letter.id, message_id, received, signature, content, problem, withdrawal)


def _contact_refusal(content: Content, item: Item, entry: Entry) -> str:
    if content.contact_host != "police":
        return "The pack does not ask the police to contact the host."
    if content.authorisation and not entry.authorised:
        return "The removal has not been authorised yet."
    if not _MAILBOX.fullmatch(item.abuse_contact):
        return "No abuse contact of the host is known."
    return ""
