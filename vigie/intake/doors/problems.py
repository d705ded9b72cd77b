"""What is answered when a report was not taken: RFC 9457 problem details, quoting nothing sent."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from vigie.intake.doors.schemas import Problem

ROOT = "/api/v1/"
TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
UNREADABLE = "What was sent could not be understood"
TITLES = {
    400: "This is not JSON",
    401: "No valid key",
    413: "Too much at once: send it in several parts",
    429: "Too much in a minute: ask again later",
    503: "Not kept: our inbox cannot be reached. Send it again in a few minutes",
}


def in_short(errors: Iterable[Mapping[str, Any]]) -> Problem:
    """Where each error is and what it is, without the values that were sent."""
    short = [{"at": list(one["loc"]), "what": one["msg"]} for one in errors]
    return Problem(title=UNREADABLE, status=422, errors=short)


def answer(problem: Problem, **headers: str) -> HttpResponse:
    text = problem.model_dump_json(exclude_defaults=True)
    return HttpResponse(text, TYPE, problem.status, headers=headers)


class Refusal(HttpError):
    """A status that has a title, and headers of its own."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(status, "")
        self.headers = headers


class EachOnce(Parser):
    """JSON in which a member that stands twice is not lost, but refused like an unknown one."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, object_pairs_hook=_each_once)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[f"{name} (twice)" if name in found else name] = value
    return found


class ProblemAPI(NinjaAPI):
    """An API whose errors are problem details, and whose description says so."""

    root = ROOT
    titles: Mapping[int, str] = TITLES

    def __init__(self, **more: Any) -> None:
        super().__init__(parser=EachOnce(), **more)
        self.add_exception_handler(HttpError, self._http)
        self.add_exception_handler(RequestDataTooBig, self._too_big)
        self.add_exception_handler(ValidationError, _invalid)
        self.unavailable_at(DatabaseError)

    def unavailable_at(self, *errors: type[Exception]) -> None:
        """What is beyond us for a while: 503."""
        for error in errors:
            self.add_exception_handler(error, self._unavailable)

    def get_root_path(self, path_params: Any) -> str:
        return self.root

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**more)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {TYPE: response["content"]["application/json"]}
                    if int(status) in (429, 503):
                        response["headers"] = RETRY_AFTER
        return schema

    def _of_status(self, status: int, **headers: str) -> HttpResponse:
        title = self.titles.get(status, UNREADABLE)
        return answer(Problem(title=title, status=status), **headers)

    def _http(self, request: HttpRequest, error: Any) -> HttpResponse:
        headers = {"WWW-Authenticate": "Bearer"} if error.status_code == 401 else {}
        return self._of_status(error.status_code, **headers, **getattr(error, "headers", {}))

    def _too_big(self, request: HttpRequest, error: Any) -> HttpResponse:
        return self._of_status(413)

    def _unavailable(self, request: HttpRequest, error: Any) -> HttpResponse:
        return self._of_status(503, **{"Retry-After": "60"})


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(in_short(error.errors))
