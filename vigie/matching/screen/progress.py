"""How far a run is: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from typing import Any, Self

from tqdm import tqdm

from vigie.matching.screen.lines import SEEN

EVERY = 10.0  # seconds


class Progress:
    """``total``: files, where that is known; ``begun``: those that an earlier run has done, and
    ``matched`` and ``unseen`` of them. ``searched``: in an index; without one nothing can match."""

    def __init__(
        self, total: int | None, begun: int, matched: int, unseen: int, *, searched: bool
    ) -> None:
        self._total, self._done, self._matched, self._unseen = total, begun, matched, unseen
        self._begun, self._searched = begun, searched
        self._told = time.monotonic()
        self._bar = None
        if sys.stderr.isatty():
            self._bar = tqdm(total=total, initial=begun, unit=" files", file=sys.stderr)

    def one(self, line: dict[str, Any]) -> None:
        self._done += 1
        self._matched += bool(line["matches"])
        self._unseen += line["outcome"] not in SEEN
        if self._bar is not None:
            if self._searched:
                self._bar.set_postfix(matched=self._matched, refresh=False)
            self._bar.update()
        elif time.monotonic() - self._told > EVERY:
            self._tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        """Says how far it came, unless it could not even begin."""
        if self._bar is not None:
            self._bar.close()
        refused = kind is not None and issubclass(kind, Exception) and self._done == self._begun
        if not refused:
            self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        whole = f" of {self._total}" if self._total else ""
        matched = f"{self._matched} matched" if self._searched else "nothing searched (no --index)"
        words = f"screened {self._done}{whole}, {matched}"
        if self._unseen:
            words += f", {self._unseen} not looked at as pictures: their outcome says why"
        print(words, file=sys.stderr)  # noqa: T201
