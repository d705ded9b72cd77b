"""Questions by receipt: a person asks; the eight words open it, and nothing else does."""

import json
import re
from html import unescape

import pytest
from django.db import connections

from vigie.intake.models import Addition, Letter, Report, ShownQuestion
from vigie.intake.receipts import identity_for, mint, normalise, recipient_for
from vigie.intake.selectors import shown_receipt
from vigie.intake.services import NewReport, receive
from vigie.items import keys, questions
from vigie.items.models import Item, Question, ReceiptCourse
from vigie.journal.models import Entry
from vigie.lib.seal import Unsealable, new_identity, seal, unseal
from vigie.worker.loop import OFFICE, one_round

pytestmark = pytest.mark.django_db(databases="__all__")
TEXT = "Was it on the first or on the second page? « Où ? »"
WORKER = [step for step in OFFICE if step[0] in ("open letters", "questions")]


@pytest.fixture
def words() -> str:
    return mint("en")


@pytest.fixture
def report(words) -> Report:
    receive(NewReport("https://a.test/x", receipt=words))
    one_round(WORKER)
    return Report.objects.get()


@pytest.fixture
def asked(report, analyst) -> Question:
    question = questions.ask(report, TEXT, analyst, new_identity()[1])
    one_round(WORKER)
    return question


def shown(words: str) -> list[str]:
    found = shown_receipt(words)
    assert found is not None
    return [one.text for one in found.questions]


def test_the_key_comes_from_the_words_alone_however_they_are_typed(words):
    typed = normalise(words.upper().replace(" ", "-"))
    assert typed is not None
    assert recipient_for(typed) == recipient_for(normalise(words) or "")
    sealed = seal(recipient_for(typed), TEXT)
    assert unseal(identity_for(typed), sealed) == TEXT
    for other in (normalise(mint("en")) or "", ""):
        with pytest.raises(Unsealable):
            unseal(identity_for(other), sealed)


def test_a_question_is_shown_to_who_has_the_words_and_to_nobody_else(asked, words):
    assert shown(words) == [TEXT]
    receive(NewReport("https://b.test/x", receipt=(other := mint("en"))))
    one_round(WORKER)
    assert shown(other) == []
    assert shown_receipt(mint("en")) is None


def test_until_a_person_asks_there_is_no_question(report, words):
    assert shown(words) == []
    assert not ShownQuestion.objects.exists()


def test_nothing_of_a_question_can_be_read_in_the_rows(asked):
    sealed = bytes(ShownQuestion.objects.get().sealed)
    for identity in (keys.worker_identity(), new_identity()[0]):
        with pytest.raises(Unsealable):
            unseal(identity, sealed)
    with connections["front"].cursor() as cursor:
        cursor.execute("SELECT * FROM intake_shownquestion")
        row = b"\0".join(v if isinstance(v, bytes) else str(v).encode() for v in cursor.fetchone())
    assert b"second page" not in row


def size(sealed: bytes) -> int:
    """Without age's header, whose length is random."""
    mac = sealed.index(b"\n--- ") + 1
    return len(sealed) - sealed.index(b"\n", mac)


def test_every_question_has_one_length(report, analyst):
    for text in ("a", "é" * questions.LONGEST, "\U0001f431" * questions.LONGEST):
        questions.ask(report, text, analyst, new_identity()[1])
    one_round(WORKER)
    assert len({size(bytes(one.sealed)) for one in ShownQuestion.objects.all()}) == 1
    assert ShownQuestion.objects.count() == 3


@pytest.mark.parametrize("text", ["", "  \n", "x" * 1_001])
def test_no_question_is_empty_or_too_long(report, analyst, text):
    with pytest.raises(ValueError):
        questions.ask(report, text, analyst, new_identity()[1])
    assert not Question.objects.exists()


def test_who_kept_no_receipt_cannot_be_asked(analyst):
    receive(NewReport("https://a.test/x"))
    one_round(WORKER)
    with pytest.raises(questions.CannotAsk):
        questions.ask(Report.objects.get(), TEXT, analyst, new_identity()[1])


def test_nor_can_a_receipt_that_brought_no_key(report, analyst):
    ReceiptCourse.objects.update(recipient="")
    assert not questions.may_be_asked(report)
    with pytest.raises(questions.CannotAsk):
        questions.ask(report, TEXT, analyst, new_identity()[1])


def test_a_question_put_out_twice_is_shown_once(asked, words):
    questions.show(asked)
    Question.objects.update(due_at=asked.at)
    one_round(WORKER)
    assert shown(words) == [TEXT]


def test_asking_and_answering_are_in_the_journal_without_a_word_of_it(asked, words, public_client):
    _answer(public_client, words, "on the third")
    one_round(WORKER)
    lines = Entry.objects.filter(verb__startswith="question").order_by("seq")
    assert list(lines.values_list("verb", flat=True)) == ["question.asked", "question.answered"]
    assert {line.subject for line in lines} == {asked.report.subject}
    assert lines[0].actor == asked.by.actor
    assert not any("page" in line.detail or "third" in line.detail for line in lines)


# --- on the receipt's page ---------------------------------------------------------------------


def _answer(client, words: str, text: str, **more: str):
    page = client.post("/en/receipt/", {"words": words}).content.decode()
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    sent = {name: unescape(value) for name, value in found}
    return client.post("/en/receipt/", {**sent, "answer": text, **more})


def test_the_page_shows_the_question_and_takes_an_answer(asked, words, public_client, settings):
    operators, settings.OPERATORS_RECIPIENT = new_identity()
    page = unescape(public_client.post("/en/receipt/", {"words": words}).content.decode())
    assert TEXT in page and "a.test" not in page
    answer = _answer(public_client, words, "On the third <page>.")
    text = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "your answer has arrived" in text and "third" not in text
    one_round(WORKER)
    addition = Addition.objects.get()
    assert (addition.report, addition.question) == (asked.report, asked.pk)
    assert json.loads(unseal(operators, bytes(addition.words)))["answer"] == "On the third <page>."
    assert Report.objects.count() == 1 and Item.objects.count() == 1


def test_the_same_answer_sent_twice_is_one_and_another_is_another(asked, words, public_client):
    for text in ("yes", "yes", "no"):
        _answer(public_client, words, text)
    one_round(WORKER)
    assert Addition.objects.count() == 2


def test_an_empty_answer_is_said_to_be_one(asked, words, public_client):
    answer = _answer(public_client, words, " \n")
    assert "Nothing was written yet" in answer.content.decode()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("question", ["", "no number", "0" * 8 + "-0000-0000-0000-" + "0" * 12])
def test_an_answer_to_no_question_of_this_receipt_stays_on_the_page(
    asked, words, public_client, question
):
    answer = _answer(public_client, words, "keep <this>", question=question)
    page = answer.content.decode()
    assert "Your answer was not sent" in page and "keep &lt;this&gt;" in page
    assert not Letter.objects.exists()


def test_an_answer_with_words_that_are_not_ours_stays_on_the_page(public_client):
    sent = {"words": mint("en"), "question": "x", "answer": "keep <this>"}
    page = public_client.post("/en/receipt/", sent).content.decode()
    assert "We know no such code" in page and "keep &lt;this&gt;" in page


def test_an_answer_after_the_report_was_erased_becomes_a_report_of_its_own(
    asked, words, public_client
):
    _answer(public_client, words, "late")
    Report.objects.all().delete()
    one_round(WORKER)
    assert Report.objects.count() == 1
    assert not Letter.objects.exists()
