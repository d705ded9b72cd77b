"""The assessment form, and the passphrase."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from vigie.cases.deciding.decision import Decision
from vigie.cases.deciding.opinions import Turn
from vigie.cases.deciding.schema import Question, schema
from vigie.cases.desk.selectors import Picture, named_at_first
from vigie.cases.looks import reasons
from vigie.cases.looks.seen import Stills
from vigie.cases.models import CONFIRMING, Classification
from vigie.items.questions import LONGEST
from vigie.lib.words import in_words

MOST_NAMED = 20  # pictures, in one message
ASKED = "answer_"  # the name of a question's field begins so
REASON_NEEDED = {
    "on_words": _(
        "No picture or video is named. Where there is one, look, and name what you judge; "
        "or say why it is decided on words alone."
    ),
    "against": _(
        "Known or listed as child sexual abuse material: %(pictures)s. "
        "Say why this is decided otherwise."
    ),
    "unseen": _("Not seen by you: %(pictures)s. Look at them; or say why you decide without."),
    "settle": _("Say why, for the two who differ."),
    "danger": _("A child may be in danger. Say why this is closed all the same."),
}
NO_WORD = _("What is written there is not a reason yet: it takes a word.")
NONE_PARTLY: Mapping[int, Stills] = {}


class AssessmentForm(forms.Form):
    classification = forms.ChoiceField(
        label=_("Assessment"), choices=Classification.choices, widget=forms.RadioSelect
    )
    ready_reason = forms.ChoiceField(label=_("A ready reason"), required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    hand_over_to = forms.CharField(
        label=_("Hand over to (if out of remit)"), required=False, max_length=120
    )
    look = forms.IntegerField(required=False, widget=forms.HiddenInput)
    pictures = forms.MultipleChoiceField(
        label=_("The decision is about"), required=False, widget=forms.CheckboxSelectMultiple
    )

    # Pictures that their person ticked or unticked: `named.js` says which.
    by_hand = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def __init__(
        self, *args: object, known: list[Picture], turn: Turn = Turn.FIRST, **kwargs: object
    ) -> None:
        """To settle what two people say who differ takes a reason."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.known, self.second = known, turn is Turn.SECOND
        self.settling = settling = turn is Turn.SETTLE
        judgeable = [p for p in known if p.seen or p.known]
        field = self.fields["pictures"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(p.media.pk), self._name(p.media.position)) for p in judgeable]
        self.initial.setdefault("pictures", [str(pk) for pk in named_at_first(known)])
        ready = self.fields["ready_reason"]
        assert isinstance(ready, forms.ChoiceField)
        parted = len(known) > 1 or any(p.media.is_video for p in known)
        ready.choices = _ready_reasons(settling=settling, parted=parted)
        for question in schema().questions:
            self.fields[ASKED + question.code] = _field_of(question)

    kept = False  # it holds what somebody typed before

    @classmethod
    def typed(cls, data: QueryDict) -> bool:
        """Did somebody choose or write anything?"""
        fields = {"classification", "reason", "hand_over_to"}
        return any(v for name, v in data.items() if name in fields or name.startswith(ASKED))

    @classmethod
    def once_more(
        cls, data: QueryDict, known: list[Picture], look: int | None, *, turn: Turn
    ) -> Self:
        """What was sent, not judged yet, about this look. Pictures that are not there are left."""
        initial: dict[str, object] = {name: value for name, value in data.items() if value}
        questions = (ASKED + one.code for one in schema().questions if one.many)
        many = {"pictures", "by_hand", *questions}
        initial |= {name: data.getlist(name) for name in many}
        form = cls(known=known, turn=turn, initial={**initial, "look": look})
        form.kept = True
        return form

    @property
    def further(self) -> list[tuple[Question, forms.BoundField]]:
        """The questions beyond the classification, as the schema has them; all may stay open."""
        return [(q, self[ASKED + q.code]) for q in schema().questions]

    @property
    def blank_further(self) -> SafeString:
        """The same as markup, of a form in which nothing was answered yet."""
        return _blank_further(get_language() or "", schema().version)

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        chosen = data.get("classification")
        if chosen == Classification.OUT_OF_REMIT and not in_words(data.get("hand_over_to", "")):
            self.add_error("hand_over_to", _("Say which service takes this over."))
        said = [reasons.words_of(data.get("ready_reason", "")), data.get("reason", "").strip()]
        data["reason"] = "\n".join(words for words in said if words)
        if self.settling and not in_words(str(data["reason"])):
            self.ask_why("settle")
        if self.second and chosen in CONFIRMING:
            self._ask_which(data)
        self._answers = schema().kept(str(chosen), _given(data))
        for one in schema().contradicted(str(chosen), self._answers):
            self.add_error(ASKED + one.question, str(one.words))
        return data

    def _ask_which(self, data: dict[str, Any]) -> None:
        """Once, of several that they saw: the last one named itself, and whoever is second cannot
        know which the first one named. What stays ticked then is theirs."""
        seen = [p.media for p in self.known if p.seen]
        named = data.get("pictures", [])
        if data.get("by_hand") or all(str(m.pk) in named for m in seen) or len(seen) < 2:
            return
        said = _("You saw several: %(pictures)s. Tick each that you judge so, and decide again.")
        self.add_error(
            "pictures", str(said) % {"pictures": self._named([m.position for m in seen])}
        )
        assert isinstance(self.data, QueryDict)
        sent = self.data.copy()
        sent.setlist("by_hand", [str(m.pk) for m in seen])
        self.data = sent

    def ask_why(
        self, kind: str, numbers: Sequence[int] = (), partly: Mapping[int, Stills] = NONE_PARTLY
    ) -> None:
        """This decision takes a reason; ``numbers``: of the pictures for which it does; ``partly``:
        of these, videos of which some stills were seen. What is no reason stays, and is told so."""
        said = str(REASON_NEEDED[kind]) % {"pictures": self._named(numbers, partly)}
        if self.cleaned_data.get("reason"):
            said = f"{said} {NO_WORD}"
        self.add_error("reason", said)

    def ask_to_open(self) -> None:
        said = _(
            "A child may be in danger, and there are words that you have not opened. "
            "Read them before you close this; if you cannot, leave it to a colleague or a lead."
        )
        self.add_error("classification", said)

    def ask_to_look(self, numbers: Sequence[int]) -> None:
        said = _(
            "Not seen by you: %(pictures)s. Without a look, only what is proposed can be decided."
        )
        self.add_error("pictures", str(said) % {"pictures": self._named(numbers)})

    def _named(self, numbers: Sequence[int], partly: Mapping[int, Stills] = NONE_PARTLY) -> str:
        said = [self._name(n, partly.get(n)) for n in numbers[:MOST_NAMED]]
        return ", ".join(said) + (" …" if len(numbers) > MOST_NAMED else "")

    def _name(self, number: int, stills: Stills | None = None) -> str:
        if not any(p.media.is_video for p in self.known if p.media.position == number):
            return str(_("picture %(number)d")) % {"number": number}
        named = str(_("video %(number)d")) % {"number": number}
        if stills is None:
            return named
        seen = str(_("stills seen: %(n)s of %(of)s")) % {"n": stills.seen, "of": stills.of}
        return f"{named} ({seen})"

    def decision(self) -> Decision:
        data = self.cleaned_data
        return Decision(
            classification=Classification(data["classification"]),
            look_id=data["look"],
            reason=data["reason"],
            hand_over_to=data["hand_over_to"],
            picture_ids=self._about(),
            answers=self._answers,
        ).fitting()

    def _about(self) -> frozenset[int]:
        """What is ticked. *Not illegal* is said of all that its person saw: but for what they left
        out by hand, and for what is known as abuse, which they name themselves."""
        data = self.cleaned_data
        ticked = frozenset(int(pk) for pk in data["pictures"])
        if data["classification"] != Classification.NOT_ILLEGAL:
            return ticked
        seen = [p.media.pk for p in self.known if p.seen and not p.abuse]
        return ticked | {pk for pk in seen if str(pk) not in (data["by_hand"] or ())}


def _ready_reasons(
    *, settling: bool, parted: bool
) -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Nothing, or by what is decided: what the organisation offers."""
    groups = [
        (_("Two assessments differ"), "settle", settling),
        (_("On words alone"), "on_words", True),
        (_("Not everything was looked at"), "unseen", parted),
        (Classification.CANNOT_ASSESS.label, "cannot_assess", True),
        (Classification.OUT_OF_REMIT.label, "out_of_remit", True),
    ]
    found = [(str(label), reasons.offered(kind)) for label, kind, asked in groups if asked]
    return [("", pgettext("reason", "none")), *[(label, some) for label, some in found if some]]


@cache
def _blank_further(_language: str, _version: str) -> SafeString:
    """The same for everybody, and a quarter of what it takes to make the page of an item."""
    return render_to_string("cases/_further.html", {"form": AssessmentForm(known=[])})


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
        label=_("Passphrase of the operators’ key"),
        widget=forms.PasswordInput(attrs={"autofocus": True}),
        strip=False,
    )


class QuestionForm(forms.Form):
    text = forms.CharField(max_length=LONGEST)
    page = forms.UUIDField(required=False)
