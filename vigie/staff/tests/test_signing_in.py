"""Signing in: a password alone opens nothing; a demonstration's account opens nothing for real."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client

from conftest import PASSWORD
from tests.house.pages import pages_of
from vigie.journal.models import Entry
from vigie.lib import clock
from vigie.staff import demo
from vigie.staff.demo import code_of
from vigie.staff.models import User
from vigie.staff.permissions import ROLE_NAMES, Role

pytestmark = pytest.mark.django_db(databases="__all__")
LOGIN, SECOND, SET_UP = "/account/login/", "/account/2fa/", "/account/factors/totp/"


@pytest.fixture(autouse=True)
def _no_memory_of_attempts():
    cache.clear()


@pytest.fixture
def secret(analyst) -> str:
    secret = generate_totp_secret()
    TOTP.activate(analyst, secret)
    return secret


def give_password(client: Client, name: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": name, "password": password, **more})


def signed_in(client: Client) -> bool:
    return client.get("/journal/").status_code == 200


def test_a_password_alone_opens_no_page(analyst, secret):
    client = Client()
    answer = give_password(client, analyst.username)
    assert (answer.status_code, answer["Location"]) == (302, SECOND)
    for page in pages_of("config.desk_urls"):
        if page.access != "public":
            answer = client.get(page.address("config.desk_urls"))
            assert answer["Location"].startswith(LOGIN), page.name
    assert not Entry.objects.filter(verb="staff.signed_in").exists()


def test_password_and_code_open_the_desk_and_the_journal_says_so(analyst, secret):
    client = Client()
    give_password(client, analyst.username)
    answer = client.post(SECOND, {"code": code_of(secret)})
    assert answer.status_code == 302
    assert signed_in(client)
    entry = Entry.objects.get(verb="staff.signed_in")
    assert (entry.actor, entry.detail) == (analyst.actor, "{}")


def test_a_code_works_once(analyst, secret):
    clients = [Client(), Client()]
    for client in clients:
        give_password(client, analyst.username)
    code = code_of(secret)  # as late as can be: it holds for half a minute
    for client in clients:
        client.post(SECOND, {"code": code})
    assert [signed_in(client) for client in clients] == [True, False]


def test_a_wrong_password_or_a_wrong_code_opens_nothing(analyst, secret):
    client = Client()
    assert give_password(client, analyst.username, "not the password").status_code == 200
    give_password(client, analyst.username)
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06d}"
    assert client.post(SECOND, {"code": wrong}).status_code == 200
    assert not signed_in(client)


def test_who_has_no_second_factor_sets_one_up_before_anything_else(analyst):
    client = Client()
    give_password(client, analyst.username)
    answer = client.get("/queue/")
    assert answer["Location"] == SET_UP
    page = client.get(SET_UP)
    assert page.status_code == 200, "the password was typed a moment ago"
    assert b"<nav" not in page.content, "a menu would open nothing"
    secret = page.context["form"].secret
    codes = client.post(SET_UP, {"code": code_of(secret)})["Location"]
    shown = [client.get(codes).status_code for _ in range(2)]
    assert shown == [200, 302], "the codes are seen at once; later the password is asked"
    assert client.get("/queue/").status_code == 200


def test_later_and_for_another_factor_the_password_is_asked_again(analyst, secret):
    newcomer, client = User.objects.add("newcomer", PASSWORD, Role.ANALYST), Client()
    give_password(client, newcomer.username)
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        assert client.get(SET_UP)["Location"].startswith("/account/again/")
    client = Client()
    give_password(client, analyst.username)
    client.post(SECOND, {"code": code_of(secret)})
    assert client.get("/account/factors/keys/new/")["Location"].startswith("/account/again/")


def test_the_only_factor_moves_to_another_phone_and_is_not_put_off(analyst, secret):
    client = Client()
    give_password(client, analyst.username)
    client.post(SECOND, {"code": code_of(secret)})
    assert client.get("/account/factors/").status_code == 200
    client.post("/account/again/", {"password": PASSWORD})
    assert client.get("/account/factors/totp/off/").context["only"] is True
    assert client.post("/account/factors/totp/off/")["Location"] == SET_UP
    assert client.get("/queue/")["Location"] == SET_UP


def test_the_second_factor_does_not_lie_open_in_the_database(analyst, secret):
    kept = Authenticator.objects.get(user=analyst).data
    assert secret not in str(kept)


def test_nobody_can_sign_up_or_be_led_elsewhere_after_signing_in(analyst, secret):
    client = Client()
    assert client.get("/account/signup/").status_code == 404
    give_password(client, analyst.username, next="https://elsewhere.test/")
    answer = client.post(SECOND, {"code": code_of(secret)})
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")


def test_the_language_page_leads_nowhere_else(analyst, desk_client):
    client = desk_client(analyst)
    for back in ("https://elsewhere.test/", "//elsewhere.test/", "/\\elsewhere.test"):
        answer = client.post("/language/", {"language": "nl", "next": back})
        assert answer["Location"] == "/"
    assert User.objects.get(pk=analyst.pk).language == "nl"
    assert client.post("/language/", {"language": "xx"}).status_code == 400


def test_a_demonstration_account_is_refused_in_production(settings):
    secret = generate_totp_secret()
    user = User.objects.add("demo", PASSWORD, Role.LEAD, demo=True)
    TOTP.activate(user, secret)
    client = Client()
    give_password(client, "demo")
    client.post(SECOND, {"code": code_of(secret)})
    assert signed_in(client)
    settings.PRODUCTION = True
    # The session that is open already ends, and a new one does not begin.
    assert not signed_in(client)
    fresh = Client()
    assert give_password(fresh, "demo").status_code == 200
    assert not signed_in(fresh)


def test_demonstration_accounts_cannot_be_made_outside_the_demonstration(settings):
    with pytest.raises(RuntimeError, match="outside the demonstration"):
        demo.make_accounts()
    assert not User.objects.exists()


def test_the_page_of_demonstration_accounts_does_not_exist_outside_it(rf, client):
    assert client.get("/demo/").status_code == 404
    with pytest.raises(demo.Http404):
        demo.demo_accounts(rf.get("/demo/"))


def test_the_page_of_demonstration_accounts_says_the_role_of_each(rf, settings):
    settings.DEMO = True
    request = rf.get("/demo/")
    request.user = AnonymousUser()
    page = demo.demo_accounts(request).content.decode()
    for account in demo.ACCOUNTS:
        assert f">{ROLE_NAMES[account.role]}</td>" in page


def test_passwords_are_kept_by_argon2(analyst):
    assert User.objects.get(pk=analyst.pk).password.startswith("argon2$argon2id$")


def test_each_role_begins_where_it_has_something_to_do(desk_client):
    places = {Role.EDITOR: "/campaign/", Role.ANALYST: "/queue/"}
    for role, place in places.items():
        user = User.objects.add(f"the {role}", "a password of the tests", role)
        assert desk_client(user).get("/").url == place
