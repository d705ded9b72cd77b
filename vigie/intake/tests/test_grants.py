"""On PostgreSQL the public program's own credentials cannot read a report (`vigie grants`)."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tests.databases import address_of
from tests.environment import ROOT

pytestmark = pytest.mark.django_db(databases=["default", "front"], transaction=True)
ROLE = f"vigie_public_{os.getpid()}"

# What the public program does, and what somebody who has taken it over would try.
AS_THE_PUBLIC_PROGRAM = """
import sys, django
django.setup()
from django.db import DatabaseError, connections
from vigie.campaign.newsletter import acts
from vigie.campaign.newsletter.addresses import parse
from vigie.figures.models import PublishedFigures
from vigie.intake.models import ShownReceipt
from vigie.intake.receipts import mint
from vigie.intake.services import NewReport, receive

words = mint("fr")
for _ in range(2):
    receive(NewReport(where="https://galerie.nord.test/one", comment="a comment", receipt=words))
assert ShownReceipt.objects.count() == 1
list(PublishedFigures.objects.all())
acts.subscribe(parse("minou@aurore.test"), "fr")
acts.unsubscribe("A" * 43)
for statement in sys.stdin.read().splitlines():
    with connections["front"].cursor() as cursor:
        try:
            cursor.execute(statement)
        except DatabaseError as error:
            print(type(error).__name__, str(error).splitlines()[0])
        else:
            print("allowed:", statement)
"""
TRIES = [
    'SELECT "where" FROM intake_letter',
    "SELECT id FROM intake_letter",
    "SELECT count(*) FROM intake_letter",
    "UPDATE intake_letter SET words = NULL",
    "DELETE FROM intake_letter",
    "TRUNCATE intake_letter",
    "INSERT INTO intake_letter SELECT * FROM intake_letter RETURNING *",
    "SELECT sealed FROM newsletter_newsletteract",
    "SELECT count(*) FROM newsletter_newsletteract",
    "UPDATE newsletter_newsletteract SET due_at = NULL",
    "DELETE FROM newsletter_newsletteract",
    "INSERT INTO newsletter_newsletteract SELECT * FROM newsletter_newsletteract RETURNING *",
    "UPDATE intake_shownreceipt SET course = 'closed'",
    "DELETE FROM intake_shownreceipt",
    "INSERT INTO figures_publishedfigures DEFAULT VALUES",
    "SELECT * FROM django_migrations",
    "CREATE TABLE mine (x int)",
    "ALTER TABLE intake_letter ADD COLUMN x int",
]


@pytest.fixture
def role() -> Iterator[str]:
    if connections["front"].vendor != "postgresql":
        pytest.skip("SQLite has no roles; test_sealed_inbox.py shows what stands there instead")
    with connections["front"].cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
    yield ROLE
    with connections["front"].cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")


def test_the_public_role_writes_reports_and_reads_none(
    role: str, child_environment: dict[str, str]
) -> None:
    call_command("grants", role, "--apply")
    inside = ("VIGIE_DATABASE", "VIGIE_KEYS", "VIGIE_DESK_URL")
    environment = {k: v for k, v in child_environment.items() if k not in inside}
    done = subprocess.run(
        [sys.executable, "-c", AS_THE_PUBLIC_PROGRAM],
        input="\n".join(TRIES),
        env={
            **environment,
            "VIGIE_SURFACE": "public",
            "VIGIE_FRONT_DATABASE": address_of("front", user=role),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = done.stdout.splitlines()
    assert len(answers) == len(TRIES)
    for statement, answer in zip(TRIES, answers, strict=True):
        assert answer.startswith("ProgrammingError") and (
            "permission denied" in answer or "must be owner" in answer
        ), (statement, answer)
    with connections["front"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_letter")
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM newsletter_newsletteract")
        assert cursor.fetchone() == (2,)


def test_the_statements_can_be_read_before_they_are_run(
    role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("grants", role)
    said = capsys.readouterr().out
    assert f'GRANT INSERT ON intake_letter TO "{role}";' in said
    with connections["front"].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'intake_letter', 'INSERT')", [role])
        assert cursor.fetchone() == (False,)


def test_a_role_that_is_not_there_is_named() -> None:
    if connections["front"].vendor != "postgresql":
        with pytest.raises(CommandError, match="SQLite has no roles"):
            call_command("grants", "nobody")
        return
    with pytest.raises(CommandError, match="nobody_of_that_name"):
        call_command("grants", "nobody_of_that_name", "--apply")
