"""One file → one line: its hashes and what they match. Hostile bytes go to a limited child."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vigie.lib.limited import LimitedFailed
from vigie.lib.nursery import Nursery
from vigie.matching.engine.answers import Match
from vigie.matching.engine.index import Index
from vigie.matching.engine.pdq import MATCHABLE
from vigie.matching.exact import Exact, read_exact
from vigie.matching.picture import is_broken, is_heif, is_too_large, is_unsupported
from vigie.matching.screen.archives import looks_packed
from vigie.matching.screen.sources import Found

MOST_MATCHES = 1_000  # of one hash, the nearest


@dataclass(frozen=True)
class Limits:
    """Of one file: bytes that are looked at, seconds and MiB that a child may take."""

    most_bytes: int = 100_000_000
    seconds: float = 20
    memory_mb: int = 1500


class NoIndex(Exception):
    """There is none in this folder."""


def opened(
    folder: Path | None, key_file: Path | None, stack: ExitStack
) -> tuple[Index | None, Exact | None]:
    """What is known, to be searched; nothing without a folder. Raises NoIndex, and as `Index`."""
    if folder is None:
        return None, None
    if not (folder / "manifest.json").exists():
        raise NoIndex(folder)
    key = key_file.read_text().strip() if key_file else None
    return stack.enter_context(Index(folder, key)), read_exact(folder, key)


class Looker:
    """Safe with threads: the work is done by children. ``index``: None to hash and no more.

    ``exact``: which equal bytes are known; of any file, whether it is a picture or not.
    """

    def __init__(self, index: Index | None, limits: Limits, exact: Exact | None = None) -> None:
        self._index, self._exact = index, exact
        child = {"seconds": limits.seconds, "memory_mb": limits.memory_mb}
        self._hashes = Nursery("vigie.matching.picture", **child)  # type: ignore[arg-type]
        self._of_heif = Nursery("vigie.matching.picture", **child, threads=True)  # type: ignore[arg-type]

    def close(self) -> None:
        self._hashes.close()
        self._of_heif.close()

    def line(self, found: Found) -> dict[str, Any]:
        """Every line has all the keys; what is not known is null."""
        hashed = {} if found.outcome else self._hashed(found.data)
        pdq = hashed.get("pdq")
        return {
            "path": found.path,
            "outcome": found.outcome or hashed["outcome"],
            "sha256": found.digests.get("sha256"),
            "sha1": found.digests.get("sha1"),
            "md5": found.digests.get("md5"),
            "pdq": pdq,
            "quality": hashed.get("quality"),
            "cut": hashed.get("cut", False),
            "parts_missing": hashed.get("parts_missing"),
            "matches": self._matches(found.digests, pdq, hashed),
        }

    def _hashed(self, data: bytes) -> dict[str, Any]:
        reader = self._of_heif if is_heif(data) else self._hashes
        try:
            found: dict[str, Any] = json.loads(b"".join(reader.ask(data)))
        except LimitedFailed as failed:
            return {"outcome": f"too_hard: {failed.reason}"}
        if is_too_large(found):
            return {"outcome": "too_hard: pixels"}
        if is_unsupported(found):
            return {"outcome": "unsupported"}
        if "error" in found:
            other = "damaged" if is_broken(found) else "not_a_picture"
            return {"outcome": "archive" if looks_packed(data) else other}
        return {**found, "outcome": "ok"}

    def _matches(
        self, digests: dict[str, str], pdq: str | None, hashed: dict[str, Any]
    ) -> list[dict[str, Any]] | None:
        if self._index is None:
            return None  # nothing was searched
        return [*self._equal(digests), *self._near(pdq, hashed)]

    def _equal(self, digests: dict[str, str]) -> Iterator[dict[str, Any]]:
        for kind, match in self._exact.find(digests) if self._exact else ():
            yield _told(match, kind, part=0)

    def _near(self, pdq: str | None, hashed: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Of the picture (``part`` 0) and of the pictures of a sheet (from 1)."""
        if pdq is None or self._index is None:
            return
        own = [(0, pdq)] if hashed["quality"] >= MATCHABLE else []
        for part, value in [*own, *enumerate(hashed["parts"], start=1)]:
            for match in nearest(self._index, value, MOST_MATCHES):
                yield _told(match, "pdq", part)


def in_order(looker: Looker, found: Iterable[Found], jobs: int) -> Iterator[dict[str, Any]]:
    """The lines in the order of the files; a few files are in memory at a time."""
    running: deque[Future[dict[str, Any]]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        for one in found:
            running.append(pool.submit(looker.line, one))
            if len(running) >= 2 * jobs:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _told(match: Match, kind: str, part: int) -> dict[str, Any]:
    return {
        "list": match.list_name,
        "entry": match.number,
        "kind": kind,
        "class": match.classification,
        "distance": match.distance,
        "state": match.state.name.lower(),
        "action": match.action,
        "part": part,
    }


def nearest(index: Index, pdq: str, most: int) -> tuple[Match, ...]:
    """An answer that was cut may lack nearer ones: then all are asked for."""
    answer = index.search(pdq, most)
    return (index.search(pdq, len(index)) if answer.cut else answer).matches[:most]
