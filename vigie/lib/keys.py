"""What opens and what searches: the two keys that the worker and the desk read.

The public program has no key directory, and so none of this.
"""

from functools import cached_property
from pathlib import Path

from vigie.lib.seal import keyed_hash, recipient_of, seal, unseal


def bare_lines(path: Path) -> list[str]:
    """The lines of a key file without the remarks among them."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


class Keys:
    """``worker.key`` and ``index.key`` of a key directory (see `keyring`), each read once.

    ``worker.key`` may hold several identities, a line each: the first seals, all of them open.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def identity(self) -> str:
        return "\n".join(bare_lines(self.folder / "worker.key"))

    @cached_property
    def _recipient(self) -> str:
        return recipient_of(self.identity)

    @cached_property
    def _index(self) -> bytes:
        return bytes.fromhex("".join(bare_lines(self.folder / "index.key")))

    def sealed(self, text: str) -> bytes:
        return seal(self._recipient, text)

    def opened(self, data: bytes | memoryview) -> str:
        return unseal(self.identity, bytes(data))

    def hashed(self, purpose: str, text: str) -> bytes:
        return keyed_hash(self._index, purpose, text)
