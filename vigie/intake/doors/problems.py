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
from vigie.intake.services import InboxUnavailable

ROOT = "/api/v1/"
TYPE = "application/problem+json"
UNREADABLE = "What was sent could not be understood"
TITLES = {
    400: "This is not JSON",
    401: "No valid key",
    413: "Too much at once: send it in several parts",
    503: "Not kept: our inbox cannot be reached. Send it again in a few minutes",
}


def in_short(errors: Iterable[Mapping[str, Any]]) -> Problem:
    """Where each error is and what it is, without the values that were sent."""
    short = [{"at": list(one["loc"]), "what": one["msg"]} for one in errors]
    return Problem(title=UNREADABLE, status=422, errors=short)


def answer(problem: Problem, **headers: str) -> HttpResponse:
    text = problem.model_dump_json(exclude_defaults=True)
    return HttpResponse(text, TYPE, problem.status, headers=headers)


def _of_status(status: int) -> Problem:
    return Problem(title=TITLES.get(status, UNREADABLE), status=status)


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

    def __init__(self, **more: Any) -> None:
        super().__init__(parser=EachOnce(), **more)
        self.add_exception_handler(HttpError, _http)
        self.add_exception_handler(RequestDataTooBig, _too_big)
        self.add_exception_handler(ValidationError, _invalid)
        self.add_exception_handler(InboxUnavailable, _unavailable)
        self.add_exception_handler(DatabaseError, _unavailable)

    def get_root_path(self, path_params: Any) -> str:
        return ROOT

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**more)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {TYPE: response["content"]["application/json"]}
        return schema


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    headers = {"WWW-Authenticate": "Bearer"} if error.status_code == 401 else {}
    return answer(_of_status(error.status_code), **headers)


def _too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(_of_status(413))


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(in_short(error.errors))


def _unavailable(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(_of_status(503), **{"Retry-After": "60"})
