"""Every act is said in words, also one that only older lines have."""

import pytest
from django.utils.translation import override

from vigie.journal.verbs import Verb
from vigie.journal.words import EARLIER, WORDS, in_words

pytestmark = pytest.mark.pure


def test_every_verb_has_words():
    assert set(WORDS) == set(Verb)


def test_an_act_of_an_earlier_version_is_said_in_words_and_an_unknown_one_as_it_was_written():
    assert not set(EARLIER) & set(Verb), "what is written today has its own words"
    with override("en"):
        assert in_words("list.asked") == "second person asked, about hashes"
        assert in_words("cat.fed") == "cat.fed"
