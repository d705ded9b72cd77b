"""However a text is read, it stays beside that as it was typed, letter by letter."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz.test_corpus import CORPUS
from vigie.intake.doors.letters import Brought, number_of, put
from vigie.intake.models import Letter, Report
from vigie.intake.services import NewReport, receive
from vigie.items import keys
from vigie.items.models import Item
from vigie.items.services import open_letter
from vigie.items.tests.texts import TEXTS

pytestmark = pytest.mark.django_db(databases="__all__")


@settings(deadline=None, derandomize=True, max_examples=40)
@given(TEXTS, st.booleans())
@example("a\r\nb\0\ud800", True)
def test_what_was_typed_is_in_the_letter_as_typed(text, by_another_door):
    Letter.objects.all().delete()
    if by_another_door:
        put([(number_of(b"x", text), Brought(door="mail", where=text))])
    else:
        receive(NewReport(where=text))
    assert json.loads(keys.opened(Letter.objects.get().where))["where"] == text


def test_every_text_of_the_corpus_can_be_opened_and_becomes_items():
    for path in CORPUS:
        receive(NewReport(where=path.read_bytes().decode("utf-8", "surrogateescape")))
    for letter in Letter.objects.all():
        open_letter(letter)
    assert Report.objects.count() == len(CORPUS)
    assert Item.objects.count() > len(CORPUS)
    assert not Letter.objects.exists()
