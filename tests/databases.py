"""The tests' databases: files where SQLite is used, and a journal that really refuses changes."""

import fcntl
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connections
from django.db.models.signals import post_migrate
from pytest_django import DjangoDbBlocker

from tests.environment import FOLDER, THOROUGH
from vigie.journal import guard

# Where the first process leaves its databases as migrated: the others begin with a copy.
MIGRATED = Path(os.environ["TESTS_FOLDER"]) / "migrated"


def _files() -> dict[str, Path]:
    """By alias, the databases that are SQLite files of this process."""
    databases = settings.DATABASES.items()
    sqlite = [alias for alias, database in databases if database["ENGINE"].endswith("sqlite3")]
    return {alias: FOLDER / f"{alias}.sqlite3" for alias in sqlite}


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A copy that lies there already is not made anew; it goes with the folder."""
    return bool(_files())


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """Tables as the models say them: all migrations, twice, took seven seconds before any test.

    They are run by the demonstration, on PostgreSQL, and by `make test-all` everywhere.
    """
    return THOROUGH or not _files()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_use_migrations: bool
) -> Iterator[Callable[[], None]]:
    """SQLite in a file of this process: threads and other processes must be able to meet in it.

    One process at a time: what is yielded keeps a copy of what was migrated, and lets the next in.
    """
    MIGRATED.mkdir(exist_ok=True)
    with (MIGRATED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for alias, file in _files().items():
            settings.DATABASES[alias].setdefault("TEST", {})["NAME"] = str(file)
            if (MIGRATED / file.name).exists():
                shutil.copy(MIGRATED / file.name, file)

        def made() -> None:
            for alias, file in _files().items():
                if file.exists() and not (MIGRATED / file.name).exists():
                    if alias == "default" and not django_db_use_migrations:
                        guard.protect(connections[alias])
                    with connections[alias].cursor() as cursor:
                        cursor.execute("VACUUM INTO %s", [str(MIGRATED / file.name)])
            fcntl.flock(lock, fcntl.LOCK_UN)

        yield made


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,
    django_db_modify_db_settings: Callable[[], None],
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """The journal stays protected in every test; only Django's flush after one may empty it."""
    with django_db_blocker.unblock():
        django_db_modify_db_settings()
    # Else each flush writes down Django's permissions and content types anew: nothing here asks
    # for one, and it took a fifth of a second.
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
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
