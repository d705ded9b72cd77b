"""The whole examination: what is asked over HTTP, and what is read on this machine."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError

from vigie.doctor import desk, files, logs, match, rights, running, site
from vigie.doctor.asking import Site
from vigie.doctor.finding import Finding, Outcome
from vigie.lib.keyring import read_env


@dataclass(frozen=True)
class Asked:
    """What the operator gave: the two addresses, and files of this machine."""

    public_url: str
    desk_url: str
    authority: str | None = None
    public_env: Path | None = None
    logs: tuple[Path, ...] = field(default=())
    match_url: str = ""
    match_env: Path | None = None


def examine(asked: Asked) -> list[Finding]:
    with (
        closing(Site(asked.public_url, asked.authority)) as public,
        closing(Site(asked.desk_url, asked.authority)) as door,
    ):
        return [
            *site.examine(public, asked.desk_url),
            *desk.examine(door),
            logs.configured(settings.LOGGING),
            *logs.watched(public, asked.logs),
            *on_this_machine(asked.public_env, public),
            *_of_match(asked),
        ]


def _of_match(asked: Asked) -> list[Finding]:
    """Where there is a match program: it is optional."""
    if not asked.match_url:
        return []
    written = read_env(asked.match_env) if asked.match_env and asked.match_env.is_file() else None
    with closing(Site(asked.match_url, asked.authority)) as door:
        return asked_safely("match", lambda: match.examine(door, written))


def on_this_machine(public_env: Path | None, public: Site) -> list[Finding]:
    ran = files.running_public(settings.PUBLIC_URL)
    written = read_env(public_env) if public_env and public_env.is_file() else None
    return [
        *asked_safely("keys", lambda: files.key_modes(settings.KEYS)),
        *asked_safely("keys.index", lambda: [running.search_key()]),
        *asked_safely("public", lambda: files.public_settings(public_env, ran)),
        *asked_safely("database", lambda: rights.examine(written or ran)),
        *asked_safely("worker", lambda: running.examine(public)),
    ]


def asked_safely(name: str, ask: Callable[[], list[Finding]]) -> list[Finding]:
    """What cannot even be asked has failed, and stops no other question."""
    try:
        return ask()
    except (OSError, DatabaseError, psycopg.Error) as error:
        said = f"it could not be examined ({type(error).__name__}). Run the doctor as root, and "
        return [Finding(name, Outcome.FAIL, f"{said}see that the databases can be reached.")]
