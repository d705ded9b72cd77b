"""Sentences of django-allauth that our catalogues say anew: its Dutch says *je*, ours *u*."""

from django.utils.translation import gettext_noop

WORDS = [
    gettext_noop(
        "Your account is protected by two-factor authentication. Please enter an authenticator "
        "code:"
    ),
    gettext_noop("Please type your current password."),
    gettext_noop("Please reauthenticate to safeguard your account."),
    gettext_noop("Enter your password:"),
    gettext_noop("Use your password"),
    gettext_noop("Sign in with a passkey"),
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("Are you sure you want to sign out?"),
]
