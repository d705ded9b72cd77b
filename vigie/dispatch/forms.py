"""What the liaison writes down."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AuthorisationForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference of the authorisation"),
        max_length=120,
        help_text=_("As the police gave it, for example PV-2026-00017."),
    )
