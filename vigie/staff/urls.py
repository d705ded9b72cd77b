"""Signing in, by django-allauth: only the pages we need, each with its access declared."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from vigie.lib.access import public
from vigie.staff import views
from vigie.staff.access import staff

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.language, name="staff_language"),
    path("account/login/", public(account.login), name="account_login"),
    path("account/2fa/", public(mfa.authenticate), name="mfa_authenticate"),
    path("account/passkey/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    # For everybody: somebody half-way through signing in must be able to call it off.
    path("account/logout/", public(account.logout), name="account_logout"),
    path("account/password/", staff(account.password_change), name="account_change_password"),
    path("account/again/", staff(account.reauthenticate), name="account_reauthenticate"),
    path("account/again/2fa/", staff(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "account/again/passkey/",
        staff(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/factors/", staff(mfa.index), name="mfa_index"),
    path("account/factors/totp/", staff(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "account/factors/totp/off/", staff(views.OtherPhone.as_view()), name="mfa_deactivate_totp"
    ),
    path(
        "account/factors/codes/", staff(codes.view_recovery_codes), name="mfa_view_recovery_codes"
    ),
    path(
        "account/factors/codes/new/",
        staff(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/factors/codes/file/",
        staff(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("account/factors/keys/", staff(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/factors/keys/new/", staff(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("account/factors/keys/<int:pk>/", staff(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "account/factors/keys/<int:pk>/remove/",
        staff(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]
