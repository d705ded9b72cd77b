"""The hotline's own Maildir: where the operator's mail program would deliver what is sent to it."""

from mailbox import Maildir
from pathlib import Path

from vigie.sandbox.mailbox import Letter


class Drop:
    """Mail to one address goes into a Maildir as well, whole, as a mail program delivers it."""

    def __init__(self, address: str, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._address = address
        self._maildir = Maildir(folder, create=True)

    def delivered(self, letter: Letter, new: tuple[str, ...]) -> None:
        if self._address in new:
            self._maildir.add(letter.raw)
