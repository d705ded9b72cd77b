"""Whatever the API's own description allows, and much that it does not, to the running program."""

import pytest
import schemathesis

from vigie.intake.doors.tests.test_api_schema import EXAMPLES, _try
from vigie.matching.providers.models import Asked

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.rest]


def test_the_running_api_keeps_to_its_description(match_program, trusted):
    schema = schemathesis.openapi.from_url(f"{match_program}/api/match/v1/openapi.json")
    operations = [result.ok() for result in schema.get_all_operations()]
    posts = [one for one in operations if one.method == "post"]
    assert [one.path for one in posts] == ["/api/match/v1/pictures"]
    for operation in operations:
        _try(operation, trusted.headers, EXAMPLES // 2)
    assert Asked.objects.exists()
