"""The API of trusted senders: kept once, whole, for who has a key; nothing is told."""

import json

import pytest
from django.db import connections, transaction

from vigie.intake.doors.schemas import MOST
from vigie.intake.doors.services import add_sender, revoke_sender
from vigie.intake.doors.tests.support import words_of
from vigie.intake.models import Letter, Report
from vigie.intake.services import NewReport, receive
from vigie.items import keys
from vigie.items.models import Alarm, Item
from vigie.items.services import open_letter

pytestmark = pytest.mark.django_db(databases="__all__")
ONE, BULK = "/api/v1/reports", "/api/v1/reports/bulk"
PLACE = "https://galerie.nord.test/a/by-api"


@pytest.fixture
def send(public_client, trusted):
    def send(body, to=ONE, once="", **headers):
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        given = {**trusted.headers(once), **headers}
        return public_client.post(to, text, "application/json", headers=given)

    return send


def test_one_report_is_kept_with_all_that_was_said(send, trusted):
    body = {
        "where": PLACE,
        "seen": "yesterday",
        "comment": "a comment",
        "contact": "desk@partner.example",
        "reference": "X-17",
        "assessment": "A1",
        "hashes": [{"type": "sha256", "value": "0" * 64}],
    }
    answer = send(body)
    assert (answer.status_code, list(answer.json())) == (201, ["id"])
    letter = Letter.objects.get()
    assert str(letter.pk) == answer.json()["id"]
    open_letter(letter)
    report = Report.objects.get()
    assert (report.arrival.door, report.arrival.sender) == ("api", trusted.sender.pk)
    words = words_of(report)
    assert (words["where"], words["comment"], words["seen"]) == (PLACE, "a comment", "yesterday")
    assert dict(words["said"]) == {
        "sender": "Partner hotline",
        "reference": "X-17",
        "assessment": "A1",
        "hashes": "sha256 " + "0" * 64,
    }
    assert keys.opened(Item.objects.get().locator) == PLACE


def test_a_child_in_danger_is_told_on_the_fast_lane(send):
    send({"where": PLACE, "danger": True})
    open_letter(Letter.objects.get())
    assert Report.objects.get().danger
    assert Alarm.objects.count() == 1


@pytest.mark.parametrize("once", ["", "their-key"])
def test_the_same_again_is_kept_once_and_answered_alike(send, once):
    answers = [send({"where": PLACE}, once=once) for _ in range(2)]
    open_letter(Letter.objects.get())
    answers.append(send(json.dumps({"comment": "", "where": PLACE}, indent=4), once=once))
    for letter in Letter.objects.all():
        open_letter(letter)
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert Report.objects.count() == 1


def test_another_report_under_the_same_key_or_the_same_under_another_is_another(send):
    send({"where": PLACE}, once="a")
    send({"where": PLACE, "comment": "more"}, once="a")
    send({"where": PLACE}, once="b")
    send({"where": PLACE})
    assert Letter.objects.count() == 4


def test_two_senders_with_the_same_report_are_two(send, public_client):
    _, key = add_sender("Another", "tests")
    send({"where": PLACE}, once="a")
    send({"where": PLACE}, once="a", Authorization=f"Bearer {key}")
    assert Letter.objects.count() == 2


@pytest.mark.parametrize(
    "given", ["", "Bearer ", "Bearer vigie_wrong", "Basic eDp5", "Bearer \u00e9"]
)
def test_without_a_valid_key_nothing_is_kept(send, given):
    answer = send({"where": PLACE}, Authorization=given)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert not Letter.objects.exists()


