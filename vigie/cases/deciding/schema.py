"""The assessment schema: versioned data (`schemas/`), checked when it is loaded.

A version that decisions were made with is never edited; a change is the next file. A decision keeps
the number of its version, and its answers as codes: so no change of words rewrites it.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from vigie.cases.models import Classification

SCHEMAS = Path(__file__).parent / "schemas"
LANGUAGES = {"en", "fr", "nl", "de"}
TAKEN = frozenset("vhqjkfxl?/123456")  # keys that mean something else on the desk's pages
CODES = frozenset(Classification.values)
Answers = Mapping[str, Sequence[str]]  # by question: codes


class BadSchema(Exception):
    """The file says something that cannot be; the message says what."""


@dataclass(frozen=True)
class Words:
    """A text of the schema in the reader's language."""

    by_language: Mapping[str, str]

    def __str__(self) -> str:
        return self.by_language.get((get_language() or "en")[:2]) or self.by_language["en"]


@dataclass(frozen=True)
class Choice:
    code: str
    label: Words
    key: str = ""
    young: bool = False


@dataclass(frozen=True)
class Question:
    """``only_with``: classifications with which it is asked. ``many``: several may hold."""

    code: str
    label: Words
    only_with: frozenset[str]
    answers: tuple[Choice, ...]
    key: str = ""
    many: bool = False

    @property
    def codes(self) -> list[str]:
        return [answer.code for answer in self.answers]


@dataclass(frozen=True)
class Contradiction:
    classification: str
    question: str
    answers: frozenset[str]
    words: Words


@dataclass(frozen=True)
class Field:
    """One field of another vocabulary: by ``values``, or 1 where ``flag`` was answered, else 0."""

    name: str
    question: str
    values: Mapping[str, object]
    flag: str = ""
    unanswered: object = None

    def said(self, answers: Answers) -> object:
        given = answers.get(self.question, ())
        if self.flag:
            return int(self.flag in given)
        return next((self.values[code] for code in given if code in self.values), self.unanswered)


@dataclass(frozen=True)
class Vocabulary:
    """How the schema is said elsewhere. ``joined``: its fields make one word, if all are said."""

    name: str
    lost: Words
    fields: tuple[Field, ...]
    verified: bool = False
    joined: bool = False


@dataclass(frozen=True)
class Schema:
    version: str
    questions: tuple[Question, ...]
    contradictions: tuple[Contradiction, ...]
    vocabularies: tuple[Vocabulary, ...]

    def asked_with(self, classification: str) -> list[Question]:
        return [one for one in self.questions if classification in one.only_with]

    def kept(self, classification: str, answers: Answers) -> dict[str, tuple[str, ...]]:
        """Of these answers, what may be said with this classification."""
        asked = self.asked_with(classification)
        return {q.code: tuple(answers[q.code]) for q in asked if answers.get(q.code)}

    def contradicted(self, classification: str, answers: Answers) -> list[Contradiction]:
        return [
            one
            for one in self.contradictions
            if one.classification == classification
            and one.answers & set(answers.get(one.question, ()))
        ]

    def in_words(self, answers: Answers) -> list[tuple[Words, list[Words]]]:
        """Each question that was answered, with its answers, without codes it does not know."""
        return [
            (q.label, [a.label for a in q.answers if a.code in answers[q.code]])
            for q in self.questions
            if answers.get(q.code)
        ]

    def said_elsewhere(
        self, classification: str, answers: Answers
    ) -> list[tuple[Vocabulary, dict[str, object]]]:
        """In each other vocabulary, by the name of its field; empty where it has no word for it."""
        told = {**answers, "classification": (classification,)}
        return [(one, _said(one, told)) for one in self.vocabularies]


def _said(vocabulary: Vocabulary, told: Answers) -> dict[str, object]:
    said = {field.name: field.said(told) for field in vocabulary.fields}
    known = {name: value for name, value in said.items() if value is not None}
    if not vocabulary.joined:
        return known
    whole = "".join(str(value) for value in known.values())
    return {vocabulary.name: whole} if len(known) == len(said) else {}


