"""Reads the environment, and says in one line what is missing or unsafe."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from vigie.lib.onion import is_onion

MODES = ("production", "demo", "test")
SURFACES = ("public", "desk", "worker", "match")
NO_ONION = "the address of a Tor onion service, version 3 (56 letters and digits, then .onion)"
DEMO_ENDING = "+demonstration"  # of a value that was made for the demonstration


class Environment:
    """A view of the environment's VIGIE_ variables; every refusal names the variable."""

    mode = ""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self.environ = environ
        self.mode = self.choice("VIGIE_MODE", MODES, "production")
        self.surface = self.choice("VIGIE_SURFACE", SURFACES, None)

    def text(self, name: str, default: str | None = None) -> str:
        value = self.environ.get(name, "").strip() or default
        if value is None:
            raise ImproperlyConfigured(f"{name} is not set. docs/deploy.md says what it holds.")
        if value.endswith(DEMO_ENDING) and self.mode == "production":
            raise ImproperlyConfigured(
                f"{name} was made for the demonstration. Make your own: vigie keys init"
            )
        return value.removesuffix(DEMO_ENDING)

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise ImproperlyConfigured(f"{name} is {value!r}; it can be {', '.join(allowed)}.")
        return value

    def seconds(self, name: str, default: float, *, none: bool = False) -> float:
        """``none``: 0 is allowed, and means that there is no such time."""
        value = self.text(name, str(default))
        try:
            number = float(value)
        except ValueError:
            number = -1
        if not 0 < number < float("inf") and not (none and number == 0):
            raise ImproperlyConfigured(f"{name} is {value!r}; it is a number of seconds above 0.")
        return number

    def number(self, name: str, default: int) -> int:
        return int(self.seconds(name, default))

    def words(self, name: str, default: str | None = None) -> list[str]:
        return [word for word in self.text(name, default).replace(",", " ").split() if word]

    def secret_bytes(self, name: str) -> bytes:
        """At least 32 bytes, written in hexadecimal; the refusal does not repeat them."""
        return self._secret(name, self.text(name))

    def secrets(self, name: str) -> list[bytes]:
        """Several such, separated by commas or space; none where it is not set."""
        written = self.environ.get(name, "").replace(",", " ").split()
        if self.mode == "production" and any(one.endswith(DEMO_ENDING) for one in written):
            raise ImproperlyConfigured(f"{name} was made for the demonstration.")
        return [self._secret(name, one.removesuffix(DEMO_ENDING)) for one in written]

    @staticmethod
    def _secret(name: str, text: str) -> bytes:
        try:
            value = bytes.fromhex(text)
        except ValueError:
            value = b""
        if len(value) < 32:
            raise ImproperlyConfigured(f"{name} is not 64 hexadecimal digits. See: vigie keys init")
        return value

    def path(self, name: str, default: str | None = None) -> Path:
        return Path(self.text(name, default))

    def onion(self, name: str) -> str:
        """The name of an onion service, checksum and all; '' where none is set."""
        value = self.environ.get(name, "").strip().lower()
        if value and not is_onion(value):
            raise ImproperlyConfigured(f"{name} is {value!r}; it is {NO_ONION}.")
        return value

    def forbid(self, names: tuple[str, ...], where: str) -> None:
        """Refuse a variable where its presence alone would be a danger."""
        for name in names:
            if self.environ.get(name):
                raise ImproperlyConfigured(f"{name} must not be set {where}.")


def database(url: str, name: str) -> dict[str, Any]:
    """Django's description of ``sqlite:///file`` or ``postgresql://user:word@host:port/name``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            # Whoever closes the last connection empties the log first: half of what a report cost.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # FULL: a report is on the disk before anybody says thank you. What is deleted is
                # overwritten, however the library was built (see vigie/lib/leftovers.py).
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA secure_delete=ON;",
            },
        }
    if parts.scheme == "postgresql":
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"{name} must begin with sqlite:/// or postgresql://.")
