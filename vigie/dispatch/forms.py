"""What the liaison writes down, and the contact that a lead enters."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from vigie.dispatch.models import Notice
from vigie.items.models import Errand
from vigie.lib import clock
from vigie.lib.words import a_word


class AuthorisationForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference of the authorisation"),
        max_length=120,
        help_text=_("As the police gave it, for example PV-2026-00017."),
    )


class ErrandForm(forms.Form):
    """When, and to whom. Several stand on one page: names of their own for the labels."""

    on = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    whom = forms.CharField(max_length=200, validators=[a_word])

    def __init__(self, data: QueryDict | None = None, *, errand: Errand) -> None:
        now = localtime(clock.now()).replace(second=0, microsecond=0)
        self.asked, initial = errand.at, {"on": now, "whom": errand.to}
        super().__init__(data, auto_id=f"e{errand.pk}-%s", initial=initial)
        words = _("To whom, by which way")
        if errand.why == Errand.Why.DANGER:
            words = _("Whom you told, or why nobody had to be told")
        self.fields["whom"].label = words

    def clean_on(self) -> datetime:
        on: datetime = self.cleaned_data["on"]
        if on > clock.now() + timedelta(minutes=1):
            raise ValidationError(_("This has not come yet."))
        if on < self.asked - timedelta(days=1):
            raise ValidationError(_("This was long before anybody asked for it."))
        return on


class ContactForm(forms.Form):
    """Several stand on one page: each for its own notice, with names of its own for the labels."""

    address = forms.EmailField(label=_("Address of the host’s abuse desk"))
    found_in = forms.CharField(
        label=_("Where you found it"),
        max_length=300,
        validators=[a_word],
        help_text=_("For example: the network operator’s own site, read today."),
    )

    def __init__(self, data: QueryDict | None = None, *, notice: Notice) -> None:
        super().__init__(data, auto_id=f"n{notice.pk}-%s")

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).casefold()
        if not address.isascii():
            raise ValidationError(_("Write the address in plain letters (ASCII)."))
        return address
