"""The people who work here. Their second factor is kept by django-allauth."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.db import models

from vigie.staff.permissions import MAY, ROLE_NAMES, Permission, Role


class StaffManager(UserManager["User"]):
    def add(self, username: str, password: str, role: Role, *, demo: bool = False) -> "User":
        user = self.model(username=username, role=role, name=username, is_demo=demo)
        user.set_password(password)
        user.save(force_insert=True)
        return user


class User(AbstractBaseUser):
    """One person, one role. ``is_demo`` marks accounts that only the demonstration accepts."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=[(r, r) for r in Role])
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="fr")
    # Keys of one letter on the desk; who speaks to their computer turns them off (WCAG 2.1.4).
    single_keys = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    objects = StaffManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username

    @property
    def actor(self) -> str:
        """How the journal names this person."""
        return f"staff:{self.pk}"

    @property
    def role_name(self) -> str:
        return str(ROLE_NAMES[Role(self.role)])

    def may(self, permission: Permission) -> bool:
        return self.is_active and permission in MAY[Role(self.role)]
