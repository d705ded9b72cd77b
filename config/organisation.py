"""The organisation that runs the hotline: a TOML file, in its languages.

Shape: ``[name] fr = … nl = …`` and so on for ``hotline_address``, ``real_report`` (label, url),
``emergency`` (list of number and label), ``help`` and ``own_thoughts`` (list of name, phone, url,
text), and plain values under ``[mail]``. ``on_call``: mail addresses of those who are told at once
when a child may be in danger; ``danger_hours``: after so many a decision about it is late, and
so is a call to the police; ``hand_over_hours``: so is what is to be handed over to another service.
``welfare``: how much each person looks at, and how stills are shown (`vigie.cases.welfare.budget`,
`manner`).
``reports_mail``: shown to partners who report by mail. ``leave`` (url): where "leave this page"
leads. ``[matching]``: see `Matching`; ``[second]``: `vigie.cases.deciding.second`; ``[reasons]``:
`vigie.cases.looks.reasons`. A text given as a plain
string serves every language. An entry of a list whose ``name`` is empty in a language is left out
there.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from vigie.cases.deciding.second import SecondPolicy
from vigie.cases.looks import reasons
from vigie.cases.welfare.budget import Budget
from vigie.cases.welfare.manner import Manner

REQUIRED = ("name", "hotline_address", "emergency", "help", "own_thoughts", "mail", "welfare")
DANGER_HOURS, HAND_OVER_HOURS = 2, 24
PARTS: tuple[tuple[str, Callable[[Any], object]], ...] = (
    *(("welfare", Budget.read), ("welfare", Manner.read), ("second", SecondPolicy.read)),
    ("reasons", reasons.check),
)
MAIL_ROLES = ("notices", "liaison", "newsletter", "domain")


def _in(value: Any, language: str) -> Any:
    """The value in one language: tables keyed by language codes are chosen from, at any depth."""
    if isinstance(value, dict):
        if "en" in value and set(value) <= {"fr", "nl", "de", "en"}:
            return value.get(language, value["en"])
        return {key: _in(inner, language) for key, inner in value.items()}
    if isinstance(value, list):
        chosen = [_in(inner, language) for inner in value]
        return [one for one in chosen if not isinstance(one, dict) or one.get("name") != ""]
    return value


def refuse_other_hours(data: dict[str, Any], path: Path) -> None:
    hours = data.get("danger_hours", DANGER_HOURS)
    if type(hours) is not int or not 1 <= hours <= 72:
        raise ImproperlyConfigured(f"VIGIE_ORGANISATION: danger_hours in {path}: 1 to 72.")
    hours = data.get("hand_over_hours", HAND_OVER_HOURS)
    if type(hours) is not int or not 1 <= hours <= 720:
        raise ImproperlyConfigured(f"VIGIE_ORGANISATION: hand_over_hours in {path}: 1 to 720.")


@dataclass(frozen=True)
class Matching:
    """What our own judgements may do for pictures that are like those judged.

    ``own_distance``: bits of 256, 0 to 31. ``own_unseen``: a person may decide without looking.
    What a hash list's matches may do is the list's own: see the desk's page of it.
    """

    own_distance: int = 31
    own_unseen: bool = False


@dataclass(frozen=True)
class Organisation:
    data: dict[str, Any]

    @classmethod
    def load(cls, path: Path) -> "Organisation":
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ImproperlyConfigured(f"VIGIE_ORGANISATION: {path} cannot be read: {error}.")
        for key in REQUIRED:
            if key not in data:
                raise ImproperlyConfigured(f"VIGIE_ORGANISATION: {path} has no {key!r}.")
        for role in MAIL_ROLES:
            if role not in data["mail"]:
                raise ImproperlyConfigured(f"VIGIE_ORGANISATION: {path} has no mail {role!r}.")
        on_call = data.get("on_call", [])
        if not isinstance(on_call, list) or not all("@" in str(one) for one in on_call):
            raise ImproperlyConfigured(f"VIGIE_ORGANISATION: on_call in {path} holds no addresses.")
        refuse_other_hours(data, path)
        for part, read in PARTS:
            try:
                read(data.get(part, {}))
            except ValueError as error:
                raise ImproperlyConfigured(f"VIGIE_ORGANISATION: [{part}] in {path}: {error}.")
        found = cls(data)
        distance, unseen = found.matching.own_distance, found.matching.own_unseen
        if type(distance) is not int or not 0 <= distance <= 31 or not isinstance(unseen, bool):
            raise ImproperlyConfigured(f"VIGIE_ORGANISATION: [matching] in {path} is not right.")
        return found

    @property
    def matching(self) -> Matching:
        """Raises ImproperlyConfigured for a word that means nothing."""
        try:
            return Matching(**self.data.get("matching", {}))
        except TypeError as error:
            raise ImproperlyConfigured(f"VIGIE_ORGANISATION: [matching]: {error}.")

    def localised(self, language: str) -> dict[str, Any]:
        return {key: _in(value, language) for key, value in self.data.items()}

    def name(self, language: str) -> str:
        return str(self.localised(language)["name"])

    @property
    def budget(self) -> Budget:
        return Budget.read(self.data["welfare"])

    @property
    def manner(self) -> Manner:
        return Manner.read(self.data["welfare"])

    @property
    def second(self) -> SecondPolicy:
        return SecondPolicy.read(self.data.get("second", {}))

    @property
    def welfare_readers(self) -> list[str]:
        return [str(role) for role in self.data["welfare"].get("readers", [])]

    @property
    def on_call(self) -> list[str]:
        return [str(address) for address in self.data.get("on_call", [])]

    @property
    def danger_hours(self) -> int:
        return int(self.data.get("danger_hours", DANGER_HOURS))

    @property
    def hand_over_hours(self) -> int:
        return int(self.data.get("hand_over_hours", HAND_OVER_HOURS))

    def mail(self, role: str) -> str:
        return str(self.data["mail"][role])
