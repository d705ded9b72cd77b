"""The assessment form, and the passphrase."""

from django import forms
from django.utils.translation import gettext_lazy as _

from vigie.cases.models import Classification
from vigie.cases.selectors import Picture
from vigie.cases.services import Decision
from vigie.items.questions import LONGEST


class AssessmentForm(forms.Form):
    classification = forms.ChoiceField(
        label=_("Assessment"), choices=Classification.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason (optional)"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    hand_over_to = forms.CharField(
        label=_("Hand over to (if out of remit)"), required=False, max_length=120
    )
    look = forms.IntegerField(required=False, widget=forms.HiddenInput)
    pictures = forms.MultipleChoiceField(
        label=_("The decision is about"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: object, known: list[Picture], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        judgeable = [p for p in known if p.seen or p.known]
        field = self.fields["pictures"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (str(p.media.pk), _("picture %(number)d") % {"number": p.media.position})
            for p in judgeable
        ]
        if len(judgeable) == 1:
            self.initial.setdefault("pictures", [str(judgeable[0].media.pk)])

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        chosen = data.get("classification")
        if chosen == Classification.OUT_OF_REMIT and not data.get("hand_over_to"):
            self.add_error("hand_over_to", _("Say which service takes this over."))
        return data

    def decision(self) -> Decision:
        data = self.cleaned_data
        return Decision(
            classification=Classification(data["classification"]),
            look_id=data["look"],
            reason=data["reason"],
            hand_over_to=data["hand_over_to"],
            picture_ids=frozenset(int(pk) for pk in data["pictures"]),
        )


class PassphraseForm(forms.Form):
    passphrase = forms.CharField(
        label=_("Passphrase of the operators’ key"), widget=forms.PasswordInput, strip=False
    )


class QuestionForm(forms.Form):
    text = forms.CharField(max_length=LONGEST)
    page = forms.UUIDField(required=False)
