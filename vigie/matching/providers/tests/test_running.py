"""The match program as it runs: without keys, without the front database, and narrow."""

import json
import os
import subprocess
import sys

import httpcore
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tests.databases import address_of
from tests.environment import ROOT
from vigie.matching.engine.index import Index
from vigie.matching.providers.models import Asked
from vigie.matching.providers.tests.conftest import NOT_FOR_IT, PDQ

pytestmark = [pytest.mark.django_db(databases="__all__", transaction=True), pytest.mark.rest]
ROLE = f"vigie_match_{os.getpid()}"
TRIES = [
    "SELECT * FROM items_item",
    "SELECT * FROM staff_user",
    "SELECT * FROM journal_entry",
    "SELECT * FROM intake_report",
    "SELECT * FROM providers_asked",
    "UPDATE providers_provider SET revoked_at = NULL",
    "DELETE FROM providers_probe",
    "UPDATE matching_hashlist SET may_confirm = (1 = 1)",
    "DELETE FROM matching_listedhash",
    "CREATE TABLE more (n integer)",
]
AS_THE_PROGRAM = """
import sys, django
django.setup()
from django.db import DatabaseError, connection
from vigie.matching.providers.models import Provider
assert Provider.objects.count() == 1
for statement in sys.stdin.read().splitlines():
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement)
        except DatabaseError as error:
            print("refused")
        else:
            print("allowed:", statement)
"""


def test_it_answers_by_itself_and_writes_counts(match_program, trusted):
    body = json.dumps({"pictures": [{"hashes": [{"type": "pdq", "value": PDQ}]}]})
    headers = {**trusted.headers, "Content-Type": "application/json"}
    answer = httpcore.request(
        "POST", f"{match_program}/api/match/v1/pictures", headers=headers, content=body.encode()
    )
    assert json.loads(answer.content)["verdicts"][0]["verdict"] == "similar"
    assert Asked.objects.get().found == 1
    for path in ("/queue/", "/api/v1/reports", "/account/login/", "/"):
        assert httpcore.request("GET", f"{match_program}{path}").status == 404


@pytest.fixture
def role():
    """On PostgreSQL, a role with the rights that `vigie grants --match` gives; else none."""
    if connections["default"].vendor != "postgresql":
        yield ""
        return
    with connections["default"].cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
    call_command("grants", ROLE, "--match", "--apply")
    yield ROLE
    with connections["default"].cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")


def test_its_own_connection_reads_lists_and_providers_and_nothing_else(
    child_environment, role, trusted
):
    environment = {k: v for k, v in child_environment.items() if k not in NOT_FOR_IT}
    environment |= {"VIGIE_SURFACE": "match", "VIGIE_DATABASE": address_of("default", role)}
    done = subprocess.run(
        [sys.executable, "-c", AS_THE_PROGRAM],
        input="\n".join(TRIES),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == ["refused"] * len(TRIES), done.stderr


def test_its_index_can_be_filled_before_it_starts(child_environment, index, trusted):
    environment = {k: v for k, v in child_environment.items() if k not in NOT_FOR_IT}
    environment |= {"VIGIE_SURFACE": "match", "VIGIE_HASH_INDEX": str(index)}
    command = [sys.executable, "-m", "vigie.cli", "providers", "index"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "4 values\n", done.stderr
    with Index(index) as filled:
        assert filled.search(PDQ).matches


def test_on_sqlite_there_are_no_roles_to_grant_rights_to():
    if connections["default"].vendor == "sqlite":
        with pytest.raises(CommandError):
            call_command("grants", "somebody", "--match")


@pytest.mark.parametrize("name", ["VIGIE_KEYS", "VIGIE_FRONT_DATABASE"])
def test_it_refuses_to_start_with_what_it_must_not_have(child_environment, name):
    environment = {k: v for k, v in child_environment.items() if k not in NOT_FOR_IT}
    environment |= {"VIGIE_SURFACE": "match", name: child_environment[name]}
    command = [sys.executable, "-c", "import config.wsgi"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode and f"{name} must not be set" in done.stderr
