"""Whatever the API's own description allows, and much that it does not, to the running program.

Schemathesis makes the requests from `/api/v1/openapi.json`. `make fuzz` makes more of them.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from vigie.intake.models import Letter

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.rest]
EXAMPLES = int(os.environ.get("FUZZ", "12"))


def test_the_running_api_keeps_to_its_description(public_program, trusted):
    schema = schemathesis.openapi.from_url(f"{public_program}/api/v1/openapi.json")
    assert schema.raw_schema["openapi"].startswith("3.1")
    operations = [result.ok() for result in schema.get_all_operations()]
    assert sorted(one.path for one in operations if one.method == "post") == [
        "/api/v1/reports",
        "/api/v1/reports/bulk",
    ]
    for operation in operations:
        _try(operation, trusted.headers())
    assert Letter.objects.exists()


def _try(operation: APIOperation, headers: dict[str, str], examples: int = EXAMPLES) -> None:
    cases = st.one_of(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def every(case: Case) -> None:
        answer = case.call(headers=headers)
        # A wrong one among many is not refused: it has a problem of its own.
        each = [negative_data_rejection] if '"problem"' in answer.text else []
        case.validate_response(answer, excluded_checks=each)

    every()
