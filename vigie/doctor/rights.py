"""What the public program may do in the databases: tried with its own credentials."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connections

from config.environment import database
from vigie.doctor.finding import Finding, judged, skipped

ADVICE = "Run: vigie grants ROLE --apply"
ACTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
WIDE = "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
# On SQLite the public program narrows its own connection. It says so itself, in its own process.
AS_THE_PUBLIC_PROGRAM = """
import django
django.setup()
from django.db import DatabaseError, connections
with connections["front"].cursor() as cursor:
    try:
        cursor.execute("SELECT count(*) FROM intake_letter")
    except DatabaseError as error:
        print("refused" if "prohibited" in str(error) or "denied" in str(error)
              or "not authorized" in str(error) else type(error).__name__)
    else:
        print("read")
"""


def examine(environ: Mapping[str, str] | None) -> list[Finding]:
    """``environ``: the public program's settings; None: not known here."""
    url = (environ or {}).get("VIGIE_FRONT_DATABASE", "")
    if not environ or not url:
        return [skipped("database.rights", "the public program's settings are not known here")]
    if urlsplit(url).scheme == "sqlite":
        said = said_by_itself(environ, AS_THE_PUBLIC_PROGRAM)
        faults = [] if said == "refused" else [f"asked for letters it answers: {said}"]
        return [judged("database.rights", faults, "Stop it; its connection is not narrowed.")]
    return [
        judged("database.rights", _beyond(url), ADVICE),
        judged("database.apart", _reaches_inside(url), "REVOKE CONNECT ON DATABASE … FROM PUBLIC"),
        judged("database.statements", _logged(), "Set log_statement = none in postgresql.conf."),
    ]


def said_by_itself(environ: Mapping[str, str], code: str) -> str:
    """What ``code`` prints in a process with these settings, and no others."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ.get("PATH", ""), **environ},
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "it does not start"


def connected(url: str, name: str = "") -> "psycopg.Connection[tuple[Any, ...]]":
    found = database(url, "VIGIE_FRONT_DATABASE")
    return psycopg.connect(
        dbname=name or found["NAME"],
        user=found["USER"],
        password=found["PASSWORD"],
        host=found["HOST"],
        port=found["PORT"] or None,
        connect_timeout=10,
        autocommit=True,
    )


def _beyond(url: str) -> Iterable[str]:
    """Every right that `config.front` does not give, and a letter really asked for."""
    try:
        with connected(url) as connection:
            yield from other_than(settings.FRONT_RIGHTS, connection)
            try:
                connection.execute("SELECT * FROM intake_letter LIMIT 1")
            except psycopg.errors.InsufficientPrivilege:
                pass
            else:
                yield "it can read letters"
    except psycopg.OperationalError as error:
        yield f"its credentials do not work ({type(error).__name__})"


def other_than(
    rights: Mapping[str, str], connection: "psycopg.Connection[tuple[Any, ...]]"
) -> Iterable[str]:
    """What the role of this connection may do to a table more, or less, than ``rights`` says."""
    if any(row[0] for row in connection.execute(WIDE)):
        yield "its role is a superuser, or makes roles or databases"
    for (table,) in connection.execute(TABLES).fetchall():
        given = rights.get(table, "").split(", ")
        for act in ACTS:
            asked = connection.execute("SELECT has_table_privilege(%s, %s)", [table, act])
            has = asked.fetchone() == (True,)
            if has != (act in given):
                yield f"{act} on {table} is {'too much' if has else 'missing'}"


def _reaches_inside(url: str) -> Iterable[str]:
    inside = str(connections["default"].settings_dict["NAME"])
    try:
        with connected(url, inside):
            yield f"it can enter the database {inside}"
    except psycopg.OperationalError:
        return


def _logged() -> Iterable[str]:
    """PostgreSQL's log would keep what is written and when, to the millisecond."""
    with connections["front"].cursor() as cursor:
        for name, quiet in (
            ("log_statement", ("none", "ddl")),
            ("log_min_duration_statement", ("-1",)),
        ):
            cursor.execute("SELECT current_setting(%s)", [name])
            (value,) = cursor.fetchone() or ("",)
            if value not in quiet:
                yield f"{name} is {value}"
