"""What opens and what searches: the two keys that the worker and the desk read.

The public program has no key directory, and so none of this.
"""

from functools import cached_property
from pathlib import Path

from vigie.lib.seal import keyed_hash, recipient_of, seal, unseal


class Keys:
    """``worker.key`` and ``index.key`` of a key directory (see `keyring`), each read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def identity(self) -> str:
        return self._text("worker.key")

    @cached_property
    def _recipient(self) -> str:
        return recipient_of(self.identity)

    @cached_property
    def _index(self) -> bytes:
        return bytes.fromhex(self._text("index.key"))

    def _text(self, name: str) -> str:
        """A key without the remarks above it."""
        lines = (self.folder / name).read_text().splitlines()
        return "".join(line.strip() for line in lines if not line.startswith("#"))

    def sealed(self, text: str) -> bytes:
        return seal(self._recipient, text)

    def opened(self, data: bytes | memoryview) -> str:
        return unseal(self.identity, bytes(data))

    def hashed(self, purpose: str, text: str) -> bytes:
        return keyed_hash(self._index, purpose, text)
