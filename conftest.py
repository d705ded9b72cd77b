"""The fixed cast of the tests, and builders that travel through the real services."""

import shutil
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from django.utils import translation

from tests.databases import (  # noqa: F401  fixtures
    child_environment,
    django_db_keepdb,
    django_db_modify_db_settings,
    django_db_setup,
    django_db_use_migrations,
)
from tests.environment import THOROUGH
from tests.surfaces import be_surface
from vigie.dispatch.policy import POLICIES, load_policy
from vigie.intake import pressure
from vigie.intake.models import Letter
from vigie.intake.services import NewReport, receive
from vigie.items.models import Item
from vigie.items.services import open_letter
from vigie.matching import following
from vigie.staff.models import User
from vigie.staff.permissions import Role

# Every third second of the suite went into hashing the passwords of its cast.
settings.PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
# What is said of all values is tried with half as many as Hypothesis would; the matrix: with all.
# How long one takes depends on what else the machine does.
hypothesis.settings.register_profile("quick", max_examples=50, deadline=None)
hypothesis.settings.register_profile("thorough", deadline=None)
hypothesis.settings.load_profile("thorough" if THOROUGH else "quick")
pytest_plugins = ["tests.outside", "tests.demonstration"]
PASSWORD = "a password of the tests"
ReportOf = Callable[..., list[Item]]


def person(role: Role) -> User:
    return User.objects.add(f"the {role}", PASSWORD, role)


@pytest.fixture(autouse=True)
def no_language_of_another_test() -> Iterator[None]:
    """A page that was asked for leaves its language set."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_index() -> Iterator[None]:
    """The index of hashes follows a database: no test finds what another's left in it."""
    yield
    following.forget()
    shutil.rmtree(settings.HASH_INDEX, ignore_errors=True)


@pytest.fixture
def analyst(db: None) -> User:
    return person(Role.ANALYST)


@pytest.fixture
def lead(db: None) -> User:
    return person(Role.LEAD)


@pytest.fixture
def liaison(db: None) -> User:
    return person(Role.LIAISON)


@pytest.fixture
def manager(db: None) -> User:
    return person(Role.MANAGER)


@pytest.fixture
def administrator(db: None) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def stranger(db: None) -> Client:
    """Somebody who is not signed in, at the desk's door."""
    return Client()


@pytest.fixture
def policy(db: None) -> None:
    load_policy(POLICIES / "demo.toml", "tests")


@pytest.fixture
def report_of(db: None) -> ReportOf:
    """A report through the real services: sealed, written, opened, joined. Its items, in order."""

    def report(where: str, **more: str) -> list[Item]:
        before = set(Letter.objects.values_list("pk", flat=True))
        receive(NewReport(where=where, **more))
        for letter in Letter.objects.exclude(pk__in=before):
            open_letter(letter)
        last = Item.objects.filter(mentions__isnull=False).order_by("-mentions__report_id")
        newest = last.values_list("mentions__report_id", flat=True).first()
        return list(Item.objects.filter(mentions__report_id=newest).order_by("pk"))

    return report


@pytest.fixture
def public_client(settings, monkeypatch) -> Client:
    """A visitor of the public program: its addresses, its middleware, its context, no more."""
    monkeypatch.setattr(pressure, "PRESSURE", pressure.Pressure())  # no test is another's flood
    be_surface("public", settings, monkeypatch)
    return Client(raise_request_exception=False)


@pytest.fixture
def desk_client(db: None) -> Callable[[User], Client]:
    """A member of staff at the desk, signed in, with a second factor set up."""

    def client_of(user: User) -> Client:
        TOTP.activate(user, generate_totp_secret())
        client = Client()
        client.force_login(user)
        return client

    return client_of
