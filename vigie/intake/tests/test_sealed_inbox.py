"""The public program on SQLite may put a letter in, and can do nothing else with one.

It runs as it does in service: another process, ``VIGIE_SURFACE=public``, without keys. On
PostgreSQL the wall is the role's rights (`vigie grants`); there this is not needed.
"""

import json
import subprocess
import sys

import pytest

from tests.databases import address_of
from tests.environment import ROOT
from vigie.intake.models import Letter, ShownReceipt
from vigie.intake.receipts import mint
from vigie.intake.services import NewReport, receive
from vigie.items import keys

pytestmark = [pytest.mark.pure, pytest.mark.django_db(databases="__all__", transaction=True)]

# Runs each statement or Python expression of its input, and says what became of it.
CHILD = """
import json, sys, django
django.setup()
from django.conf import settings
from django.db import connections
from vigie.intake.models import Letter, ShownReceipt
from vigie.intake.selectors import shown_receipt
from vigie.intake.services import NewReport, receive

def outcome(kind, text):
    try:
        if kind == "python":
            return repr(eval(text))
        with connections["front"].cursor() as cursor:
            cursor.execute(text)
            return repr(cursor.fetchall())
    except Exception as error:
        return f"{type(error).__name__}: {error}"

print(json.dumps([outcome(*act) for act in json.load(sys.stdin)]))
"""


@pytest.fixture
def public_program(child_environment):
    """Have the public program do things, each a ("sql" or "python", text); what came of each."""
    environment = {k: v for k, v in child_environment.items() if k not in NOT_FOR_IT}
    environment["VIGIE_SURFACE"] = "public"

    def do(*acts: tuple[str, str], **more: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", CHILD],
            cwd=ROOT,
            env={**environment, **more},
            input=json.dumps(acts),
            capture_output=True,
            text=True,
            check=False,
        )
        return json.loads(done.stdout) if done.stdout else [done.stderr]

    return do


NOT_FOR_IT = {"VIGIE_DATABASE", "VIGIE_KEYS"}
FORBIDDEN = [
    "SELECT * FROM intake_letter",
    "SELECT id FROM intake_letter",
    'SELECT "where" FROM main.INTAKE_LETTER LIMIT 1',
    "SELECT rowid FROM intake_letter",
    "SELECT 1 FROM intake_letter",
    "SELECT count(*) FROM intake_letter",
    "SELECT EXISTS (SELECT 1 FROM intake_letter)",
    "WITH x AS (SELECT * FROM intake_letter) SELECT * FROM x",
    "SELECT week FROM intake_shownreceipt UNION SELECT words FROM intake_letter",
    "INSERT INTO intake_shownreceipt SELECT id, 'received', '2026-11-23', '' FROM intake_letter",
    "CREATE TABLE copied AS SELECT * FROM intake_letter",
    "CREATE INDEX by_words ON intake_letter (words)",
    "UPDATE intake_letter SET words = NULL",
    "UPDATE OR IGNORE intake_letter SET due_at = NULL WHERE 1",
    "DELETE FROM intake_letter",
    "DELETE FROM intake_letter WHERE 0",
    "DROP TABLE intake_letter",
    "SELECT * FROM newsletter_newsletteract",
    "SELECT count(*) FROM newsletter_newsletteract",
    "SELECT week FROM intake_shownreceipt UNION SELECT sealed FROM newsletter_newsletteract",
    "UPDATE newsletter_newsletteract SET due_at = NULL",
    "DELETE FROM newsletter_newsletteract",
]
BY_DJANGO = [
    "Letter.objects.count()",
    "list(Letter.objects.all())",
    "Letter.objects.exists()",
    "Letter.objects.first()",
    "Letter.objects.update(words=None)",
    "Letter.objects.all().delete()",
    "Letter.objects.all()._raw_delete('front')",
]


def _refused(answer: str) -> bool:
    return any(word in answer for word in ("not authorized", "denied", "prohibited"))


def test_it_may_put_a_letter_in_and_show_its_receipt_and_the_worker_opens_it(public_program):
    receipt = mint("en")
    report = f"receive(NewReport(where='https://a.test/x', comment='mine', receipt={receipt!r}))"
    first, again, shown, receipts = public_program(
        ("python", report),
        ("python", report),
        ("python", f"shown_receipt({receipt!r}).course"),
        ("python", "ShownReceipt.objects.count()"),
    )
    assert first == again and first.startswith("UUID")  # its number, and nothing else of it
    assert (shown, receipts) == ("'received'", "1")
    assert json.loads(keys.opened(Letter.objects.get().where))["where"] == "https://a.test/x"


def test_it_can_neither_read_nor_change_nor_take_away_a_letter(public_program):
    receive(NewReport(where="https://a.test/x", comment="mine"))
    before = list(Letter.objects.values())
    acts = [("sql", text) for text in FORBIDDEN] + [("python", text) for text in BY_DJANGO]
    answers = public_program(*acts)
    assert len(answers) == len(acts)
    assert [pair for pair in zip(acts, answers, strict=True) if not _refused(pair[1])] == []
    assert list(Letter.objects.values()) == before


def test_a_trigger_or_a_view_does_not_read_a_letter_for_it(public_program):
    receive(NewReport(where="https://a.test/x"))
    acts = [
        ("sql", "CREATE TEMP VIEW seen AS SELECT * FROM intake_letter"),
        ("sql", "SELECT * FROM seen"),
        ("sql", "CREATE TEMP TABLE kept (words)"),
        (
            "sql",
            "CREATE TEMP TRIGGER spy AFTER INSERT ON main.intake_letter"
            " BEGIN INSERT INTO kept VALUES (NEW.words); END",
        ),
        ("python", "receive(NewReport(where='https://b.test/'))"),
        ("sql", "SELECT * FROM kept"),
    ]
    answers = public_program(*acts)
    assert _refused(answers[1]) or "no such table" in answers[1]
    assert "age-encryption" not in "".join(answers)


def test_a_copy_or_a_second_name_of_the_inbox_is_no_way_round(public_program, tmp_path):
    receive(NewReport(where="https://a.test/x"))
    place = address_of("front").removeprefix("sqlite:///")
    copied, _, *answers = public_program(
        ("sql", f"VACUUM INTO '{tmp_path}/copy.sqlite3'"),
        ("sql", f"ATTACH '{place}' AS other"),
        ("sql", "SELECT * FROM other.intake_letter"),
        ("sql", "SELECT count(*) FROM other.intake_letter"),
        ("sql", "DELETE FROM other.intake_letter"),
    )
    assert _refused(copied)
    assert all(_refused(answer) or "no such table" in answer for answer in answers)
    assert Letter.objects.count() == 1


def test_it_knows_no_other_database_and_no_key(public_program):
    opened, folder, sends = public_program(
        ("python", "connections['default'].cursor()"),
        ("python", "settings.KEYS.exists()"),
        ("python", "settings.SMTP_URL"),
    )
    assert "ImproperlyConfigured" in opened
    assert (folder, sends) == ("False", "''")


@pytest.mark.parametrize("name", sorted(NOT_FOR_IT))
def test_given_what_is_the_desks_it_does_not_start(public_program, child_environment, name):
    (said,) = public_program(("python", "1"), **{name: child_environment[name]})
    assert f"{name} must not be set for the public program" in said


def test_the_desk_is_not_narrowed(public_program):
    receive(NewReport(where="https://a.test/x", receipt=mint("en")))
    assert Letter.objects.update(last_error="seen") == 1
    assert Letter.objects.get().last_error == "seen"
    assert ShownReceipt.objects.count() == 1
