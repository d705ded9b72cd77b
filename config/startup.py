"""Refuse to start when unsafe: better no service than one that betrays somebody."""

import stat
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DEMO_MARK = "demonstration"


def refuse_unsafe() -> None:
    """Raise `ImproperlyConfigured`, in one line, for what must not run."""
    if settings.DEMO:
        for host in settings.ALLOWED_HOSTS:
            if host not in ("localhost", "127.0.0.1", "desk.localhost"):
                raise ImproperlyConfigured("The demonstration answers on loopback names only.")
    if not settings.KEYLESS:
        refuse_loose_keys(settings.KEYS)
    if settings.PRODUCTION and not settings.KEYLESS:
        user = apps.get_model("staff", "User")
        if user.objects.filter(is_demo=True).exists():
            raise ImproperlyConfigured(
                "This database holds demonstration accounts. Start production on its own database."
            )


def refuse_loose_keys(folder: Path) -> None:
    if not folder.is_dir():
        raise ImproperlyConfigured(
            f"VIGIE_KEYS: {folder} is not there. Run: vigie keys init {folder}"
        )
    for path in [folder, *folder.iterdir()]:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ImproperlyConfigured(f"{path} can be read by others. Run: chmod go= {path}")
    if settings.PRODUCTION and any(_of_the_demonstration(path) for path in folder.iterdir()):
        raise ImproperlyConfigured(
            f"{folder} holds demonstration keys. Make your own: vigie keys init"
        )


def _of_the_demonstration(path: Path) -> bool:
    """By its name, or by the mark in it: a key can be copied without the file beside it."""
    return path.name == DEMO_MARK or (path.is_file() and DEMO_MARK.encode() in path.read_bytes())
