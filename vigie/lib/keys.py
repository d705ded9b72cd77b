"""What opens and what searches: the two keys that the worker and the desk read.

The public program has no key directory, and so none of this.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from vigie.lib.seal import keyed_hash, recipient_of, seal, unseal

# What opens a line of ``index.key`` that draws places and hashes nothing: it stays for good.
PLACES = "places "


class StaleKey(Exception):
    """``index.key`` was replaced, and this program still has the file of before."""


def bare_lines(path: Path) -> list[str]:
    """The lines of a key file without the remarks among them."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


@dataclass(frozen=True)
class Generation:
    """One of the keys that search hashes were made with."""

    key: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """To tell it from another, and no more."""
        return self.hashed("name", "").hex()[:16]

    def hashed(self, purpose: str, text: str) -> bytes:
        return keyed_hash(self.key, purpose, text)


class Keys:
    """``worker.key`` and ``index.key`` of a key directory (see `keyring`), each read once.

    ``worker.key`` may hold several identities, a line each: the first seals, all of them open.
    ``index.key`` likewise: what is written is hashed with the first, what is sought with all.
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
    def _index(self) -> list[str]:
        return bare_lines(self.folder / "index.key")

    @cached_property
    def generations(self) -> list[Generation]:
        """The present one first."""
        lines = [line for line in self._index if not line.startswith(PLACES)]
        return [Generation(bytes.fromhex(line)) for line in lines]

    @cached_property
    def _places(self) -> Generation:
        """Of its own, so that it outlives the others; where there is none, it is the oldest."""
        given = [line for line in self._index if line.startswith(PLACES)]
        return Generation(bytes.fromhex(given[0][len(PLACES) :])) if given else self.generations[-1]

    def sealed(self, text: str) -> bytes:
        return seal(self._recipient, text)

    def opened(self, data: bytes | memoryview) -> str:
        return unseal(self.identity, bytes(data))

    def hashed(self, purpose: str, text: str) -> bytes:
        return self.generations[0].hashed(purpose, text)

    def each_hashed(self, purpose: str, text: str) -> list[bytes]:
        """By each generation, the present one first: how it may be found."""
        return [one.hashed(purpose, text) for one in self.generations]

    def drawn(self, purpose: str, text: str, below: int) -> int:
        """A number from 0 to below ``below``: always the same for the same words."""
        return int.from_bytes(self._places.hashed(f"drawn {purpose}", text)) % below
