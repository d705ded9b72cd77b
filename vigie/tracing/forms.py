"""The mandate, as the operator records it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MandateForm(forms.Form):
    basis = forms.CharField(
        label=_("Legal basis"),
        help_text=_("The law or the agreement with the authorities that lets you fetch."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reference = forms.CharField(
        label=_("Reference"), max_length=200, help_text=_("Where the signed paper is kept.")
    )
    egress = forms.CharField(
        label=_("Egress route"),
        max_length=200,
        help_text=_("By which line and address requests leave, agreed with the police."),
    )
