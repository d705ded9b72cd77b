"""Training: harmless exercises with known answers, wholly apart from items. The score is one's own.

Nothing here writes an item, an assessment or a hash; nothing is counted, referred or published.
"""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from vigie.cases.deciding.schema import LANGUAGES, Words, schema
from vigie.cases.models import Classification, TrainingAnswer, TrainingRun
from vigie.journal.services import append
from vigie.journal.verbs import Verb
from vigie.lib import clock
from vigie.staff.access import StaffRequest, requires
from vigie.staff.permissions import Permission

EXERCISES = Path(__file__).parent / "exercises"
SHAPES = {"circle", "square", "triangle"}
AGE = "age"  # the question of the schema that is asked too


@dataclass(frozen=True)
class Exercise:
    """``age``: the known answer to the schema's question of age; '' where it is not asked."""

    code: str
    shape: str
    text: Words
    why: Words
    classification: Classification
    age: str = ""


@dataclass(frozen=True)
class Marked:
    exercise: Exercise
    said: str
    age: str
    right: bool
    age_right: bool


@cache
def exercises(version: str = "") -> tuple[Exercise, ...]:
    """Of this version; without one, the newest. Raises ValueError for a file that is not right."""
    number = version or newest()
    data = tomllib.loads((EXERCISES / f"{number}.toml").read_text("utf-8"))
    return tuple(_exercise(one) for one in data["exercises"])


def newest() -> str:
    return max((path.stem for path in EXERCISES.glob("*.toml")), key=int)


def _exercise(data: Mapping[str, object]) -> Exercise:
    told = {**data, "classification": Classification(str(data["classification"]))}
    for name in ("text", "why"):
        words = data[name]
        if not isinstance(words, dict) or set(words) != LANGUAGES:
            raise ValueError(f"{data['code']}: {name}")
        told[name] = Words(words)
    if data["shape"] not in SHAPES or data.get("age", "") not in {"", *_ages()}:
        raise ValueError(str(data["code"]))
    return Exercise(**told)  # type: ignore[arg-type]


def _ages() -> dict[str, str]:
    question = next(one for one in schema().questions if one.code == AGE)
    return {answer.code: str(answer.label) for answer in question.answers}


class AnswerForm(forms.Form):
    classification = forms.ChoiceField(
        label=_("Assessment"), choices=Classification.choices, widget=forms.RadioSelect
    )
    age = forms.ChoiceField(label=_("Age of the youngest, if a child is shown"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["age"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("not said")), *_ages().items()]


@requires(Permission.ASSESS)
@require_http_methods(["GET", "POST"])
def training(request: StaffRequest) -> HttpResponse:
    """What this person did before; sent, it begins a new run."""
    if request.method == "POST":
        run = TrainingRun.objects.create(by=request.user, at=clock.now(), version=newest())
        return redirect("training_run", pk=run.pk)
    mine = TrainingRun.objects.filter(by=request.user).order_by("-pk")[:20]
    runs = [(run, marked(run)) for run in mine]
    shown = [(run, sum(one.right for one in found), len(found)) for run, found in runs]
    context = {"runs": shown, "number": len(exercises())}
    return render(request, "cases/training.html", context)


@requires(Permission.ASSESS)
@require_http_methods(["GET", "POST"])
def training_run(request: StaffRequest, pk: int) -> HttpResponse:
    """The next exercise; after the last, the score with its reasons."""
    run = get_object_or_404(TrainingRun, pk=pk, by=request.user)
    left = _left(run)
    form = AnswerForm(request.POST if request.method == "POST" and left else None)
    if left and form.is_bound and form.is_valid():
        _answer(run, left[0], form, last=len(left) == 1)
        return redirect("training_run", pk=pk)
    every = exercises(run.version)
    context = {"run": run, "all": len(every), "number": len(every) - len(left) + 1, "form": form}
    if left:
        context |= {"exercise": left[0]}
        return render(request, "cases/exercise.html", context, status=422 if form.is_bound else 200)
    found = marked(run)
    context |= {"marked": found, "right": sum(one.right for one in found)}
    return render(request, "cases/score.html", context)


def _left(run: TrainingRun) -> list[Exercise]:
    """What is not answered yet, in an order of this run's own."""
    done = set(run.answers.values_list("exercise", flat=True))
    order = list(exercises(run.version))
    random.Random(run.pk).shuffle(order)  # noqa: S311  not a secret
    return [one for one in order if one.code not in done]


def _answer(run: TrainingRun, exercise: Exercise, form: AnswerForm, *, last: bool) -> None:
    """Once: the same page sent twice changes nothing."""
    try:
        with transaction.atomic():
            TrainingAnswer.objects.create(run=run, exercise=exercise.code, **form.cleaned_data)
            if last:
                append(Verb.TRAINING_ENDED, "training", run.by.actor, run=run.pk)
    except IntegrityError:
        pass


def marked(run: TrainingRun) -> list[Marked]:
    """Each answer beside what is known, in the order in which they were given."""
    known = {one.code: one for one in exercises(run.version)}
    return [
        Marked(
            known[given.exercise],
            given.classification,
            _ages().get(given.age, ""),
            given.classification == known[given.exercise].classification,
            given.age == known[given.exercise].age or not known[given.exercise].age,
        )
        for given in run.answers.order_by("pk")
    ]