@cache
def schema(version: str = "") -> Schema:
    """The schema of this version; without one, the newest. Raises `BadSchema`, LookupError."""
    versions = sorted((path.stem for path in SCHEMAS.glob("*.toml")), key=int)
    number = version or versions[-1]
    if number not in versions:
        raise LookupError(version)
    return read((SCHEMAS / f"{number}.toml").read_text("utf-8"), number)


def says_young(answers: Answers, version: str = "") -> bool:
    """Does one of these answers speak of a young child?"""
    young = {(q.code, a.code) for q in schema(version).questions for a in q.answers if a.young}
    return any((question, code) in young for question, codes in answers.items() for code in codes)


def read(text: str, number: str) -> Schema:
    """A schema from its file. Raises `BadSchema`."""
    try:
        data = tomllib.loads(text)
        found = Schema(
            version=data["version"],
            questions=tuple(_question(one) for one in data["questions"]),
            contradictions=tuple(_contradiction(one) for one in data.get("contradictions", [])),
            vocabularies=tuple(_vocabulary(one) for one in data["mappings"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BadSchema(f"{number}: {error!r}") from error
    _check(found, number)
    return found


def _words(data: Mapping[str, str]) -> Words:
    if set(data) != LANGUAGES or not all(data.values()):
        raise BadSchema(f"not in four languages: {data}")
    return Words(data)


def _question(data: dict[str, Any]) -> Question:
    answers = tuple(Choice(**{**a, "label": _words(a["label"])}) for a in data["answers"])
    told = {"label": _words(data["label"]), "answers": answers}
    return Question(**{**data, **told, "only_with": frozenset(data["only_with"])})


def _contradiction(data: dict[str, Any]) -> Contradiction:
    told = {"words": _words(data["words"]), "answers": frozenset(data["answers"])}
    return Contradiction(**{**data, **told})


def _vocabulary(data: dict[str, Any]) -> Vocabulary:
    fields = tuple(Field(**{"values": {}, **one}) for one in data["fields"])
    return Vocabulary(
        data["vocabulary"],
        _words(data["lost"]),
        fields,
        data.get("verified", False),
        data.get("joined", False),
    )


def _check(found: Schema, number: str) -> None:
    """Nothing named that is not there, nothing twice, and no answer that a mapping forgets."""
    known = {question.code: set(question.codes) for question in found.questions}
    named = [[q.key, *(answer.key for answer in q.answers)] for q in found.questions]
    keys = [key for some in named for key in some if key]
    _demand(found.version == number, "the version is not the file's")
    _demand(len(known) == len(found.questions), "a question twice")
    _demand(len(set(keys)) == len(keys) and not set(keys) & TAKEN, "a key twice, or taken")
    for question in found.questions:
        _demand(len(known[question.code]) == len(question.answers), f"{question.code}: twice")
        _demand(question.only_with <= CODES, f"{question.code}: an unknown classification")
        _demand(_short([question.code, *question.codes]), f"{question.code}: too long a code")
    for one in found.contradictions:
        _demand(one.classification in CODES, "a contradiction with what is not there")
        _demand(one.answers <= known.get(one.question, set()), f"no such answer: {one.answers}")
    known["classification"] = set(CODES)
    for field in (field for one in found.vocabularies for field in one.fields):
        these = {field.flag} if field.flag else set(field.values)
        answers = known.get(field.question, set())
        right = these <= answers if field.flag else these == answers
        _demand(right, f"{field.name}: its values are not the answers of {field.question}")


def _short(codes: Iterable[str]) -> bool:
    return all(0 < len(code) <= 20 and code.isidentifier() for code in codes)


def _demand(holds: bool, what: str) -> None:
    if not holds:
        raise BadSchema(what)
