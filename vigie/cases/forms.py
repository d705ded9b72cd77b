"""The assessment form, and the passphrase."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from vigie.cases.decision import Decision
from vigie.cases.models import Classification
from vigie.cases.schema import Question, schema
from vigie.cases.selectors import Picture
from vigie.items.questions import LONGEST

ASKED = "answer_"  # the name of a question's field begins so


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
        for question in schema().questions:
            self.fields[ASKED + question.code] = _field_of(question)

    kept = False  # it holds what somebody typed before

    @classmethod
    def typed(cls, data: QueryDict) -> bool:
        """Did somebody choose or write anything?"""
        fields = {"classification", "reason", "hand_over_to"}
        return any(v for name, v in data.items() if name in fields or name.startswith(ASKED))

    @classmethod
    def once_more(cls, data: QueryDict, known: list[Picture], look: int | None) -> Self:
        """What was sent, not judged yet, about this look. Pictures that are not there are left."""
        initial: dict[str, object] = {name: value for name, value in data.items() if value}
        many = {"pictures", *(ASKED + one.code for one in schema().questions if one.many)}
        initial |= {name: data.getlist(name) for name in many}
        form = cls(known=known, initial={**initial, "look": look})
        form.kept = True
        return form

    @property
    def further(self) -> list[tuple[Question, forms.BoundField]]:
        """The questions beyond the classification, as the schema has them; all may stay open."""
        return [(q, self[ASKED + q.code]) for q in schema().questions]

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        chosen = data.get("classification")
        if chosen == Classification.OUT_OF_REMIT and not data.get("hand_over_to"):
            self.add_error("hand_over_to", _("Say which service takes this over."))
        self._answers = schema().kept(str(chosen), _given(data))
        for one in schema().contradicted(str(chosen), self._answers):
            self.add_error(ASKED + one.question, str(one.words))
        return data

    def decision(self) -> Decision:
        data = self.cleaned_data
        return Decision(
            classification=Classification(data["classification"]),
            look_id=data["look"],
            reason=data["reason"],
            hand_over_to=data["hand_over_to"],
            picture_ids=frozenset(int(pk) for pk in data["pictures"]),
            answers=self._answers,
        )


def _field_of(question: Question) -> forms.Field:
    choices = [(answer.code, str(answer.label)) for answer in question.answers]
    if question.many:
        return forms.MultipleChoiceField(label=str(question.label), choices=choices, required=False)
    return forms.ChoiceField(
        label=str(question.label), choices=[("", _("not said")), *choices], required=False
    )


def _given(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """By question: the codes that were chosen."""
    given = {name.removeprefix(ASKED): v for name, v in data.items() if name.startswith(ASKED)}
    return {name: [v] if isinstance(v, str) else v for name, v in given.items() if v}


class PassphraseForm(forms.Form):
    passphrase = forms.CharField(
        label=_("Passphrase of the operators’ key"), widget=forms.PasswordInput, strip=False
    )


class QuestionForm(forms.Form):
    text = forms.CharField(max_length=LONGEST)
    page = forms.UUIDField(required=False)
