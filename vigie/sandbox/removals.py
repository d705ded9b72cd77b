"""What the hosts have been asked to remove, and since when it is gone.

A removal is a due time, not a timer: content is gone once the clock has passed it. So a restart
loses nothing, and a test moves a clock instead of waiting.
"""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from vigie.sandbox.files import Clock, read_json, stamp, write_json

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # due then: not to be removed any more


@dataclass(frozen=True, order=True)
class Place:
    """A page or picture of a site, whatever the scheme, query and fragment."""

    host: str
    path: str

    @classmethod
    def of(cls, url: str) -> Self | None:
        """The place an http(s) address names; None if it names none."""
        try:
            parts = urlsplit(url.strip())
            host = parts.hostname
        except ValueError:
            return None
        if parts.scheme.lower() not in ("http", "https") or not host:
            return None
        return cls(host.rstrip("."), unquote(parts.path) or "/")

    @property
    def page(self) -> Self:
        """The page a picture belongs to (`/i/<token>-<n>.jpg` is shown on `/a/<token>`)."""
        if not self.path.startswith("/i/"):
            return self
        token = self.path.removeprefix("/i/").rpartition("-")[0]
        return type(self)(self.host, f"/a/{token}")

    def __str__(self) -> str:
        return f"{self.host}{self.path}"


@dataclass(frozen=True)
class Asked:
    """When a removal was asked for and when it takes effect."""

    asked: datetime
    due: datetime
    withdrawn: datetime | None = None  # the notice was withdrawn; the content is not put back


class Removals:
    """The hosts' memory of removals, kept in `removed.json`."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._asked = {_place(key): _asked(value) for key, value in read_json(path).items()}

    def ask(self, place: Place, delay: timedelta) -> None:
        """Remove after a delay; asking again never postpones what was promised before."""
        now = self._clock()
        with self._lock:
            known = self._asked.get(place)
            if known is None or known.due == NEVER:
                self._asked[place] = Asked(now, now + delay)
                self._save()

    def withdraw(self, place: Place) -> None:
        """The notice no longer stands: what is still there stays, what is gone stays gone."""
        now = self._clock()
        with self._lock:
            if known := self._asked.get(place):
                due = known.due if known.due <= now else NEVER
                self._asked[place] = replace(known, due=due, withdrawn=now)
                self._save()

    def restore(self, place: Place) -> bool:
        """Put a page and its pictures back; False if nothing had been asked for."""
        with self._lock:
            back = [known for known in self._asked if known == place or known.page == place.page]
            for known in back:
                del self._asked[known]
            self._save()
        return bool(back)

    def asked(self, place: Place) -> Asked | None:
        """The request that concerns a place: its own, or its page's."""
        with self._lock:
            return self._asked.get(place) or self._asked.get(place.page)

    def is_removed(self, place: Place) -> bool:
        """Due on its own account or on its page's (a page takes its pictures with it)."""
        now = self._clock()
        with self._lock:
            found = (self._asked.get(place), self._asked.get(place.page))
        return any(request is not None and request.due <= now for request in found)

    def all(self) -> dict[Place, Asked]:
        with self._lock:
            return dict(sorted(self._asked.items()))

    def _save(self) -> None:
        rows = {
            str(place): {
                "asked": stamp(request.asked),
                "due": stamp(request.due),
                **({"withdrawn": stamp(request.withdrawn)} if request.withdrawn else {}),
            }
            for place, request in self._asked.items()
        }
        write_json(self._path, rows)


def _place(key: str) -> Place:
    host, _, path = key.partition("/")
    return Place(host, f"/{path}")


def _asked(value: object) -> Asked:
    if not isinstance(value, dict):
        raise ValueError("removed.json: each entry is an object with asked and due")
    asked, due = (datetime.fromisoformat(value[name]) for name in ("asked", "due"))
    withdrawn = datetime.fromisoformat(value["withdrawn"]) if "withdrawn" in value else None
    return Asked(asked, due, withdrawn)
