"""The API of trusted providers: `POST /api/match/v1/pictures`. Nothing that is sent is kept."""

from dataclasses import asdict
from typing import Annotated, Any, cast

from django.http import HttpRequest
from ninja import Body
from ninja.security import HttpBearer
from pydantic import ValidationError

from vigie.intake.doors.keys import hash_of
from vigie.intake.doors.problems import ProblemAPI, Refusal, in_short
from vigie.intake.doors.schemas import Problem
from vigie.lib import clock
from vigie.matching.engine.pdq import MATCHABLE
from vigie.matching.following import followed
from vigie.matching.lists.values import CRYPTOGRAPHIC
from vigie.matching.providers.allowance import Allowance
from vigie.matching.providers.hashing import Hashed, hashed
from vigie.matching.providers.models import Asked, Probe, Provider
from vigie.matching.providers.probing import AROUND, Watcher
from vigie.matching.providers.schemas import MOST, BatchIn, BatchOut, PictureIn, VerdictOut
from vigie.matching.verdicts import Behind, Listed, Verdict, of_sheets

DESCRIPTION = """\
For providers that were given a key: is this picture on a list that you may ask about?

Send the values that you have of it, or its bytes. Bytes are hashed in memory and forgotten; a sheet
of pictures is taken apart, and each of them asked for. **Hashes are better**: what never leaves you
cannot be lost.

The answer is a verdict with the names of your lists. It tells no distance and no value. `known`
means the same bytes, by MD5, SHA-1 or SHA-256; `similar` a picture like it: have a person look
before anything is done.
Many variants of one picture, asked until the answer turns, are told to our people.
"""
PROBLEMS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 413, 422, 429, 503), Problem)
ALLOWANCE = Allowance(least=MOST)
WATCHER = Watcher()
LATE = Problem(title="Not looked at in time: ask again for this one, with fewer others", status=503)
PATIENCE = 30.0  # seconds that a request waits for what is new on the lists


class ProviderKey(HttpBearer):
    """The key of a trusted provider, as it was shown once."""

    def authenticate(self, request: HttpRequest, token: str) -> Provider | None:
        return Provider.objects.filter(key_hash=hash_of(token), revoked_at=None).first()


class MatchAPI(ProblemAPI):
    root = "/api/match/v1/"
    titles = {**ProblemAPI.titles, 503: "We cannot answer now. Ask again in a few minutes"}


api = MatchAPI(
    title="Known pictures",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    auth=ProviderKey(),
    urls_namespace="providers_api",
)
api.unavailable_at(Behind)


@api.post(
    "/pictures",
    response={200: BatchOut, **PROBLEMS},
    url_name="api_match_pictures",
    exclude_none=True,
    summary="Ask about up to 1,000 pictures, each with its own verdict",
)
def ask(request: HttpRequest, batch: Annotated[BatchIn, Body()]) -> BatchOut:
    """One that cannot be read stops no other."""
    provider = cast(Provider, cast(Any, request).auth)
    if wait := ALLOWANCE.take(provider.pk, provider.per_minute, len(batch.pictures)):
        raise Refusal(429, **{"Retry-After": str(wait)})
    asked: dict[int, PictureIn] = {}
    out: dict[int, VerdictOut] = {}
    for position, raw in enumerate(batch.pictures):
        try:
            asked[position] = PictureIn.model_validate(raw)
        except ValidationError as error:
            problem = in_short(error.errors())
            out[position] = VerdictOut(position=position, problem=problem)
    pictures = _hashed(list(asked.values()))
    lists = list(provider.lists.values_list("pk", flat=True))
    found = _verdicts(pictures, lists)
    _note(provider, lists, len(batch.pictures), pictures, found)
    for position, one, verdict in zip(asked, pictures, found, strict=True):
        out[position] = _told(position, one, verdict)
    return BatchOut(verdicts=[out[position] for position in sorted(out)])


def _hashed(pictures: list[PictureIn]) -> list[Hashed]:
    of_bytes = iter(hashed([one.bytes for one in pictures if one.bytes]))
    return [next(of_bytes) if one.bytes else _given(one) for one in pictures]


def _given(picture: PictureIn) -> Hashed:
    given: dict[str, str] = {one.type: one.value for one in picture.hashes}
    if picture.quality < MATCHABLE:
        given.pop("pdq", None)
    return Hashed(given)


def _verdicts(pictures: list[Hashed], lists: list[int]) -> list[Verdict]:
    values, parts = [one.values for one in pictures], [one.parts for one in pictures]
    return of_sheets(values, parts, lists, own=False, whole=True, patience=PATIENCE)


def _listed(verdict: Verdict) -> list[Listed]:
    """On the caller's lists: the picture, and what is on it if it is a sheet."""
    return [*verdict.listed, *(one for part in verdict.parts for one in part.listed)]


def _told(position: int, picture: Hashed, verdict: Verdict) -> VerdictOut:
    """PDQ and PhotoDNA name no bytes: though equal, they are no more than similar."""
    matches = {(one.entry.list.name, one.entry.classification) for one in _listed(verdict)}
    if not matches:
        if picture.late:
            return VerdictOut(position=position, problem=LATE)
        word = "unknown" if picture.readable else "unreadable"
    else:
        same = any(one.entry.kind in CRYPTOGRAPHIC for one in verdict.listed)
        word = "known" if same else "similar"
    told = [{"list": name, "classification": said} for name, said in sorted(matches)]
    return VerdictOut.model_validate({"position": position, "verdict": word, "matches": told})


def _note(
    provider: Provider,
    lists: list[int],
    pictures: int,
    asked: list[Hashed],
    found: list[Verdict],
) -> None:
    """Counts for the journal, and an alarm for the desk. Neither holds a value."""
    matched = sum(bool(_listed(verdict)) for verdict in found)
    Asked.objects.create(provider=provider, at=clock.now(), pictures=pictures, found=matched)
    near = [pair for one, verdict in zip(asked, found, strict=True) for pair in _near(one, verdict)]
    if doubt := WATCHER.see(provider.pk, near, _around([pdq for pdq, _found in near], lists)):
        Probe.objects.create(provider=provider, at=clock.now(), **asdict(doubt))


def _around(pdqs: list[str], lists: list[int]) -> list[Any]:
    """Near misses too. Of every value alike, before the answer goes: its time tells nothing."""
    if not pdqs:
        return []
    return followed().open().around(pdqs, AROUND, {str(one) for one in lists})


def _near(asked: Hashed, verdict: Verdict) -> list[tuple[str, bool]]:
    """Each PDQ that was asked, of the picture and of what is on it, and whether it was found."""
    own = [bool(verdict.listed)] if "pdq" in asked.values else []
    return list(zip(asked.pdqs, [*own, *(bool(p.listed) for p in verdict.parts)], strict=True))
