"""The tests' databases: files where SQLite is used, and a journal that really refuses changes."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connections

from tests.environment import FOLDER
from vigie.journal import guard


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file of this process: threads and other processes must be able to meet in it."""
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"].endswith("sqlite3"):
            database.setdefault("TEST", {})["NAME"] = str(FOLDER / f"{alias}.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """The journal stays protected in every test; only Django's flush after one may empty it."""
    operations = connections["default"].ops
    flush = operations.execute_sql_flush

    def flush_unprotected(statements: list[str]) -> None:
        guard.lift(connections["default"])
        try:
            flush(statements)
        finally:
            guard.protect(connections["default"])

    operations.execute_sql_flush = flush_unprotected


@pytest.fixture
def child_environment() -> dict[str, str]:
    """What another program needs to work on the databases of this test."""
    return {
        **{name: os.environ[name] for name in os.environ if name.startswith("VIGIE_")},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PATH": os.environ["PATH"],
        "VIGIE_DATABASE": address_of("default"),
        "VIGIE_FRONT_DATABASE": address_of("front"),
    }


def address_of(alias: str, user: str = "") -> str:
    """The address of a test database, as the settings want it; as another ``user`` if given."""
    database = connections[alias].settings_dict
    if connections[alias].vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return f"postgresql://{user or database['USER']}@{place}"


def in_threads(work: list[Callable[[], object]]) -> list[object]:
    """Do all of ``work`` at once, a thread each; what each returned, or the exception it raised."""
    start = threading.Barrier(len(work))

    def one(job: Callable[[], object]) -> object:
        start.wait()
        try:
            return job()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))
