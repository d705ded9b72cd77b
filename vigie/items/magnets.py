"""Magnet links: what is shared is named by its hash; trackers and the file's name vary. Pure."""

import base64
import re
from urllib.parse import unquote

_magnet = re.compile(r"\bmagnet:\?[^\s<>\"«»“”]+", re.IGNORECASE | re.ASCII)
_topic = re.compile(
    r"[?&]xt(?:\.\d{1,3})?=(urn:[a-z0-9]{2,10}):([a-z0-9]{16,128})", re.IGNORECASE | re.ASCII
)
BASE32 = 32  # letters of a BitTorrent hash that is not written in hexadecimal


def magnets_in(line: str) -> tuple[list[str], str]:
    """The canonical magnet links of a line (``magnet:?xt=urn:btih:…``), and the line without them.

    One that names no hash stays in the line, to be read as words.
    """
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        canonical = _canonical(match[0])
        if canonical is None:
            return match[0]
        found.append(canonical)
        return " "

    return found, _magnet.sub(take, line)


def _canonical(link: str) -> str | None:
    topics = {f"{m[1]}:{_hash(m[2])}".lower() for m in _topic.finditer(unquote(link))}
    return "magnet:?" + "&".join(f"xt={topic}" for topic in sorted(topics)) if topics else None


def _hash(written: str) -> str:
    if len(written) != BASE32:
        return written
    try:
        return base64.b32decode(written.upper()).hex()
    except ValueError:
        return written
