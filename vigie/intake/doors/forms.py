"""A new trusted sender, as an administrator names it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SenderForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As analysts will see it beside the report.")
    )
