"""Who may open what: every address of both programs, every role, and nobody by silence."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.views.decorators.http import require_GET

from conftest import person
from tests.environment import THOROUGH
from tests.house.pages import Page, pages_of
from vigie.lib.access import public
from vigie.staff.middleware import SETTING_UP
from vigie.staff.permissions import MAY, Permission, Role

PUBLIC, DESK = "config.public_urls", "config.desk_urls"
LOGIN, SET_UP = "/account/login/", "/account/factors/totp/"
DESK_PAGES = pages_of(DESK)
GUARDED = [page for page in DESK_PAGES if page.access != "public"]

A, L, O, E, M, D = (  # noqa: E741
    Role.ANALYST,
    Role.LEAD,
    Role.LIAISON,
    Role.EDITOR,
    Role.MANAGER,
    Role.ADMINISTRATOR,
)
# Written down a second time on purpose: a page that opens to one more role must be meant to.
WHO_MAY = {
    "queue": {A, L, O},
    "search": {A, L, O},
    "save_view": {A, L},
    "drop_view": {A, L},
    "item": {A, L, O},
    "assess": {A, L},
    "together": {A, L},
    "undo_all": {A, L},
    "look_again": {A, L},
    "case": {A, L, O},
    "write_note": {A, L, O},
    "words": {A, L},
    "ask": {A, L},
    "still": {A, L},
    "care": {A, L},
    "take_over": {A, L},
    "put_back": {A, L},
    "rest": {A, L},
    "choose_manner": {A, L},
    "calmed": {A, L},
    "look_ended": {A, L},
    "reopen": {L},
    "conclude": {L},
    "training": {A, L},
    "training_run": {A, L},
    "agreement": {L, M},
    "rules": {L, M},
    "try_rules": {L, M},
    "write_rules": {L},
    "switch_rules": {L},
    "give_lane": {L},
    "edit_rules": {L},
    "letters": {L, O},
    "referral": {L, O},
    "acknowledge": {O},
    "authorise": {O},
    "take_back_authorisation": {O},
    "correct_reference": {O},
    "refuse": {O},
    "host_contacted": {O},
    "hold": {L, O},
    "approve_notice": {L},
    "name_contact": {L},
    "watched": {A, L, O},
    "hash_lists": {L, M, D},
    "hash_list": {L, M, D},
    "ask_list_change": {L, M},
    "ask_hash_export": {L, M},
    "take_hash_export": {L, M},
    "find_hash": {A, L},
    "judge_hash": {A, L},
    "providers": {L, M, D},
    "add_provider": {M},
    "revoke_provider": {M},
    "see_probe": {L, M},
    "newsletter": {E, M},
    "newsletter_new": {E, M},
    "newsletter_export": {M},
    "ask_newsletter_export": {M},
    "edition": {E, M},
    "edition_write": {E, M},
    "edition_preview": {E, M},
    "edition_test": {E, M},
    "edition_send": {E, M},
    "edition_stop": {E, M},
    "campaigns": {E},
    "campaign_settings": {E},
    "campaign_photo": {E},
    "campaign_words": {E},
    "campaign_card": {E},
    "campaign_pages": {E},
    "campaign_preview": {E},
    "moderate": {L, E},
    "submission_picture": {L, E},
    "hung": {L, E},
    "hung_picture": {L, E},
    "escalations": {L},
    "escalation_seen": {L},
    "kits": {E},
    "close_kit": {E},
    "posts": {E},
    "post": {E},
    "drop_post": {E},
    "post_pack": {E},
    "figures": {L, M},
    "failures": {L, M, D},
    "journal": {A, L, O, E, M, D},
    "mandate": {D},
    "withdraw_mandate": {D},
    "senders": {D},
    "revoke_sender": {D},
    "people": {L, M, D},
    "person": {L, M, D},
    "invite": {D},
    "withdraw_invitation": {D},
    "make_team": {D},
    "dissolve_team": {D},
    "set_teams": {D},
    "change_account": {D},
    "sign_out": {D},
    "leave": {D},
    "ask_recovery": {L, M, D},
    "acts": {L, M, D},
    "answer_act": {L, M, D},
    "policies": {L, M},
    "propose_policy": {L, M},
    "propose_limits": {L, M},
    "overview": {L, M},
    "retention": {L, M},
    "hold_data": {L, M},
    "lift_data": {L, M},
    "confirm_clock": {L, M},
}
ONE_ROLE = [page for page in DESK_PAGES if isinstance(page.access, Permission)]


def _id(page: Page) -> str:
    return page.name or page.route


@pytest.mark.pure
@pytest.mark.parametrize("urlconf", [PUBLIC, DESK])
def test_every_page_declares_who_may_open_it(urlconf):
    pages = pages_of(urlconf)
    assert len(pages) > 10
    for page in pages:
        allowed = page.access in ("public", "staff") or isinstance(page.access, Permission)
        assert allowed, f"{page.route} declares {page.access!r}"


@pytest.mark.pure
def test_every_page_of_the_public_site_is_for_everybody():
    assert {page.access for page in pages_of(PUBLIC)} == {"public"}


@pytest.mark.pure
def test_of_the_match_program_the_description_and_the_sign_of_life_alone_need_no_key():
    pages = pages_of("config.match_urls")
    assert {page.access for page in pages} == {"public"}
    assert {page.name for page in pages} == {"healthz", "openapi-json", "api_match_pictures"}


@pytest.mark.pure
def test_the_walk_notices_a_page_that_declares_nothing_and_one_declared_under_its_wrapper():
    silent = Page("silent/", None, require_GET(lambda request: None), {})
    spoken = Page("spoken/", None, require_GET(public(lambda request: None)), {})
    assert silent.access is None
    assert spoken.access == "public"


@pytest.mark.pure
def test_only_signing_in_and_the_sign_of_life_are_open_on_the_desk():
    names = {page.name or page.route for page in DESK_PAGES if page.access == "public"}
    # Signing out is: somebody half-way through signing in must be able to call it off.
    signing_in = {"account_login", "account_logout", "mfa_authenticate", "mfa_login_webauthn"}
    by_letter = {"join", "choose_password"}  # who has such a link has no account, or no password
    assert names == {*signing_in, *by_letter, "healthz"}


@pytest.mark.pure
def test_the_table_of_roles_is_the_one_that_was_meant():
    found = {page.name: {role for role in Role if page.access in MAY[role]} for page in ONE_ROLE}
    assert found == WHO_MAY


@pytest.mark.pure
def test_every_permission_but_those_still_to_come_opens_some_page():
    used = {page.access for page in ONE_ROLE}
    assert set(Permission) - used == {Permission.JOURNAL_READ_ALL, Permission.ITEMS_SEARCH}


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("page", GUARDED, ids=_id)
def test_a_stranger_is_led_to_sign_in(page, stranger):
    for method in (stranger.get, stranger.post):
        answer = method(page.address(DESK))
        assert answer.status_code == 302
        assert answer["Location"].startswith(LOGIN)


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("role", Role)
def test_each_role_is_refused_exactly_where_its_permissions_say_so(role, desk_client):
    client = desk_client(person(role))
    for page in ONE_ROLE:
        for method in (client.get, client.post):
            answer = method(page.address(DESK))
            refused = answer.status_code == 403
            assert refused == (role not in WHO_MAY[page.name]), f"{role} at {page.name}"
            assert LOGIN not in answer.get("Location", "")


@pytest.mark.django_db(databases="__all__")
def test_what_is_for_all_staff_is_refused_to_no_role(desk_client):
    client = desk_client(person(Role.EDITOR))
    for page in DESK_PAGES:
        if page.access == "staff":
            answer = client.get(page.address(DESK))
            assert answer.status_code in (200, 302, 303, 404), page.name
            assert LOGIN not in answer.get("Location", "")


@pytest.mark.django_db(databases="__all__")
def test_a_role_without_work_on_items_finds_no_item_by_any_address(
    report_of, desk_client, administrator, manager, liaison
):
    (item,) = report_of("http://galerie.nord.test/a/secret")
    for user in (administrator, manager):
        answer = desk_client(user).get(f"/queue/items/{item.pk}/")
        assert answer.status_code == 403
    # The liaison reads items, but only those that were confirmed.
    assert desk_client(liaison).get(f"/queue/items/{item.pk}/").status_code == 404


@pytest.mark.django_db(databases="__all__")
def test_somebody_who_left_is_a_stranger(analyst, desk_client):
    client = desk_client(analyst)
    assert client.get("/queue/").status_code == 200
    analyst.is_active = False
    analyst.save()
    assert client.get("/queue/")["Location"].startswith(LOGIN)


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("role", Role)
def test_who_has_no_second_factor_can_only_set_one_up_whatever_the_role(role):
    user, client = person(role), Client()
    client.force_login(user)
    # Recovery codes stand in for a factor; alone they are none.
    RecoveryCodes.activate(user)
    # By turns each page with one of the roles; the matrix has every page with every role.
    turn = list(Role).index(role)
    for page in GUARDED if THOROUGH else GUARDED[turn :: len(Role)]:
        for method in (client.get, client.post):
            if page.name not in SETTING_UP:
                answer = method(page.address(DESK))
                assert (answer.status_code, answer["Location"]) == (302, SET_UP), page.name
            else:
                assert b"<table" not in method(page.address(DESK)).content
