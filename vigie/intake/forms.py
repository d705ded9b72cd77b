"""What the public may send. Nothing here ever refuses a report but an empty place."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = [
    ("", pgettext_lazy("kind of place", "I do not know")),
    ("web", pgettext_lazy("kind of place", "A web page")),
    ("onion", pgettext_lazy("kind of place", "An onion address (Tor)")),
    ("account", pgettext_lazy("kind of place", "An account or a group")),
    ("app", pgettext_lazy("kind of place", "An app or a game")),
    ("other", pgettext_lazy("kind of place", "Something else")),
]


# Fields that the page itself no longer has. They are taken from whoever sends them.
ALONG = ("kind", "seen", "comment", "contact")


class AnyText(forms.Field):
    """Text as typed. `forms.CharField` would strip it, and refuse a report for one NUL byte."""

    def to_python(self, value: str | None) -> str:
        return value or ""


class ReportForm(forms.Form):
    where = AnyText(required=False)
    kind = AnyText(required=False)
    seen = AnyText(required=False)
    comment = AnyText(required=False)
    contact = AnyText(required=False)
    receipt = AnyText(required=False)

    def clean_where(self) -> str:
        where: str = self.cleaned_data["where"]
        if not where.strip():
            raise forms.ValidationError(
                _("Tell us where you saw it: an address, a name, or a few words.")
            )
        return where

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        return kind if kind in dict(KINDS) else ""


class OwnForm(forms.Form):
    """For whoever is in the picture. Any one thing is enough: none of them is asked for."""

    where = AnyText(required=False)
    comment = AnyText(required=False)
    contact = AnyText(required=False)
    danger = AnyText(required=False)
    receipt = AnyText(required=False)

    def clean(self) -> dict[str, object]:
        sent = super().clean() or {}
        if not any(str(sent[name]).strip() for name in ("where", "comment", "contact", "danger")):
            raise forms.ValidationError(
                _("Please tell us one thing: where it is, a few words, or how to reach you.")
            )
        return {**sent, "danger": sent["danger"] == "yes"}


class ReceiptForm(forms.Form):
    words = AnyText(required=False)
