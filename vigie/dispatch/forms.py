"""What the liaison writes down, and the contact that a lead enters."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from vigie.dispatch.models import Notice


class AuthorisationForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference of the authorisation"),
        max_length=120,
        help_text=_("As the police gave it, for example PV-2026-00017."),
    )


class ContactForm(forms.Form):
    """Several stand on one page: each for its own notice, with names of its own for the labels."""

    address = forms.EmailField(label=_("Address of the host’s abuse desk"))
    found_in = forms.CharField(
        label=_("Where you found it"),
        max_length=300,
        help_text=_("For example: the network operator’s own site, read today."),
    )

    def __init__(self, data: QueryDict | None = None, *, notice: Notice) -> None:
        super().__init__(data, auto_id=f"n{notice.pk}-%s")

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).casefold()
        if not address.isascii():
            raise ValidationError(_("Write the address in plain letters (ASCII)."))
        return address
