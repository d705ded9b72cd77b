"""One deployment for all tests of the doctor: starting it is what costs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from tests.databases import address_of
from vigie.doctor.tests.deployment import Deployment, as_it_came, started

ROLE = f"vigie_doctor_{os.getpid()}"


@pytest.fixture(scope="package")
def running(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Deployment]:
    folder: Path = tmp_path_factory.mktemp("deployment")
    environ = {
        **{name: os.environ[name] for name in os.environ if name.startswith("VIGIE_")},
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    with django_db_blocker.unblock():
        environ["VIGIE_DATABASE"] = address_of("default")
        environ["VIGIE_FRONT_DATABASE"] = address_of("front")
        postgresql = connections["front"].vendor == "postgresql"
        if postgresql:
            _make_role()
    try:
        with started(folder, environ, address_of("front", ROLE if postgresql else "")) as found:
            yield found
    finally:
        if postgresql:
            with django_db_blocker.unblock():
                _on_front(f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}")


def _make_role() -> None:
    _on_front(f"CREATE ROLE {ROLE} LOGIN")
    call_command("grants", ROLE, "--apply", verbosity=0)
    inside = connections["default"].settings_dict["NAME"]
    _on_front(f'REVOKE CONNECT ON DATABASE "{inside}" FROM PUBLIC')


def _on_front(*statements: str) -> None:
    with connections["front"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def deployment(running: Deployment) -> Iterator[Deployment]:
    """The good one. A test tells a proxy what to do wrong; afterwards it does nothing wrong."""
    yield running
    for proxy in (running.site, running.desk):
        proxy.wrong = as_it_came
        proxy.routes.clear()
