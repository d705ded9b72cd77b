"""What an owner's word for an entry means in ours. A table, so that a correction is an edit."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("vocabularies.toml")


@dataclass(frozen=True)
class Word:
    """``ours`` is a `Meaning`; ``lost`` says what it no longer tells."""

    given: str
    ours: str
    lost: str


@functools.cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def version() -> str:
    return str(_tables()["version"])


@functools.lru_cache(maxsize=1024)
def translate(vocabulary: str, given: str) -> Word:
    """A word that the table does not have keeps its spelling, and claims nothing."""
    words = {word.casefold(): row for word, row in _tables()[vocabulary]["words"].items()}
    row = words.get(given.casefold(), {"ours": "", "lost": "the table does not have this word"})
    return Word(given, row["ours"], row["lost"] if given else "")
