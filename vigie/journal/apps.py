"""The journal hears of every sign-in (the library's own signal; rooms send each other none)."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from vigie.journal.verbs import Verb


def write_sign_in(user: Any, **kwargs: Any) -> None:
    services = import_module("vigie.journal.services")  # models are loaded by then
    services.append(Verb.STAFF_SIGNED_IN, f"staff:{user.pk}", user.actor)


class JournalConfig(AppConfig):
    name = "vigie.journal"

    def ready(self) -> None:
        user_logged_in.connect(write_sign_in, dispatch_uid="journal.signed_in")
