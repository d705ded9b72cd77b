"""Long texts, in pieces: a report may hold 20 MB, and the worker's memory must stay small. Pure.

What is cut says so, with its length and its hash: two long texts that begin alike stay two.
"""

import hashlib
import re
from collections.abc import Iterator

PIECE = 65_536  # letters of a line that are read at once
_line = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_piece = re.compile(rf"\S.{{0,{PIECE - 2}}}(?!\S)|\S+", re.DOTALL)
_word = re.compile(r"\S+")
_cut = re.compile(r"\S.* … \[cut: \d{1,10} characters, sha256 [0-9a-f]{64}\]")


def pieces(text: str) -> Iterator[str]:
    """Line after line, one space between words; a very long line in pieces, between two words."""
    for line in _line.finditer(text):
        for piece in _piece.finditer(line[0]):
            yield " ".join(piece[0].split())


def squeezed(text: str, longest: int) -> str:
    """All words of a text with one space between, cut where they are too long; '' if none."""
    digest, head, length = hashlib.sha256(), "", 0
    for word in _word.finditer(text):
        more = f" {word[0]}" if length else word[0]
        digest.update(_bytes(more))
        head += more[: longest + 1 - len(head)]
        length += len(more)
    return head if length <= longest else _marked(head[:longest], length, digest.hexdigest())


def cut(text: str, longest: int) -> str:
    """A text of one line, cut where it is too long."""
    if len(text) <= longest:
        return text
    return _marked(text[:longest], len(text), hashlib.sha256(_bytes(text)).hexdigest())


def is_cut(text: str) -> bool:
    """Was this text cut here before? (Somebody pastes what the desk shows, to search by it.)"""
    return _cut.fullmatch(text) is not None


def _marked(head: str, length: int, sha256: str) -> str:
    return f"{head.rstrip()} … [cut: {length} characters, sha256 {sha256}]"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
