"""Holding something."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vigie.intake.models import Report
from vigie.items.models import Item
from vigie.keeping.holds import NoSuchThing, named
from vigie.lib.words import a_reason


class HoldForm(forms.Form):
    thing = forms.CharField(
        label=_("Item or report"),
        help_text=_("“I-12” or “report 12”. A report holds its items, an item holds its reports."),
        max_length=40,
    )
    reason = forms.CharField(
        label=_("Reason"),
        validators=[a_reason],
        help_text=_("Everybody who may read this page reads it. No address and no name."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_thing(self) -> Item | Report:
        try:
            return named(self.cleaned_data["thing"])
        except NoSuchThing:
            raise forms.ValidationError(_("There is no item or report of this name."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"id_{name}_helptext"
