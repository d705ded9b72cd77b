"""The road of whoever is in the picture: any one thing is enough, and it says nothing elsewhere."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from vigie.intake import own
from vigie.intake.models import Letter, ShownReceipt
from vigie.intake.pressure import OF_ONE_SITE
from vigie.intake.services import InboxUnavailable
from vigie.items import keys
from vigie.lib.seal import new_identity, unseal

pytestmark = pytest.mark.django_db(databases=["default", "front"])
PATH = "/en/for-me/"


def told() -> dict[str, object]:
    return json.loads(keys.opened(Letter.objects.get().where))


@pytest.mark.parametrize(
    "typed",
    [
        {"where": "in the class chat"},
        {"comment": "help"},
        {"contact": "me@a.test"},
        {"danger": "yes"},
    ],
    ids=str,
)
def test_any_one_thing_is_taken_and_said_to_be_their_own(public_client, typed):
    answer = public_client.post(PATH, typed)
    assert (answer.status_code, answer["Location"]) == (303, "/en/for-me/sent/")
    assert told()["own"] is True
    assert told()["danger"] is ("danger" in typed)


def test_what_they_tell_beside_the_place_is_the_operators_alone(public_client, settings):
    operators, settings.OPERATORS_RECIPIENT = new_identity()
    public_client.post(PATH, {"where": "there", "comment": "itisme", "contact": "reachme"})
    letter = Letter.objects.get()
    assert not any(word in keys.opened(letter.where) for word in ("itisme", "reachme"))
    words = json.loads(unseal(operators, bytes(letter.words)))
    assert (words["where"], words["comment"], words["contact"]) == ("there", "itisme", "reachme")


def test_nothing_at_all_is_answered_kindly_and_with_the_same_code(public_client):
    page = public_client.get(PATH).content.decode()
    code = re.search(r'name="receipt" value="([^"]+)"', page)
    assert code
    answer = public_client.post(PATH, {"receipt": code[1], "where": " \n"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Please tell us one thing" in text and code[1] in text
    assert not Letter.objects.exists()


def test_nobody_is_asked_for_an_age_a_name_or_a_file(public_client):
    page = public_client.get(PATH).content.decode()
    names = set(re.findall(r'name="(\w+)"', page)) - {"viewport", "robots", "color"}
    assert names == {"where", "comment", "contact", "danger", "receipt"}
    assert "multipart" not in page and 'type="file"' not in page


def test_the_same_page_sent_twice_is_one_report_and_its_code_works_at_once(public_client):
    page = public_client.get(PATH).content.decode()
    code = re.search(r'name="receipt" value="([^"]+)"', page)
    assert code
    for _ in range(2):
        public_client.post(PATH, {"receipt": code[1], "comment": "help"})
    assert (Letter.objects.count(), ShownReceipt.objects.count()) == (1, 1)
    shown = public_client.post("/en/receipt/", {"words": code[1]}).content.decode()
    assert 'aria-current="step"' in shown


def test_a_picture_is_dropped_and_the_page_thanks_and_says_why(public_client):
    file = SimpleUploadedFile("a.jpg", b"\xff\xd8 not a picture", "image/jpeg")
    text = public_client.post(PATH, {"comment": "help", "file": file}).content.decode()
    assert "It has arrived" in text and "We did not take the picture" in text
    assert Letter.objects.count() == 1


def test_while_the_inbox_is_away_nothing_that_was_typed_is_lost(public_client, monkeypatch):
    def refuse(*_: object) -> None:
        raise InboxUnavailable("OperationalError")

    monkeypatch.setattr(own, "receive", refuse)
    sent = {"where": "a <b>", "comment": "mine & yours", "contact": "me", "danger": "yes"}
    answer = public_client.post(PATH, sent)
    text = answer.content.decode()
    assert answer.status_code == 503
    assert "NOT saved" in text and "a &lt;b&gt;" in text and "mine &amp; yours" in text
    assert 'value="me"' in text and 'value="yes" checked' in text


@pytest.mark.parametrize("page", ["report/", "help/", "how/"])
def test_the_way_there_is_linked_where_somebody_looks_for_it(public_client, page):
    assert f'href="{PATH}"' in public_client.get(f"/en/{page}").content.decode()


def test_a_flood_on_this_road_waits_like_any_other(public_client):
    for number in range(OF_ONE_SITE + 5):
        public_client.post(PATH, {"where": f"https://own-flood.test/{number}", "danger": "yes"})
    assert Letter.objects.filter(flood=None).count() == OF_ONE_SITE
    public_client.post(PATH, {"comment": "help"})
    assert Letter.objects.filter(flood=None).count() == OF_ONE_SITE + 1
