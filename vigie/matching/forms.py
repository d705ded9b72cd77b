"""What is asked about lists, and about single hashes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from vigie.lib.words import a_reason
from vigie.matching.lists.models import FURTHEST, Kind
from vigie.matching.lists.values import BadRow, canonical

REASON = _("Why, for the colleague who approves and for the journal.")


class PowersForm(forms.Form):
    may_confirm = forms.BooleanField(
        label=_("Equal bytes may confirm without a person"),
        help_text=_("Only for a list whose every entry the organisation trusts, by its policy."),
        required=False,
    )
    unseen = forms.BooleanField(
        label=_("A person may decide without looking"),
        help_text=_("Where this list holds the picture, or one near. Nobody has to see it again."),
        required=False,
    )
    threshold = forms.IntegerField(
        label=_("PDQ: propose up to this distance"),
        help_text=_("In bits of 256, 0 to 31. Looking alike never confirms: a person decides."),
        min_value=0,
        max_value=FURTHEST,
    )
    active = forms.BooleanField(label=_("The list is in use"), required=False)
    reason = forms.CharField(
        label=_("Reason"), help_text=REASON, max_length=200, validators=[a_reason]
    )


class ExportForm(forms.Form):
    layout = forms.ChoiceField(
        label=_("Format"), choices=[("vics", "Project VIC, VICS 2.0 (JSON)"), ("csv", "CSV")]
    )
    export_reason = forms.CharField(
        label=_("Reason"), help_text=REASON, max_length=200, validators=[a_reason]
    )


class FindForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    value = forms.CharField(label=_("Value"), max_length=400)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if "kind" in data and "value" in data:
            try:
                data["value"] = canonical(data["kind"], data["value"])
            except BadRow:
                self.add_error("value", _("This is no value of that kind."))
        return data
