"""What is typed: by the public, an address; on the desk, an edition's texts."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vigie.campaign.newsletter.addresses import Address, parse
from vigie.campaign.newsletter.editions import Texts, Words
from vigie.campaign.newsletter.models import Edition
from vigie.lib.words import a_reason

LONGEST_BODY = 20_000
LABELS = {
    "subject": pgettext_lazy("newsletter", "Subject"),
    "body": pgettext_lazy("newsletter", "Text"),
}


class SubjectField(forms.CharField):
    """One line, whatever is typed: a second one would be a header of the mail."""

    def to_python(self, value: Any) -> str:
        line = " ".join(str(super().to_python(value) or "").split())
        return "".join(one for one in line if unicodedata.category(one) != "Cc")


class EditionForm(forms.Form):
    """A subject and a text in each language; a draft may lack some. ``version``: as it was seen."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _name in settings.LANGUAGES:
            self.fields[f"subject_{code}"] = SubjectField(
                label=LABELS["subject"],
                required=False,
                max_length=120,
                widget=forms.TextInput({"lang": code}),
            )
            self.fields[f"body_{code}"] = forms.CharField(
                label=LABELS["body"],
                required=False,
                max_length=LONGEST_BODY,
                widget=forms.Textarea({"lang": code, "rows": 12}),
            )

    @classmethod
    def of(cls, edition: Edition) -> "EditionForm":
        initial: dict[str, object] = {"version": edition.version}
        for text in edition.texts.all():
            initial[f"subject_{text.language}"] = text.subject
            initial[f"body_{text.language}"] = text.body
        return cls(initial=initial)

    def languages(self) -> Iterator[tuple[str, str, list[forms.BoundField]]]:
        for code, name in settings.LANGUAGES:
            yield code, name, [self[f"subject_{code}"], self[f"body_{code}"]]

    @property
    def texts(self) -> Texts:
        said = self.cleaned_data
        return {
            code: Words(said[f"subject_{code}"], said[f"body_{code}"].replace("\r\n", "\n"))
            for code, _name in settings.LANGUAGES
        }


class ProofForm(forms.Form):
    address = forms.CharField(
        label=_("E-mail address"),
        max_length=1000,
        widget=forms.TextInput(
            {"inputmode": "email", "autocomplete": "email", "spellcheck": "false"}
        ),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean_address(self) -> Address:
        address = parse(self.cleaned_data["address"])
        if address is None:
            raise forms.ValidationError(_("This cannot be an e-mail address."))
        return address


class ReasonForm(forms.Form):
    """Why the list should leave: the second person reads it."""

    reason = forms.CharField(
        label=_("What is it for?"),
        validators=[a_reason],
        help_text=_("The colleague who confirms reads it."),
        max_length=200,
        widget=forms.TextInput(attrs={"aria-describedby": "id_reason_helptext"}),
    )