def test_a_revoked_key_opens_nothing(send, trusted):
    revoke_sender(trusted.sender.pk, "tests")
    assert send({"where": PLACE}).status_code == 401
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[" * 100_000, 400),
        (b"\xff\xfe", 400),
        ("{}", 422),
        ('{"where": ""}', 422),
        ('{"where": " \\n"}', 422),
        ('{"where": "x", "wehre": "y"}', 422),
        ('{"where": "x", "kind": "house"}', 422),
        ('{"where": "\\ud800"}', 422),
    ],
)
def test_what_cannot_be_read_is_a_problem_that_quotes_nothing(send, body, status):
    answer = send(body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["status"] == status and problem["title"]
    assert "house" not in answer.content.decode() and "\\ud800" not in answer.content.decode()
    assert not Letter.objects.exists()


def test_too_much_is_said_to_be_too_much(send, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    answer = send({"where": "x" * 2_000})
    assert (answer.status_code, answer.json()["status"]) == (413, 413)


def test_of_many_each_has_its_own_outcome(send):
    bulk = {"reports": [{"where": PLACE}, {"where": ""}, 7, {"where": "https://a.test/"}]}
    answer = send(bulk, BULK)
    assert answer.status_code == 200
    outcomes = answer.json()["outcomes"]
    assert [one["position"] for one in outcomes] == [0, 1, 2, 3]
    assert ["id" in one for one in outcomes] == [True, False, False, True]
    assert [one["problem"]["status"] for one in outcomes[1:3]] == [422, 422]
    assert {str(letter.pk) for letter in Letter.objects.all()} == {
        one["id"] for one in outcomes if "id" in one
    }


def test_a_report_has_the_same_number_alone_and_among_many(send):
    alone = send({"where": PLACE}).json()["id"]
    among = send({"reports": [{"where": "x"}, {"where": PLACE}, {"where": PLACE}]}, BULK).json()
    assert [one["id"] for one in among["outcomes"]][1:] == [alone, alone]
    assert Letter.objects.count() == 2


def test_a_thousand_are_taken_and_one_more_is_not(send):
    many = [{"where": f"https://a.test/{n}"} for n in range(MOST)]
    assert send({"reports": many}, BULK).status_code == 200
    assert Letter.objects.count() == MOST
    assert send({"reports": [*many, {"where": "x"}]}, BULK).status_code == 422


@pytest.mark.parametrize(
    ("to", "body"), [(ONE, {"where": "x"}), (BULK, {"reports": [{"where": "x"}]})]
)
@pytest.mark.parametrize("table", ["intake_letter", "doors_sender"])
def test_when_the_inbox_cannot_be_reached_it_is_said_and_none_is_kept(send, to, body, table):
    with connections["front"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
        try:
            with transaction.atomic(using="front"):
                answer = send(body, to)
                # What failed in it is over, or PostgreSQL would hear nothing more.
                transaction.set_rollback(True, using="front")
        finally:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert answer["Content-Type"] == "application/problem+json"


def test_no_answer_tells_whether_an_address_is_known(send):
    receive(NewReport(where=PLACE))
    open_letter(Letter.objects.get())
    known, new = send({"where": PLACE}), send({"where": PLACE + "-new"})
    assert known.status_code == new.status_code == 201
    assert len(known.content) == len(new.content)
    assert dict(known.headers) == dict(new.headers)
    assert not known.cookies


def test_its_description_is_for_everybody_and_has_no_page(public_client):
    answer = public_client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    described = answer.json()
    assert described["openapi"].startswith("3.1")
    bulk = described["components"]["schemas"]["BulkIn"]["properties"]["reports"]
    assert bulk["items"] == {"$ref": "#/components/schemas/ReportIn"}
    assert public_client.get("/api/v1/docs").status_code == 404


def test_a_member_that_stands_twice_is_refused_and_not_lost(send):
    twice = f'{{"where": "{PLACE}", "where": "https://other.test/"}}'
    answer = send(twice)
    assert (answer.status_code, Letter.objects.count()) == (422, 0)
    assert answer.json()["errors"][0]["at"][-1] == "where (twice)"
    hashes = f'[{{"type": "md5", "type": "md5", "value": "{"0" * 32}"}}]'
    inner = f'{{"where": "{PLACE}", "hashes": {hashes}}}'
    assert send(inner).status_code == 422
    answer = send(f'{{"reports": [{twice}, {{"where": "{PLACE}"}}]}}', BULK)
    outcomes = answer.json()["outcomes"]
    assert ["problem" in one for one in outcomes] == [True, False]
    assert Letter.objects.count() == 1
